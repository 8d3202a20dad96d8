package dev.weft.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FrameCounterTest {
  private static final String HANDSHAKE = "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  @Test
  void shouldTellFramesFromTheHandshakeHoweverTheyAreCut() {
    sent.writeBytes(HANDSHAKE.getBytes(StandardCharsets.US_ASCII));
    frame(0, true);
    frame(125, true);
    frame(126, false);
    frame(65_535, true);
    frame(65_536, false);
    long frameBytes = (long) sent.size() - HANDSHAKE.length();

    for (int piece : new int[] {1, 3, 7, 1_000, sent.size()}) {
      assertThat(counted(piece)).isEqualTo(new Traffic(frameBytes, 5, HANDSHAKE.length()));
    }
  }

  @Test
  void shouldFindTheEmptyLineAfterPartsOfOne() {
    sent.writeBytes("HTTP/1.1 101\r\n\r\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(3, false);

    assertThat(counted(1)).isEqualTo(new Traffic(5, 1, 19));
  }

  private Traffic counted(int piece) {
    FrameCounter counter = new FrameCounter();
    byte[] all = sent.toByteArray();
    for (int at = 0; at < all.length; at += piece) {
      int length = Math.min(piece, all.length - at);
      byte[] buffer = new byte[length];
      System.arraycopy(all, at, buffer, 0, length);
      counter.sent(buffer, length);
    }
    return counter.traffic();
  }

  private void frame(int payload, boolean masked) {
    int mask = masked ? 0x80 : 0;
    sent.write(0x82);
    if (payload < 126) {
      sent.write(mask | payload);
    } else if (payload < 1 << 16) {
      sent.write(mask | 126);
      sent.write(payload >> 8);
      sent.write(payload);
    } else {
      sent.write(mask | 127);
      sent.writeBytes(new byte[] {0, 0, 0, 0});
      sent.write(payload >> 24);
      sent.write(payload >> 16);
      sent.write(payload >> 8);
      sent.write(payload);
    }
    sent.writeBytes(new byte[(masked ? 4 : 0) + payload]);
  }
}
