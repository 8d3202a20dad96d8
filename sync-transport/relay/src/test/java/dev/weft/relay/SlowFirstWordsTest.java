package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.Codes;
import java.io.IOException;
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

  /** As many bytes show that it is not silence that ends a connection. */
  private static final int SEVERAL = 5;

  @TempDir Path directory;

  private static void awaitSockets(TestRelay relay, int count) {
    Eventually.holds(() -> relay.server.sockets() == count, relay.server::sockets);
  }

  /** What comes before the bytes that never end. */
  private interface Beginning {
    void sayOn(RawHttp connection) throws IOException;
  }

  /**
   * Connects, begins, and sends bytes one by one until the relay answers or closes the connection.
   * It does so again where the machine stood still for so long that hardly any could be sent.
   *
   * @return what the relay has said in the end
   */
  private static String drip(TestRelay relay, Beginning beginning, String text) throws IOException {
    long deadline = deadline();
    while (true) {
      try (RawHttp slow = new RawHttp(relay.uri())) {
        int sent = 0;
        try {
          beginning.sayOn(slow);
          sent = drip(relay, slow, text);
        } catch (IOException e) {
          assertThat(System.nanoTime()).as("it begins, but %s", e).isLessThan(deadline);
        }
        if (sent >= SEVERAL) {
          String answer = slow.all();
          awaitSockets(relay, 0);
          return answer;
        }
        assertThat(System.nanoTime()).as("it sends, but %s bytes", sent).isLessThan(deadline);
      }
    }
  }

  private static long deadline() {
    return System.nanoTime() + Duration.ofSeconds(Peer.DEADLINE_SECONDS).toNanos();
  }

  private static int drip(TestRelay relay, RawHttp connection, String text) {
    int sent = 0;
    long deadline = deadline();
    try {
      // At first it may not be counted yet.
      while (!connection.hasMore() && (sent < SEVERAL || relay.server.sockets() > 0)) {
        assertThat(System.nanoTime()).as("it is closed").isLessThan(deadline);
        connection.send(text.substring(sent % text.length(), sent % text.length() + 1));
        sent++;
        // It is time itself that the relay goes by here.
        LockSupport.parkNanos(BETWEEN.toNanos());
      }
    } catch (IOException e) {
      // It was closed in this moment, which is what is waited for.
      awaitSockets(relay, 0);
    }
    return sent;
  }

  @Test
  void shouldCloseConnectionWhoseFirstHeadNeverEnds() throws Exception {
    try (TestRelay relay = TestRelay.start(directory, new Tuning().head(BRIEF))) {
      assertThat(drip(relay, slow -> slow.send("GET /v1/sync HTTP/1.1\r\nHost: x\r\n"), "X: y\r\n"))
          .isEmpty();
    }
  }

  @Test
  void shouldCloseConnectionWhoseNextHeadNeverEnds() throws Exception {
    try (TestRelay relay = TestRelay.start(directory, new Tuning().idle(BRIEF))) {
      drip(
          relay,
          SlowFirstWordsTest::getHealth,
          "GET /health/live HTTP/1.1\r\n" + "X: y\r\n".repeat(1_000));
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
            builder -> builder.tls(Certificates.pem(chain, key)))) {
      // A record that says that sixteen thousand bytes of a ClientHello follow.
      String hello = "\u0016\u0003\u0001@\u0000\u0001\u0000?\u00fc\u0003\u0003";

      drip(relay, slow -> slow.send(hello), "\u0000");
    }
  }

  @Test
  void shouldRefuseRequestWhoseBodyDrips() throws Exception {
    // Each byte is a sign of life, but they are too few.
    try (TestRelay relay = TestRelay.start(directory, new Tuning().idle(BRIEF))) {
      String answer =
          drip(
              relay,
              slow ->
                  slow.request(
                      "POST",
                      "/v1/documents/notes/sync",
                      "Content-Type: " + Polls.TYPE + "\nContent-Length: 60000\n"),
              "\u00ff\u00ff\u0003" + "a".repeat(5_000));

      assertThat(answer).startsWith("HTTP/1.1 408").contains("too slowly");
    }
  }

  @Test
  void shouldRefuseWebSocketWhoseHelloDrips() throws Exception {
    try (TestRelay relay = TestRelay.start(directory, new Tuning().hello(BRIEF))) {
      String answer =
          drip(
              relay,
              slow -> {
                slow.upgrade("");
                assertThat(slow.head()).startsWith("HTTP/1.1 101");
                // A binary message of ten thousand bytes.
                slow.send("\u0082\u00fe'\u0010\0\0\0\0");
              },
              "\n");

      assertThat(answer).contains(Codes.HELLO_TIMEOUT);
    }
  }

  @Test
  void shouldNotCloseForTheTimeOfAHeadWhatIsKeptAndUsed() throws Exception {
    // There is time enough to begin in; from then on there is more.
    Duration head = Duration.ofSeconds(2);
    Tuning tuning = new Tuning().head(head).idle(Duration.ofSeconds(20));
    try (TestRelay relay = TestRelay.start(directory, tuning);
        RawHttp kept = new RawHttp(relay.uri())) {
      getHealth(kept);
      try (Author author = Author.join(relay.uri(), 1)) {
        long until = System.nanoTime() + head.multipliedBy(5).dividedBy(4).toNanos();
        for (int i = 0; System.nanoTime() < until; i++) {
          getHealth(kept);
          author.type("x").save("s" + i);
          LockSupport.parkNanos(BETWEEN.toNanos());
        }
        assertThat(author.peer.isOpen()).isTrue();
      }
    }
  }

  private static void getHealth(RawHttp connection) throws IOException {
    connection.request("GET", "/health/live", "");
    assertThat(connection.head()).startsWith("HTTP/1.1 200");
    assertThat(connection.body("live\n".length())).isEqualTo("live\n");
  }
}
