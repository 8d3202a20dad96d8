package dev.weft.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.crdt.Selection;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that poll, by choice or because no WebSocket can be had: real relay, real sockets. */
class PollingEndToEndTest {
  private static final DocumentId NOTES = new DocumentId("notes");

  @TempDir Path directory;
  private TestRelay relay;
  private final List<Device> devices = new ArrayList<>();

  @BeforeEach
  void startRelay() {
    relay = new TestRelay(directory.resolve("relay"));
  }

  @AfterEach
  void stopAll() {
    devices.forEach(Device::close);
    relay.close();
  }

  private Device device(String name, Transport transport) {
    return device(name, relay.uri(), new JettyLinks(transport, Duration.ofSeconds(5)));
  }

  private Device device(String name, URI address, Links links) {
    Device device = new Device(directory.resolve(name), address, links);
    devices.add(device);
    return device;
  }

  @Test
  void shouldBringThoseWhoPollAndThoseWhoDoNotToTheSameText() throws Exception {
    SharedText ann = device("ann", Transport.POLLING).text;
    SharedText bob = device("bob", Transport.POLLING).text;
    SharedText cid = device("cid", Transport.WEBSOCKET).text;
    RandomGenerator random = new SplittableRandom(5);
    for (int i = 0; i < 60; i++) {
      for (SharedText text : List.of(ann, bob, cid)) {
        text.transact(
            document -> {
              if (document.length() > 5 && random.nextInt(4) == 0) {
                document.delete(1, 3);
              } else {
                document.insert(random.nextInt(document.length() + 1), "abc");
              }
            });
      }
      Thread.sleep(5);
    }
    Await.done(ann.save());
    Await.done(bob.save());
    Await.done(cid.save());
    Await.inStep(ann, bob, cid);

    assertThat(ann.text()).isEqualTo(bob.text()).isEqualTo(cid.text());
    assertThat(relay.stored(NOTES)).isEqualTo(ann.version());
    assertThat(ann.status().degradations()).contains(Degradation.POLLING);
    Await.until(
        () -> ann.status().describe().equals("live, saved on the relay (FSYNCED), by polling"),
        ann::toString);
    // Not at once: a relay that had much to do has asked for fewer messages for some seconds.
    Await.status(cid, status -> status.degradations().isEmpty());
  }

  @Test
  void shouldGiveTheSameReceiptAsOverAWebSocket() throws Exception {
    SharedText ann = device("ann", Transport.POLLING).text;
    ann.insert(0, "kept");

    SaveReceipt receipt = Await.done(ann.save());

    assertThat(receipt.guarantee()).isEqualTo(Guarantee.FSYNCED);
    assertThat(receipt.version()).isEqualTo(ann.version());
    assertThat(relay.stored(NOTES)).isEqualTo(ann.version());
  }

  @Test
  void shouldCatchUpWithMoreThanOneAnswerHolds() throws Exception {
    SharedText ann = device("ann", Transport.WEBSOCKET).text;
    RandomGenerator random = new SplittableRandom(1);
    StringBuilder page = new StringBuilder();
    for (int i = 0; i < 1 << 20; i++) {
      page.append((char) ('a' + random.nextInt(26)));
    }
    for (int i = 0; i < 6; i++) {
      ann.insert(ann.length(), page);
      Await.done(ann.delivered());
    }
    Await.done(ann.save());

    SharedText bob = device("bob", Transport.POLLING).text;
    Await.done(bob.caughtUp());

    assertThat(bob.text()).isEqualTo(ann.text());
  }

  /** The first part alone is as long as an answer may be, and something comes behind it. */
  @Test
  void shouldCatchUpWithALongSnapshotAndWhatCameAfterIt() throws Exception {
    SharedText ann = device("ann", Transport.WEBSOCKET).text;
    RandomGenerator random = new SplittableRandom(1);
    StringBuilder page = new StringBuilder();
    for (int i = 0; i < 1 << 20; i++) {
      page.append((char) (0x4e00 + random.nextInt(20_000)));
    }
    for (int i = 0; i < 2; i++) {
      ann.insert(ann.length(), page);
      Await.done(ann.delivered());
    }
    // Somebody who had it loaded, so that the relay has a snapshot.
    Await.done(device("bob", Transport.WEBSOCKET).text.caughtUp());
    ann.insert(0, "behind the snapshot");
    Await.done(ann.save());

    SharedText cid = device("cid", Transport.POLLING).text;
    Await.done(cid.caughtUp());

    assertThat(cid.text()).isEqualTo(ann.text());
  }

  @Test
  void shouldSendMoreThanOneRequestHolds() throws Exception {
    Device ann = device("ann", Transport.POLLING);
    RandomGenerator random = new SplittableRandom(1);
    StringBuilder page = new StringBuilder();
    for (int i = 0; i < 1 << 20; i++) {
      page.append((char) ('a' + random.nextInt(26)));
    }
    ann.client.disconnect();
    Await.status(ann.text, status -> status.connection() == Connection.OFFLINE);
    for (int i = 0; i < 3; i++) {
      ann.text.insert(ann.text.length(), page);
      Await.status(ann.text, status -> status.unstoredChanges() == 0);
    }
    ann.client.reconnect();
    Await.done(ann.text.save());

    assertThat(relay.stored(NOTES)).isEqualTo(ann.text.version());
  }

  /** A link that polls is open before anybody was reached. */
  @Test
  void shouldKeepTheTokenWhileNoRelayCanBeReached() throws Exception {
    // Nobody is given a port so low.
    URI nowhere = URI.create("ws://127.0.0.1:1");
    AtomicInteger attempts = new AtomicInteger();
    AtomicInteger asked = new AtomicInteger();
    try (CountedLinks links =
            new CountedLinks(new JettyLinks(Transport.POLLING, Duration.ofSeconds(5)), attempts);
        SqliteChangeStore store =
            SqliteChangeStore.open(directory.resolve("ann"), new SecureRandom());
        WeftClient client =
            WeftClient.builder()
                .relay(nowhere)
                .store(store)
                .closeWithin(Duration.ofSeconds(30))
                .links(links)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(20))
                .token(() -> "t" + asked.incrementAndGet())
                .build()) {
      Await.until(() -> attempts.get() >= 5, client::toString);
    }
    assertThat(asked).hasValue(1);
  }

  private record CountedLinks(Links links, AtomicInteger attempts) implements Links {
    @Override
    public Link connect(URI relay, Link.Listener listener) {
      attempts.incrementAndGet();
      return links.connect(relay, listener);
    }

    @Override
    public void close() {
      links.close();
    }
  }

  /** Of a document in which nothing happens; signs of life go with what is asked anyway. */
  @Test
  void shouldFindOutThatTheRelayIsAnotherOneWhichHasNothing() throws Exception {
    try (TestRelay other = new TestRelay(directory.resolve("other"));
        CuttingProxy proxy = new CuttingProxy(relay.port(), 1)) {
      SharedText ann =
          device("ann", proxy.uri(), new JettyLinks(Transport.POLLING, Duration.ofSeconds(5))).text;
      ann.insert(0, "kept on both");
      Await.done(ann.save());

      proxy.relayPort(other.port());
      proxy.cut();

      Await.until(() -> other.stored(NOTES).equals(ann.version()), ann::toString);
      Await.status(ann, status -> status.undurableChanges() == 0);
    }
  }

  @Test
  void shouldDeliverWhatWasTypedRightBeforeClosing() {
    int inTime = 0;
    for (int i = 0; inTime < 5; i++) {
      Device ann = device("ann" + i, Transport.POLLING);
      Await.status(ann.text, status -> status.connection() == Connection.LIVE);
      ann.text.insert(0, "a");
      ann.text.insert(0, "last words ");
      VersionVector version = ann.text.version();
      if (leavesInTime(ann)) {
        inTime++;
        Await.until(() -> relay.stored(NOTES).includes(version), () -> "last words arrive");
      }
      assertThat(i).as("attempts to close in time").isLessThan(20);
    }
  }

  /**
   * Closes, and returns whether everything was said before the link was given up: closing waits for
   * an answer for no more than 900 ms, which a machine that has much to do may take.
   */
  private static boolean leavesInTime(Device device) {
    long before = System.nanoTime();
    device.close();
    return System.nanoTime() - before < TimeUnit.MILLISECONDS.toNanos(900);
  }

  @Test
  void shouldShowWhoComesAndGoes() {
    SharedText bob = device("bob", Transport.POLLING).text;
    SharedText cid = device("cid", Transport.WEBSOCKET).text;
    boolean inTime = false;
    for (int i = 0; !inTime; i++) {
      String name = "ann" + i;
      Device ann = device(name, Transport.POLLING);
      ann.text.insert(0, "text");
      ann.text.presence().show(name, 0xFF8800);
      ann.text.presence().select(Selection.caret(2));
      for (SharedText other : List.of(bob, cid)) {
        Await.until(
            () -> shown(other, name).anyMatch(each -> isAt(each, other, 2)), other::toString);
      }
      assertThat(shown(ann.text, name)).isEmpty();

      inTime = leavesInTime(ann);

      if (inTime) {
        for (SharedText other : List.of(bob, cid)) {
          Await.until(() -> shown(other, name).findAny().isEmpty(), other::toString);
        }
      }
      assertThat(i).as("attempts to close in time").isLessThan(20);
    }
  }

  private static Stream<Participant> shown(SharedText text, String name) {
    return text.presence().others().stream().filter(each -> each.name().equals(name));
  }

  private static boolean isAt(Participant participant, SharedText text, int caret) {
    return text.read(participant::selections).contains(Selection.caret(caret));
  }

  @Test
  void shouldLoseNothingWhenTheRelayIsStartedAgain() throws Exception {
    SharedText ann = device("ann", Transport.POLLING).text;
    SharedText bob = device("bob", Transport.POLLING).text;
    ann.insert(0, "before ");
    Await.inStep(ann, bob);
    relay.stop();
    ann.insert(0, "while it is away ");
    bob.insert(bob.length(), "also");
    relay.startAgain();

    Await.inStep(ann, bob);
    Await.done(ann.save());
    assertThat(bob.text()).isEqualTo(ann.text()).hasSize(28);
  }

  @Test
  void shouldPollWhereNoWebSocketComesAboutAndStopAsSoonAsOneDoes() throws Exception {
    try (CuttingProxy proxy = new CuttingProxy(relay.port(), 1)) {
      proxy.refuseWebSockets(true);
      Links links = new JettyLinks(Transport.AUTOMATIC, Duration.ofSeconds(5));
      SharedText ann = device("ann", proxy.uri(), links).text;
      ann.insert(0, "through");
      Await.done(ann.save());
      assertThat(ann.status().degradations()).contains(Degradation.POLLING);

      proxy.refuseWebSockets(false);

      Await.status(
          ann,
          status ->
              status.connection() == Connection.LIVE
                  && !status.degradations().contains(Degradation.POLLING));
      ann.insert(0, "a WebSocket ");
      Await.done(ann.save());
    }
  }

  /** An attempt that the client itself gives up says nothing of what the network lets pass. */
  @Test
  void shouldNotPollBecauseAnAttemptWasGivenUp() {
    for (int i = 0; i < 6; i++) {
      Device ann = device("ann" + i, Transport.AUTOMATIC);
      if (i % 2 == 0) {
        ann.client.networkChanged();
      } else {
        ann.client.disconnect();
        ann.client.reconnect();
      }
      Await.status(ann.text, status -> status.connection() == Connection.LIVE);
      assertThat(ann.text.status().degradations()).isEmpty();
    }
  }

  @Test
  void shouldNotTakeAnotherServerForARelay() throws Exception {
    HttpServer portal =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    portal.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 5);
          exchange.getResponseBody().write("login".getBytes(UTF_8));
          exchange.close();
        });
    portal.start();
    try {
      SharedText ann =
          device(
                  "ann",
                  URI.create("ws://127.0.0.1:" + portal.getAddress().getPort()),
                  new JettyLinks(Transport.POLLING, Duration.ofSeconds(5)))
              .text;
      Await.status(
          ann, status -> status.reason().equals("something else than a relay answers there"));
    } finally {
      portal.stop(0);
    }
  }

  private static final class Device implements AutoCloseable {
    final SqliteChangeStore store;
    final WeftClient client;
    final SharedText text;

    Device(Path directory, URI address, Links links) {
      store = SqliteChangeStore.open(directory, new SecureRandom());
      client =
          WeftClient.builder()
              .relay(address)
              .store(store)
              .closeWithin(Duration.ofSeconds(30))
              .backoff(Duration.ofMillis(20), Duration.ofMillis(200))
              .links(links)
              .build();
      text = client.open(NOTES);
    }

    @Override
    public void close() {
      client.close();
      store.close();
    }
  }
}
