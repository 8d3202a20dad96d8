package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.Codes;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Those who never finish what they begin to say, and take care not to be silent: a relay gives them
 * a time for all of it. That a WebSocket must say Hello in time is shown elsewhere.
 */
class SlowFirstWordsTest {
  /** Within this much a byte comes again and again: nobody here is silent. */
  private static final Duration BETWEEN = Duration.ofMillis(20);

  private static final Duration BRIEF = Duration.ofMillis(400);

  @TempDir Path directory;

  private static void awaitSockets(TestRelay relay, int count) {
    Eventually.holds(() -> relay.server.sockets() == count, relay.server::sockets);
  }

  /** Sends bytes one by one until the relay answers, or closes the connection; returns how many. */
  private static int drip(TestRelay relay, RawHttp connection, String text) throws IOException {
    int sent = 0;
    long deadline = System.nanoTime() + Duration.ofSeconds(Peer.DEADLINE_SECONDS).toNanos();
    while (relay.server.sockets() > 0 && !connection.hasMore()) {
      assertThat(System.nanoTime()).as("it is closed").isLessThan(deadline);
      try {
        connection.send(text.substring(sent % text.length(), sent % text.length() + 1));
      } catch (SocketException e) {
        // It was closed in this moment, which is what is waited for.
        awaitSockets(relay, 0);
        return sent;
      }
      sent++;
      // It is time itself that the relay goes by here.
      LockSupport.parkNanos(BETWEEN.toNanos());
    }
    return sent;
  }

  @Test
  void shouldCloseConnectionWhoseFirstHeadNeverEnds() throws Exception {
    try (TestRelay relay = TestRelay.start(directory, new Tuning().head(BRIEF));
        RawHttp slow = new RawHttp(relay.uri())) {
      awaitSockets(relay, 1);
      slow.send("GET /v1/sync HTTP/1.1\r\nHost: x\r\n");

      assertThat(drip(relay, slow, "X: y\r\n")).isPositive();
    }
  }

  @Test
  void shouldCloseConnectionWhoseNextHeadNeverEnds() throws Exception {
    try (TestRelay relay = TestRelay.start(directory, new Tuning().idle(BRIEF));
        RawHttp slow = new RawHttp(relay.uri())) {
      slow.request("GET", "/health/live", "");
      assertThat(slow.head()).startsWith("HTTP/1.1 200");
      assertThat(slow.body("live\n".length())).isEqualTo("live\n");

      assertThat(drip(relay, slow, "GET /health/live HTTP/1.1\r\n" + "X: y\r\n".repeat(1_000)))
          .isPositive();
    }
  }

  @Test
  void shouldCloseConnectionWhoseHandshakeOfTlsNeverEnds() throws Exception {
    TestCertificates.Identity identity = TestCertificates.identity("EC");
    Path chain = directory.resolve("chain.pem");
    Path key = directory.resolve("key.pem");
    Files.writeString(chain, TestCertificates.pem(identity.certificate()));
    Files.writeString(key, TestCertificates.pem(identity.keys()));
    try (TestRelay relay =
            TestRelay.start(
                directory.resolve("store"),
                new Tuning().head(BRIEF),
                builder -> builder.tls(Certificates.pem(chain, key)));
        RawHttp slow = new RawHttp(relay.uri())) {
      awaitSockets(relay, 1);
      // A record that says that sixteen thousand bytes of a ClientHello follow.
      slow.send("\u0016\u0003\u0001@\u0000\u0001\u0000?\u00fc\u0003\u0003");

      assertThat(drip(relay, slow, "\u0000")).isPositive();
    }
  }

  @Test
  void shouldRefuseRequestWhoseBodyDrips() throws Exception {
    // Each byte is a sign of life, but they are too few.
    try (TestRelay relay = TestRelay.start(directory, new Tuning().idle(BRIEF));
        RawHttp slow = new RawHttp(relay.uri())) {
      awaitSockets(relay, 1);
      slow.request(
          "POST",
          "/v1/documents/notes/sync",
          "Content-Type: " + Polls.TYPE + "\nContent-Length: 60000\n");

      assertThat(drip(relay, slow, "\u00ff\u00ff\u0003" + "a".repeat(5_000))).isPositive();
      assertThat(slow.all()).startsWith("HTTP/1.1 408").contains("too slowly");
    }
  }

  @Test
  void shouldRefuseWebSocketWhoseHelloDrips() throws Exception {
    try (TestRelay relay = TestRelay.start(directory, new Tuning().hello(BRIEF));
        RawHttp slow = new RawHttp(relay.uri())) {
      slow.upgrade("");
      assertThat(slow.head()).startsWith("HTTP/1.1 101");
      // A binary message of ten thousand bytes.
      slow.send("\u0082\u00fe'\u0010\0\0\0\0");

      assertThat(drip(relay, slow, "\n")).isPositive();
      assertThat(slow.all()).contains(Codes.HELLO_TIMEOUT);
    }
  }

  @Test
  void shouldNotCloseConnectionThatIsKeptAndUsed() throws Exception {
    try (TestRelay relay =
        TestRelay.start(directory, new Tuning().head(BRIEF).idle(Duration.ofSeconds(5)))) {
      URI uri = relay.uri();
      try (RawHttp kept = new RawHttp(uri)) {
        long until = System.nanoTime() + 3 * BRIEF.toNanos();
        while (System.nanoTime() < until) {
          kept.request("GET", "/health/live", "");
          assertThat(kept.head()).startsWith("HTTP/1.1 200");
          assertThat(kept.body("live\n".length())).isEqualTo("live\n");
          LockSupport.parkNanos(BETWEEN.toNanos());
        }
      }
    }
  }

  @Test
  void shouldNotCloseWebSocketForTheTimeOfAHead() throws Exception {
    try (TestRelay relay =
            TestRelay.start(directory, new Tuning().head(BRIEF).idle(Duration.ofSeconds(10)));
        Author author = Author.join(relay.uri(), 1)) {
      long until = System.nanoTime() + 2 * BRIEF.toNanos();
      for (int i = 0; System.nanoTime() < until; i++) {
        author.type("x").save("s" + i);
        LockSupport.parkNanos(BETWEEN.toNanos());
      }
      assertThat(author.peer.isOpen()).isTrue();
    }
  }
}
