package dev.weft.bench.load.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
  private final List<String> heard = new ArrayList<>();

  private final FrameReader reader =
      new FrameReader(
          new FrameReader.Listener() {
            @Override
            public void message(ByteBuffer message) {
              heard.add(message.remaining() + " bytes from " + message.get());
            }

            @Override
            public void ping(byte[] content) {
              heard.add("ping " + new String(content, StandardCharsets.US_ASCII));
            }

            @Override
            public void pong() {
              heard.add("pong");
            }

            @Override
            public void close(String reason) {
              heard.add("close " + reason);
            }
          });

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 1_000, 1_000_000})
  void shouldReadWhatIsCutAnyhow(int pieceBytes) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(frame(0x82, 5, 1));
    stream.writeBytes(frame(0x82, 125, 2));
    stream.writeBytes(frame(0x82, 126, 3));
    stream.writeBytes(frame(0x82, 70_000, 4));
    stream.writeBytes(frame(0x02, 10, 5));
    stream.writeBytes(frame(0x89, 0, 0));
    stream.writeBytes(frame(0x80, 20, 6));
    stream.writeBytes(frame(0x8a, 0, 0));
    stream.writeBytes(new byte[] {(byte) 0x88, 4, 3, (byte) 0xe8, 'o', 'k'});
    byte[] all = stream.toByteArray();

    for (int from = 0; from < all.length; from += pieceBytes) {
      reader.read(all, from, Math.min(all.length, from + pieceBytes));
    }

    assertThat(heard)
        .containsExactly(
            "5 bytes from 1",
            "125 bytes from 2",
            "126 bytes from 3",
            "70000 bytes from 4",
            "ping ",
            "30 bytes from 5",
            "pong",
            "close ok");
  }

  private static byte[] frame(int first, int length, int filling) {
    ByteBuffer frame = ByteBuffer.allocate(10 + length).put((byte) first);
    if (length < 126) {
      frame.put((byte) length);
    } else if (length < 1 << 16) {
      frame.put((byte) 126).putShort((short) length);
    } else {
      frame.put((byte) 127).putLong(length);
    }
    for (int i = 0; i < length; i++) {
      frame.put((byte) filling);
    }
    byte[] bytes = new byte[frame.position()];
    frame.flip().get(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536})
  void shouldMaskWhatAServerUnmasks(int length) {
    byte[] content = new byte[length];
    for (int i = 0; i < length; i++) {
      content[i] = (byte) i;
    }
    ByteBuffer frame = FrameReader.masked(FrameReader.BINARY, content, 0x12345678);

    assertThat(frame.get()).isEqualTo((byte) 0x82);
    int said = frame.get() & 0xff;
    assertThat(said & 0x80).isNotZero();
    long told =
        (said & 0x7f) == 126
            ? frame.getShort() & 0xffff
            : (said & 0x7f) == 127 ? frame.getLong() : said & 0x7f;
    assertThat(told).isEqualTo(length);
    byte[] mask = new byte[4];
    frame.get(mask);
    assertThat(mask).containsExactly(0x12, 0x34, 0x56, 0x78);
    byte[] unmasked = new byte[frame.remaining()];
    for (int i = 0; i < unmasked.length; i++) {
      unmasked[i] = (byte) (frame.get() ^ mask[i % 4]);
    }
    assertThat(unmasked).isEqualTo(content);
  }
}
