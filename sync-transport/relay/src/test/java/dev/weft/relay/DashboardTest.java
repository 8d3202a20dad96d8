package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.RelayMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard over real sockets; a browser shows it in {@link DashboardPageTest}. */
class DashboardTest {
  private static final Duration OFTEN = Duration.ofMillis(20);
  private static final Authenticator TEAM =
      (token, peer) -> CompletableFuture.completedFuture(Identity.ofWriter("team"));

  @RegisterExtension final LogLines log = LogLines.of(RelayServer.class);

  @TempDir Path directory;

  private final HttpClient http = HttpClient.newHttpClient();

  private TestRelay open() {
    return TestRelay.start(directory, new Tuning(), builder -> builder.figuresTold(OFTEN));
  }

  private HttpResponse<String> send(String method, int port, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  // --- Who may look ---

  @ParameterizedTest
  @ValueSource(strings = {"/", "/dashboard.js", "/dashboard.css", "/weft.svg", "/figures"})
  void shouldBeShownWhereFiguresAreTold(String path) throws Exception {
    try (TestRelay relay = open()) {
      assertThat(send("HEAD", relay.server.port(), path).statusCode()).isEqualTo(200);
    }
    try (TestRelay relay =
        TestRelay.start(
            directory,
            new Tuning(),
            builder -> builder.authenticator(TEAM).operations("127.0.0.1", 0))) {
      assertThat(send("HEAD", relay.server.operationsPort(), path).statusCode()).isEqualTo(200);
      HttpResponse<String> elsewhere = send("GET", relay.server.port(), path);
      assertThat(elsewhere.statusCode()).isEqualTo(404);
      assertThat(elsewhere.body()).startsWith("The relay tells its figures elsewhere");
      assertThat(statusUnder("localhost", relay.server.operationsPort(), path)).isEqualTo(200);
      assertThat(statusUnder("evil.example", relay.server.operationsPort(), path)).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/figures"})
  void shouldBeShownToNobodyWhenRelayAsksForTokensAndHasNoOtherAddress(String path)
      throws Exception {
    try (TestRelay relay =
        TestRelay.start(directory, new Tuning(), builder -> builder.authenticator(TEAM))) {
      assertThat(send("GET", relay.server.port(), path).statusCode()).isEqualTo(404);
    }
  }

  /** A page elsewhere could have pointed a name of its own at the relay, or ask by script. */
  @Test
  void shouldBeShownToNoPageOfAnother() throws Exception {
    try (TestRelay relay = open()) {
      assertThat(statusUnder("evil.example", relay.server.port(), "/figures")).isEqualTo(421);
      assertThat(
              send("GET", relay.server.port(), "/figures", "Origin", "https://evil.example")
                  .statusCode())
          .isEqualTo(403);
    }
  }

  private static int statusUnder(String name, int port, String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          "HEAD " + path + " HTTP/1.1\r\nHost: " + name + ":" + port + "\r\nConnection: close\r\n";
      socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/figures", "/dashboard.js"})
  void shouldAnswerOnlyWhoReads(String path) throws Exception {
    try (TestRelay relay = open()) {
      HttpResponse<String> answer = send("POST", relay.server.port(), path);
      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(answer.headers().firstValue("allow")).hasValue("GET, HEAD");
      assertThat(relay.server.dashboard().samplings()).isZero();
    }
  }

  @Test
  void shouldSayWhereItIsWhenThereIsOne() {
    try (TestRelay relay = open()) {
      assertThat(log.all())
          .contains("INFO dashboard at http://127.0.0.1:" + relay.server.port() + "/");
    }
    log.all().clear();
    try (TestRelay relay =
        TestRelay.start(
            directory,
            new Tuning(),
            builder -> builder.authenticator(TEAM).operations("127.0.0.1", 0))) {
      assertThat(log.all())
          .contains("INFO dashboard at http://127.0.0.1:" + relay.server.operationsPort() + "/");
    }
    log.all().clear();
    try (TestRelay relay =
        TestRelay.start(directory, new Tuning(), builder -> builder.authenticator(TEAM))) {
      assertThat(log.all())
          .contains("INFO listening on " + relay.uri())
          .noneMatch(line -> line.contains("dashboard"));
    }
  }

  // --- The page ---

  @Test
  void shouldLetThePageLoadNothingButItself() throws Exception {
    try (TestRelay relay = open()) {
      for (String path : List.of("/", "/dashboard.css", "/dashboard.js", "/weft.svg")) {
        HttpResponse<String> answer = send("GET", relay.server.port(), path);
        assertThat(answer.headers().firstValue("content-security-policy"))
            .hasValueSatisfying(
                policy ->
                    assertThat(policy)
                        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
                        .contains("connect-src 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe", "*"));
        assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-cache");
        assertThat(answer.body().replace("http://www.w3.org/2000/svg", ""))
            .doesNotContain("http:", "https:", "innerHTML", " style=", " onclick=");
      }
    }
  }

  @Test
  void shouldKeepThePageSmall() throws Exception {
    try (TestRelay relay = open()) {
      int bytes = 0;
      for (String path : List.of("/", "/dashboard.css", "/dashboard.js", "/weft.svg")) {
        HttpResponse<String> answer = send("GET", relay.server.port(), path);
        bytes += answer.body().getBytes(StandardCharsets.UTF_8).length;
      }
      assertThat(bytes).isBetween(1_000, 20_000);
    }
  }

  @Test
  void shouldNotSendAgainThePageThatABrowserHas() throws Exception {
    try (TestRelay relay = open()) {
      int port = relay.server.port();
      String tag = send("GET", port, "/").headers().firstValue("etag").orElseThrow();

      HttpResponse<String> same = send("GET", port, "/", "If-None-Match", "W/" + tag + ", \"x\"");
      HttpResponse<String> other = send("GET", port, "/", "If-None-Match", "\"x\"");

      assertThat(same.statusCode()).isEqualTo(304);
      assertThat(same.body()).isEmpty();
      assertThat(other.statusCode()).isEqualTo(200);
      assertThat(other.body()).contains("<html lang=\"en\">");
    }
  }

  // --- The figures ---

  @Test
  void shouldTellWhatComesAndHowTheRelayIs() throws Exception {
    try (TestRelay relay = open();
        Viewer viewer = new Viewer(relay.server.port())) {
      String first = viewer.next();
      assertThat(first)
          .contains("\"well\":true", "Store available", "Ready: clients are taken in")
          .contains("\"span\":\"just begun\"", "[\"Keystroke, p99\",null,")
          .contains("[\"weft.v1\",\"0\",\"0\"]");
      try (Author ada = Author.join(relay.uri(), 1)) {
        ada.type("hello");
        ada.save("s1");

        String later = viewer.await(each -> each.contains("[\"Acknowledged\",\"1\",\"1\"]"));

        assertThat(later).contains("\"span\":\"in the last ", "[\"weft.v1\",\"1\",\"1\"]");
        assertIsJson(later);
      }
    }
  }

  @Test
  void shouldSayInWordsWhatIsNotWell() throws Exception {
    try (TestRelay relay = open();
        Viewer viewer = new Viewer(relay.server.port());
        Author ada = Author.join(relay.uri(), 1)) {
      relay.store.failure = "the disk is full";
      ada.type("x");

      String failing = viewer.await(each -> each.contains("Store unavailable: "));

      assertThat(failing).contains("\"well\":false");
      relay.store.failure = null;
      viewer.await(each -> each.contains("Store available"));
    }
  }

  /** People waited, whatever the relay believes of itself. */
  @Test
  void shouldSayThatPeopleWaitLongerThanTheyShould() throws Exception {
    try (TestRelay relay = open();
        Viewer viewer = new Viewer(relay.server.port());
        Peer peer = Peer.greet(relay.uri());
        Peer second = Peer.greet(relay.uri());
        Peer third = Peer.greet(relay.uri())) {
      viewer.await(each -> each.contains("\"span\":\"in the last "));
      peer.say(new ClientMessage.Report(Collections.nCopies(60, 40_000), List.of(900_000)));
      String well = viewer.await(each -> each.contains("· 60 times"));
      assertThat(well)
          .contains("\"within 200\u00a0ms\",false", "\"within 1\u00a0s\",false")
          .contains("\"well\":true", "Keystrokes are within their budget");

      second.say(new ClientMessage.Report(List.of(45_000_000), List.of()));
      String once = viewer.await(each -> each.contains("· 61 times"));
      assertThat(once).contains("Keystrokes are within their budget", "over 200\u00a0ms");

      third.say(new ClientMessage.Report(List.of(250_000), List.of()));

      String slow = viewer.await(each -> each.contains("· 62 times"));
      assertThat(slow)
          .contains("[\"over 30\u00a0s\",\"over 200\u00a0ms\",true]", "\"well\":false")
          .contains("Keystrokes are slower than their budget, as people perceive them")
          .contains("Saves are within their budget");
    }
  }

  @Test
  void shouldCountRefusalsByCodeOnceThereAreSome() throws Exception {
    try (TestRelay relay = open();
        Viewer viewer = new Viewer(relay.server.port());
        Peer peer = Peer.greet(relay.uri())) {
      assertThat(viewer.next())
          .contains("[\"Left out: presence\",null,\"0\"]")
          .doesNotContain("Refused: ");
      peer.say(new ClientMessage.Open(1, "not a / name", VersionVector.EMPTY));

      viewer.await(each -> each.contains("[\"Refused: bad document id\",\"1\",\"1\"]"));
    }
  }

  @Test
  void shouldShowThatItDrainsAndSayGoodbye() throws Exception {
    // It is told at once, and not with the next figures.
    try (TestRelay relay =
            TestRelay.start(
                directory, new Tuning(), builder -> builder.figuresTold(Duration.ofMinutes(1)));
        Viewer viewer = new Viewer(relay.server.port());
        Author ada = Author.join(relay.uri(), 1)) {
      viewer.next();
      relay.store.shut();
      ada.type("x");
      relay.store.awaitKnock();
      CompletableFuture<Void> drained =
          CompletableFuture.runAsync(() -> relay.server.drain(Duration.ofSeconds(10)));
      ada.peer.hear(RelayMessage.Drain.class);

      viewer.await(each -> each.contains("Draining: clients are told to move"));

      relay.store.open();
      drained.join();
      assertThat(viewer.rest()).endsWith("event: goodbye\ndata: {}\n");
    }
  }

  // --- Bounds ---

  @Test
  void shouldTakeSoManyViewersAndNoMore() throws Exception {
    try (TestRelay relay = open()) {
      int port = relay.server.port();
      List<Viewer> viewers = new ArrayList<>();
      for (int i = 0; i < Dashboard.MAX_VIEWERS; i++) {
        viewers.add(new Viewer(port));
      }
      assertThat(relay.server.dashboard().viewers()).isEqualTo(Dashboard.MAX_VIEWERS);

      HttpResponse<String> one = send("GET", port, "/figures");
      HttpResponse<String> asked = send("HEAD", port, "/figures");

      assertThat(one.statusCode()).isEqualTo(503);
      assertThat(one.body()).contains("16 at a time");
      assertThat(one.headers().firstValue("retry-after")).hasValue("5");
      assertThat(asked.statusCode()).isEqualTo(503);
      viewers.remove(0).close();
      Eventually.holds(
          () -> relay.server.dashboard().viewers() < Dashboard.MAX_VIEWERS,
          () -> relay.server.dashboard().viewers());
      try (Viewer another = new Viewer(port)) {
        assertThat(another.next()).contains("\"well\"");
      }
      for (Viewer each : viewers) {
        each.close();
      }
    }
  }

  @Test
  void shouldLookOnlyWhileSomebodyLooks() throws Exception {
    try (TestRelay relay = open()) {
      Dashboard dashboard = relay.server.dashboard();
      int idle = relay.server.scheduled();
      assertThat(dashboard.samplings()).isZero();
      try (Viewer viewer = new Viewer(relay.server.port())) {
        viewer.next();
        viewer.next();
        assertThat(dashboard.samplings()).isGreaterThanOrEqualTo(2);
      }
      Eventually.holds(() -> dashboard.viewers() == 0, dashboard::viewers);
      int until = dashboard.samplings();

      // Nothing is left that would look again.
      assertThat(relay.server.scheduled()).isEqualTo(idle);
      assertThat(dashboard.samplings()).isEqualTo(until);
    }
  }

  /** All see the same figures, which were looked for once. */
  @Test
  void shouldLookOnceForAll() throws Exception {
    try (TestRelay relay =
            TestRelay.start(
                directory, new Tuning(), builder -> builder.figuresTold(Duration.ofMinutes(1)));
        Viewer one = new Viewer(relay.server.port());
        Viewer other = new Viewer(relay.server.port())) {
      assertThat(one.next()).isEqualTo(other.next());
      assertThat(relay.server.dashboard().samplings()).isOne();
    }
  }

  /** One who does not read costs no more than the newest figures, and delays nobody. */
  @Test
  void shouldDelayNobodyForOneWhoDoesNotRead() throws Exception {
    try (TestRelay relay = open();
        Socket deaf = new Socket()) {
      deaf.setReceiveBufferSize(4 << 10);
      deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), relay.server.port()));
      deaf.getOutputStream()
          .write(
              "GET /figures HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      try (Viewer viewer = new Viewer(relay.server.port())) {
        for (int i = 0; i < 60; i++) {
          viewer.next();
        }
        assertThat(relay.server.dashboard().viewers()).isEqualTo(2);
      }
    }
  }

  @Test
  void shouldNotCacheFiguresNorLetProxiesCollectThem() throws Exception {
    try (TestRelay relay = open();
        Viewer viewer = new Viewer(relay.server.port())) {
      assertThat(viewer.response.headers().firstValue("content-type"))
          .hasValue("text/event-stream");
      assertThat(viewer.response.headers().firstValue("cache-control")).hasValue("no-store");
      assertThat(viewer.response.headers().firstValue("x-accel-buffering")).hasValue("no");
      assertThat(viewer.response.headers().firstValue("x-content-type-options"))
          .hasValue("nosniff");
    }
  }

  static void assertIsJson(String text) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      int depth = 0;
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      }
      assertThat(depth).isZero();
    }
  }

  /** One who follows the figures. */
  private final class Viewer implements AutoCloseable {
    final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    Viewer(int port) throws IOException, InterruptedException {
      response =
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/figures")).build(),
              BodyHandlers.ofInputStream());
      assertThat(response.statusCode()).isEqualTo(200);
      lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** Returns the data of the next event. */
    String next() throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: ")) {
          return line.substring("data: ".length());
        }
      }
      throw new AssertionError("the stream has ended");
    }

    /** Reads on until figures are as they should be; the test's timeout bounds it. */
    String await(Predicate<String> wanted) throws IOException {
      String figures = next();
      while (!wanted.test(figures)) {
        figures = next();
      }
      return figures;
    }

    /** Returns all lines until the stream ends. */
    String rest() throws IOException {
      StringBuilder rest = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty()) {
          rest.append(line).append('\n');
        }
      }
      return rest.toString();
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
