package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.RelayMessage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What those who run a relay ask it, over real sockets. */
class OperationsTest {
  private final HttpClient http = HttpClient.newHttpClient();

  @RegisterExtension final LogLines log = LogLines.of(RelayServer.class);

  @TempDir Path directory;

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  @Test
  void shouldTellItsFiguresAtItsOnlyAddressWhenItIsOpen() throws Exception {
    try (TestRelay relay = TestRelay.start(directory)) {
      try (Author ada = Author.join(relay.uri(), 1);
          Author bob = Author.join(relay.uri(), 2)) {
        ada.type("hello");
        bob.awaitText("hello");
        ada.save("s1");

        HttpResponse<String> metrics = get(relay.server.port(), "/metrics");

        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.headers().firstValue("content-type"))
            .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(metrics.body())
            .contains("weft_connections{version=\"weft.v1\"} 2.0")
            .contains("weft_documents_open 1.0")
            .contains("weft_frames_received_total{kind=\"edits\"} 1.0")
            .contains("weft_saves_seconds_count{outcome=\"acknowledged\"} 1")
            .contains("weft_saves_seconds_bucket{outcome=\"acknowledged\",le=\"0.3\"}")
            .contains("weft_store_available 1.0")
            .contains("weft_keystrokes_seconds_count 1");
      }
    }
  }

  @Test
  void shouldTellItsFiguresToNobodyWhenItAsksForTokensAndHasNoOtherAddress() throws Exception {
    Authenticator team =
        (token, peer) -> CompletableFuture.completedFuture(Identity.ofWriter("team"));
    try (TestRelay relay =
        TestRelay.start(directory, new Tuning(), builder -> builder.authenticator(team))) {
      assertThat(get(relay.server.port(), "/metrics").statusCode()).isEqualTo(404);
      assertThat(get(relay.server.port(), "/health/live").statusCode()).isEqualTo(200);
      assertThatIllegalStateException().isThrownBy(() -> relay.server.operationsPort());
    }
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0, true", "127.0.0.1, false"})
  void shouldWarnWhereOthersCanReachItsFigures(String host, boolean isWarned) {
    try (TestRelay relay =
        TestRelay.start(directory, new Tuning(), builder -> builder.operations(host, 0))) {
      String line =
          "WARN everybody who can reach http://" + host + ":" + relay.server.operationsPort();

      assertThat(log.all().stream().anyMatch(each -> each.startsWith(line))).isEqualTo(isWarned);
    }
  }

  @Test
  void shouldTellItsFiguresAtTheAddressForOperations() throws Exception {
    Authenticator team =
        (token, peer) -> CompletableFuture.completedFuture(Identity.ofWriter("team"));
    try (TestRelay relay =
        TestRelay.start(
            directory,
            new Tuning(),
            builder -> builder.authenticator(team).operations("127.0.0.1", 0))) {
      int port = relay.server.operationsPort();
      assertThat(port).isNotEqualTo(relay.server.port());
      assertThat(get(port, "/metrics").statusCode()).isEqualTo(200);
      assertThat(get(port, "/health/ready").body()).isEqualTo("ready\n");
      assertThat(get(relay.server.port(), "/metrics").statusCode()).isEqualTo(404);
      // Nobody gets at documents there, where nothing may be encrypted.
      assertThat(get(port, "/v1/documents/notes/text").statusCode()).isEqualTo(404);
      assertThat(get(port, "/v1/sync").statusCode()).isEqualTo(404);
    }
  }

  /** A page could have pointed a name of its own at the address, to read them. */
  @Test
  void shouldTellItsFiguresUnderNoNameOfAnother() throws Exception {
    Authenticator team =
        (token, peer) -> CompletableFuture.completedFuture(Identity.ofWriter("team"));
    try (TestRelay relay =
        TestRelay.start(
            directory,
            new Tuning(),
            builder -> builder.authenticator(team).operations("127.0.0.1", 0))) {
      assertThat(statusUnder("localhost", relay.server.operationsPort())).isEqualTo(200);
      assertThat(statusUnder("evil.example", relay.server.operationsPort())).isEqualTo(404);
    }
  }

  private static int statusUnder(String name, int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              ("GET /metrics HTTP/1.1\r\nHost: "
                      + name
                      + ":"
                      + port
                      + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }
  }

  @Test
  void shouldNotBeReadyWhileItDrains() throws Exception {
    try (TestRelay relay =
        TestRelay.start(directory, new Tuning(), builder -> builder.operations("127.0.0.1", 0))) {
      int port = relay.server.operationsPort();
      try (Author ada = Author.join(relay.uri(), 1)) {
        relay.store.shut();
        ada.type("x");
        relay.store.awaitKnock();
        CompletableFuture<Void> drained =
            CompletableFuture.runAsync(() -> relay.server.drain(Duration.ofSeconds(10)));
        ada.peer.hear(RelayMessage.Drain.class);

        HttpResponse<String> ready = get(port, "/health/ready");

        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).isEqualTo("draining\n");
        assertThat(get(port, "/health/live").statusCode()).isEqualTo(200);
        relay.store.open();
        drained.join();
      }
    }
  }

  @Test
  void shouldAnswerOnlyWhoReads() throws Exception {
    try (TestRelay relay = TestRelay.start(directory)) {
      URI uri = URI.create("http://127.0.0.1:" + relay.server.port() + "/metrics");
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody()).build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(answer.headers().firstValue("allow")).hasValue("GET, HEAD");
    }
  }

  @Test
  void shouldCountForItsEmbedderToo() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (TestRelay relay =
        TestRelay.start(directory, new Tuning(), builder -> builder.meters(meters))) {
      try (Peer peer = Peer.greet(relay.uri())) {
        peer.say(new ClientMessage.Ping(1, 0, null));
        peer.hear(RelayMessage.Pong.class);
        assertThat(meters.get("weft.frames.received").tag("kind", "heartbeat").counter().count())
            .isOne();
      }
    }
  }

  @Test
  void shouldRefuseAnImpossiblePort() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RelayServer.builder().operations("127.0.0.1", 70_000))
        .withMessage("port must be from 0 to 65535, port=70000");
  }
}
