package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What an address may have, over real sockets, and that no connection stays counted. */
class AddressLimitsTest {
  /** Few enough for a test; as many may come at once, and one more each second. */
  private static final int FEW = 10;

  private static final String EVENTS = "/v1/documents/" + Author.DOCUMENT + "/events";

  @RegisterExtension final LogLines lines = LogLines.of(RefusalLog.class);
  @TempDir Path directory;

  private TestRelay start() {
    return TestRelay.start(directory, new Tuning().connectionsOfAddress(FEW));
  }

  private static void awaitSockets(TestRelay relay, int count) {
    Eventually.holds(() -> relay.server.sockets() == count, relay.server::sockets);
  }

  @Test
  void shouldCountWhateverIsSpokenOrNothing() throws Exception {
    try (TestRelay relay = start();
        Author author = Author.join(relay.uri(), 1);
        RawHttp events = new RawHttp(relay.uri())) {
      author.type("hello").save("s");
      events.request("GET", EVENTS, "");
      assertThat(events.head()).startsWith("HTTP/1.1 200");
      List<Socket> silent = new ArrayList<>();
      for (int i = 2; i < FEW; i++) {
        silent.add(new Socket(relay.uri().getHost(), relay.uri().getPort()));
      }
      awaitSockets(relay, FEW);

      try (RawHttp late = new RawHttp(relay.uri());
          RawHttp latePoll = new RawHttp(relay.uri())) {
        String upgrade = late.upgrade("").all();
        String poll =
            latePoll
                .request("POST", "/v1/documents/notes/sync", "Content-Type: x\nContent-Length: 0\n")
                .all();

        for (String answer : List.of(upgrade, poll)) {
          assertThat(answer)
              .startsWith("HTTP/1.1 429")
              .contains("Retry-After: 5\r\n")
              .contains("Connection: close")
              .endsWith("This relay takes no more connections from one address.\n");
        }
      }
      // Who is there notices nothing.
      author.type(" there").save("t");
      silent.get(0).close();
      awaitSockets(relay, FEW - 1);
      for (Socket each : silent) {
        each.close();
      }
    }
  }

  @Test
  void shouldSayThatNewOnesComeTooFast() throws Exception {
    try (TestRelay relay = start()) {
      for (int i = 0; i < FEW; i++) {
        RawHttp early = new RawHttp(relay.uri());
        awaitSockets(relay, 1);
        early.close();
        awaitSockets(relay, 0);
      }
      String answer = "";
      // A connection more may be taken if a second has passed meanwhile.
      for (int i = 0; i < FEW && !answer.startsWith("HTTP/1.1 429"); i++) {
        try (RawHttp late = new RawHttp(relay.uri())) {
          answer = late.request("GET", "/health/live", "Connection: close\n").all();
        }
      }

      assertThat(answer)
          .startsWith("HTTP/1.1 429")
          .contains("Retry-After: 1\r\n")
          .endsWith("New connections come too fast from this address.\n");
    }
  }

  @Test
  void shouldCloseConnectionsBeyondThoseWhoAreTold() throws Exception {
    try (TestRelay relay = start()) {
      List<RawHttp> all = new ArrayList<>();
      for (int i = 0; i < 4 * FEW; i++) {
        all.add(new RawHttp(relay.uri()));
      }
      // Ten that are taken, eight and a tenth of ten that are told, and nobody else.
      awaitSockets(relay, FEW + 9);
      for (RawHttp each : all) {
        each.close();
      }
      awaitSockets(relay, 0);
    }
  }

  /** Else a few who keep them open would have all the places where one is told. */
  @Test
  void shouldNotWaitLongForThoseWhoWereToldToGo() throws Exception {
    Tuning one = new Tuning().connectionsOfAddress(1).idle(Duration.ofMinutes(5));
    try (TestRelay relay = TestRelay.start(directory, one);
        RawHttp taken = new RawHttp(relay.uri())) {
      awaitSockets(relay, 1);
      assertThat(taken.request("GET", "/health/live", "").head()).startsWith("HTTP/1.1 200");
      try (RawHttp told = new RawHttp(relay.uri())) {
        assertThat(told.request("GET", "/health/live", "").head()).startsWith("HTTP/1.1 429");

        awaitSockets(relay, 1);
      }
    }
  }

  @Test
  void shouldCountThoseWhoAreBeyondAllThatThereMayBe() throws Exception {
    try (TestRelay relay =
        TestRelay.start(
            directory,
            new Tuning().connections(1).connectionsOfAddress(1_000),
            each -> each.operations("127.0.0.1", 0))) {
      List<RawHttp> all = new ArrayList<>();
      for (int i = 0; i < 1 + 64 + 5; i++) {
        all.add(new RawHttp(relay.uri()));
      }

      awaitSockets(relay, 1 + 64);
      Eventually.holds(
          () ->
              Scrape.of(relay.server.operationsPort()).value("weft_shed_total{what=\"connection\"}")
                  == 5,
          () -> "not counted");
      for (RawHttp each : all) {
        each.close();
      }
    }
  }

  /** A way for a connection to end. */
  private interface Ending {
    void bringAbout(RawHttp connection) throws IOException;
  }

  @Test
  void shouldCountNobodyWhoHasGoneHoweverItWent() throws Exception {
    List<Ending> endings =
        List.of(
            RawHttp::close,
            RawHttp::reset,
            connection -> connection.send("GET /v1/sync HTTP/1.1\r\nHost: x\r\nUpgr").reset(),
            connection -> connection.upgrade("").reset(),
            connection -> connection.upgrade("").close(),
            connection -> {
              connection.upgrade("").head();
              connection.reset();
            },
            connection -> connection.upgrade("Sec-WebSocket-Version: 12\n").close(),
            connection -> connection.send("nonsense\r\n\r\n").all(),
            connection ->
                connection
                    .request("POST", "/v1/documents/notes/sync", "Content-Length: 9\n")
                    .reset());
    try (TestRelay relay =
        TestRelay.start(directory, new Tuning().connectionsOfAddress(20 * endings.size()))) {
      try (Author author = Author.join(relay.uri(), 1)) {
        author.type("hello").save("s");
      }
      for (int round = 0; round < 5; round++) {
        for (Ending each : endings) {
          each.bringAbout(new RawHttp(relay.uri()));
        }
      }

      awaitSockets(relay, 0);
      // One after the other: a socket is counted no more before its address is.
      Eventually.holds(
          () -> relay.server.addresses().connections() == 0, relay.server.addresses()::connections);
      Eventually.holds(
          () -> relay.server.hub().connections() == 0, relay.server.hub()::connections);
    }
  }

  @Test
  void shouldCountClientsBehindATrustedProxyByWhatItSays() throws Exception {
    try (TestRelay relay =
        TestRelay.start(
            directory,
            new Tuning().connectionsOfAddress(2),
            builder -> builder.proxies(List.of("127.0.0.0/8")))) {
      List<RawHttp> open = new ArrayList<>();
      // Of the proxy itself there may be many; the first two addresses have two each.
      for (int i = 0; i < 12; i++) {
        RawHttp connection = new RawHttp(relay.uri());
        open.add(connection);
        connection.upgrade("X-Forwarded-For: 192.0.2." + i / 2 + "\n");
        assertThat(connection.head()).startsWith("HTTP/1.1 101");
      }
      try (RawHttp third = new RawHttp(relay.uri())) {
        String mine = "X-Forwarded-For: 198.51.100.7, 192.0.2.0, 127.0.0.9\n";
        third.upgrade(mine);
        assertThat(third.head()).startsWith("HTTP/1.1 429").doesNotContain("close");
        third.request("GET", "/health/live", "X-Forwarded-For: 198.51.100.7\n");
        assertThat(third.head()).contains("HTTP/1.1 200");
      }

      open.get(0).reset();
      Eventually.holds(() -> relay.server.addresses().connections() == 11, () -> "one has gone");
      for (RawHttp each : open) {
        each.close();
      }
      awaitSockets(relay, 0);
      Eventually.holds(() -> relay.server.addresses().connections() == 0, () -> "all have gone");
    }
  }

  @Test
  void shouldTellWhoseAConnectionIsBehindATrustedProxy() throws Exception {
    assertThat(refusedFrom("127.0.0.1")).contains("from [2001:db8:0:0:0:0:0:7]:0 refused");
  }

  @Test
  void shouldNotBelieveWhoIsNoTrustedProxy() throws Exception {
    assertThat(refusedFrom("10.0.0.0/8")).contains("from 127.0.0.1:");
  }

  /** Returns what is logged of a connection that says that it is somebody else's. */
  private String refusedFrom(String proxy) throws IOException {
    try (TestRelay relay =
            TestRelay.start(directory, new Tuning(), builder -> builder.proxies(List.of(proxy)));
        RawHttp connection = new RawHttp(relay.uri())) {
      connection.upgrade("X-Forwarded-For: [2001:db8::7]:4711\nForwarded: for=192.0.2.9\n");
      assertThat(connection.head()).startsWith("HTTP/1.1 101");
      byte[] notHello = {1};
      connection.send(new String(RawWebSocket.frame(notHello), StandardCharsets.ISO_8859_1));
      connection.all();
    }
    return lines.all().stream().filter(each -> each.contains("refused")).findFirst().orElseThrow();
  }

  @Test
  void shouldHoldNobodyWhoWasToldThatItIsTooMany() throws Exception {
    try (TestRelay relay =
            TestRelay.start(
                directory, new Tuning().connectionsOfAddress(1).head(Duration.ofSeconds(1)));
        RawHttp first = new RawHttp(relay.uri())) {
      first.upgrade("");
      assertThat(first.head()).startsWith("HTTP/1.1 101");
      List<RawHttp> beyond = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        beyond.add(new RawHttp(relay.uri()));
      }

      // They never ask anything, so they cannot be told.
      for (RawHttp each : beyond) {
        assertThat(each.all()).isEmpty();
      }
      awaitSockets(relay, 1);
    }
  }
}
