package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.RelayMessage;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Suspected faults that need sockets: each of these fails as long as it is there. */
@Timeout(120)
class ReviewASocketsTest {
  @TempDir Path directory;

  /** Before anybody has said who it is. */
  @Test
  void shouldCountNoReportOfStrangers() throws Exception {
    try (TestRelay relay = TestRelay.start(directory);
        Socket socket = RawWebSocket.connect(relay.uri())) {
      List<Integer> hours = Collections.nCopies(256, Integer.MAX_VALUE);
      RawWebSocket.send(socket, Frames.encode(new ClientMessage.Report(hours, hours)));
      assertThat(Frames.decodeRelay(RawWebSocket.receive(socket)))
          .isInstanceOf(RelayMessage.Fault.class);

      Scrape scrape = Scrape.of(relay.server.port());
      assertThat(scrape.value("weft_client_keystrokes_seconds_count")).isZero();
      assertThat(scrape.value("weft_client_saves_seconds_count")).isZero();
    }
  }

  /** A hundred bytes each, for which a worker writes all of the text. */
  @Test
  void shouldServeOthersWhileOneAsksForTheHeadOfLongTexts() throws Exception {
    try (TestRelay relay = TestRelay.start(directory);
        Author author = Author.join(relay.uri(), 1, "long");
        Author second = Author.join(relay.uri(), 2, "longer");
        Peer other = Peer.greet(relay.uri())) {
      for (int i = 0; i < 8; i++) {
        author.type("0123456789abcdeé".repeat(1 << 16));
        second.type("0123456789abcdeé".repeat(1 << 16));
      }
      author.save("s");
      second.save("s");
      other.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      other.hear(RelayMessage.Opened.class);
      roundTrips(other, 100);
      long[] alone = roundTrips(other, 200);

      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Socket socket = new Socket(relay.uri().getHost(), relay.uri().getPort());
        sockets.add(socket);
        String path = i % 2 == 0 ? "long" : "longer";
        byte[] request =
            ("HEAD /v1/documents/" + path + "/text HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                .repeat(500)
                .getBytes(StandardCharsets.US_ASCII);
        OutputStream out = socket.getOutputStream();
        out.write(request);
        out.flush();
      }
      long[] beside = roundTrips(other, 100);
      for (Socket each : sockets) {
        each.close();
      }

      assertThat(millis(beside, 95))
          .as(
              "p95 of another document's round trip, ms; median %s; alone p95 %s",
              millis(beside, 50), millis(alone, 95))
          .isLessThan(100);
    }
  }

  private static double millis(long[] nanos, int percent) {
    return nanos[nanos.length * percent / 100] / 1e6;
  }

  private static long[] roundTrips(Peer peer, int count) throws Exception {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long nonce = System.nanoTime();
      peer.say(new ClientMessage.Ping(nonce, 1, null));
      peer.hear(RelayMessage.Pong.class, pong -> pong.nonce() == nonce);
      nanos[i] = System.nanoTime() - nonce;
    }
    Arrays.sort(nanos);
    return nanos;
  }
}
