package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.crdt.TextChange;
import dev.weft.relay.RelayServer;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The client as an embedder has it: real relay, real sockets, real stores. */
class ClientEndToEndTest {
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

  @Test
  void shouldBringTwoAuthorsToTheSameTextWhenTheyTypeAtOnce() throws Exception {
    SharedText ann = device("ann").text;
    SharedText bob = device("bob").text;
    Thread typist = new Thread(() -> type(ann, "a", 200));
    typist.start();
    type(bob, "b", 200);
    typist.join();

    Await.inStep(ann, bob);
    Await.until(() -> ann.length() == 400, ann::toString);
    assertThat(ann.text()).isEqualTo(bob.text());
  }

  @Test
  void shouldMoveToTheRelayThatADrainingOneNames() throws Exception {
    SharedText ann = device("ann").text;
    SharedText bob = device("bob").text;
    ann.insert(0, "before ");
    Await.inStep(ann, bob);
    try (RelayServer other = relay.another()) {
      Thread typist = new Thread(() -> type(ann, "a", 100));
      typist.start();
      relay.drainTo(other);
      typist.join();
      type(bob, "b", 100);
      Await.done(ann.save());
      Await.done(bob.save());
      Await.inStep(ann, bob);

      assertThat(ann.text()).isEqualTo(bob.text()).hasSize(207);
      assertThat(other.connectionsByVersion().values())
          .singleElement()
          .satisfies(count -> assertThat(count.open()).isEqualTo(2));
    }
  }

  @Test
  void shouldKeepEveryEditWhenManyThreadsTypeIntoOneText() throws Exception {
    SharedText ann = device("ann").text;
    SharedText bob = device("bob").text;
    List<Thread> typists = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Thread typist = new Thread(() -> ann.transact(text -> text.insert(0, "first")));
      Thread other = new Thread(() -> typeAtTheFront(ann, 100));
      typists.add(typist);
      typists.add(other);
    }
    typists.forEach(Thread::start);
    for (Thread typist : typists) {
      typist.join();
    }
    Await.done(ann.save());
    Await.inStep(ann, bob);
    assertThat(ann.text()).isEqualTo(bob.text()).hasSize(8 * (5 + 100));
  }

  private static void typeAtTheFront(SharedText text, int times) {
    for (int i = 0; i < times; i++) {
      text.insert(0, "x");
    }
  }

  @Test
  void shouldStoreAllThatWasAcceptedWhenClosedWhileTyping() throws Exception {
    Device ann = device("ann");
    StringBuilder accepted = new StringBuilder();
    Thread typist =
        new Thread(
            () -> {
              try {
                while (true) {
                  ann.text.insert(accepted.length(), "x");
                  accepted.append('x');
                }
              } catch (IllegalStateException e) {
                // Closed.
              }
            });
    typist.start();
    Await.until(() -> ann.text.length() > 500, ann.text::toString);
    ann.close();
    typist.join();
    assertThat(device("ann").text.text()).isEqualTo(accepted.toString());
  }

  @Test
  void shouldDeliverWhatWasWrittenOfflineWhenBack() throws Exception {
    Device ann = device("ann");
    SharedText bob = device("bob").text;
    Await.done(ann.text.caughtUp());
    ann.client.disconnect();
    Await.status(ann.text, status -> status.connection() == Connection.OFFLINE);
    type(ann.text, "a", 50);
    type(bob, "b", 50);
    Await.done(bob.delivered());
    assertThat(ann.text.status().describe())
        .isEqualTo("offline (disconnected on purpose), 50 changes waiting on this device");
    assertThat(ann.text.length()).isEqualTo(50);

    ann.client.reconnect();
    Await.done(ann.text.delivered());
    Await.inStep(ann.text, bob);
    assertThat(ann.text.text()).isEqualTo(bob.text()).hasSize(100);
    Await.status(
        ann.text, status -> status.describe().equals("live, saved on the relay (FSYNCED)"));
  }

  @Test
  void shouldGoOnWhenTheRelayIsStoppedAndStartedAgain() throws Exception {
    SharedText ann = device("ann").text;
    SharedText bob = device("bob").text;
    type(ann, "a", 20);
    Await.inStep(ann, bob);
    relay.stop();
    Await.status(ann, status -> status.connection() == Connection.OFFLINE);
    type(ann, "a", 20);
    type(bob, "b", 20);

    relay.startAgain();
    Await.done(ann.delivered());
    Await.done(bob.delivered());
    Await.inStep(ann, bob);
    assertThat(relay.stored(NOTES)).isEqualTo(ann.version());
    assertThat(ann.text()).isEqualTo(bob.text()).hasSize(60);
  }

  @Test
  void shouldHoldAtTheRelayWhatAReceiptCovers() throws Exception {
    SharedText ann = device("ann").text;
    for (int i = 0; i < 20; i++) {
      ann.insert(ann.length(), "line " + i + "\n");
      SaveReceipt receipt = Await.done(ann.save());
      assertThat(receipt.version()).isEqualTo(ann.version());
      assertThat(receipt.guarantee().level()).isEqualTo(Guarantee.Level.FSYNCED);
      assertThat(relay.stored(NOTES).includes(receipt.version())).isTrue();
    }
    Await.status(ann, status -> status.saves() == Saves.SAVED);
  }

  @Test
  void shouldGoOnSavingAfterARestartWhenTheRelayWasAway() throws Exception {
    relay.stop();
    Device ann = device("ann");
    ann.text.insert(0, "keep me");
    CompletableFuture<SaveReceipt> save = ann.text.save(Duration.ofMillis(300));
    assertThat(Await.failure(save)).isInstanceOf(TimeoutException.class);
    assertThat(ann.text.status().saves()).isEqualTo(Saves.SAVING);
    ann.close();
    assertThat(ann.text.status().unsentChanges()).isEqualTo(7);
    relay.startAgain();

    Device again = device("ann");
    assertThat(again.text.text()).isEqualTo("keep me");
    assertThat(again.text.replica()).isEqualTo(ann.text.replica());
    Await.status(again.text, status -> status.saves() == Saves.SAVED);
    Await.until(() -> again.store.pendingSaves(NOTES).isEmpty(), () -> "the save is forgotten");
    assertThat(relay.stored(NOTES)).isEqualTo(again.text.version());
  }

  @Test
  void shouldOpenOfflineWithWhatOthersWrote() throws Exception {
    Device ann = device("ann");
    Device bob = device("bob");
    type(ann.text, "a", 3_000);
    Await.inStep(ann.text, bob.text);
    Await.done(ann.text.delivered());
    bob.close();
    relay.stop();
    Device again = device("bob");
    assertThat(again.text.text()).hasSize(3_000).isEqualTo(ann.text.text());
    relay.startAgain();
  }

  @Test
  void shouldShareOneConnectionAmongManyDocuments() throws Exception {
    Device ann = device("ann");
    Device bob = device("bob");
    List<SharedText> texts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      SharedText text = ann.client.open(new DocumentId("page-" + i));
      text.insert(0, "page " + i);
      texts.add(text);
    }
    for (int i = 0; i < 20; i++) {
      SharedText reader = bob.client.open(new DocumentId("page-" + i));
      Await.inStep(texts.get(i), reader);
      assertThat(reader.text()).isEqualTo("page " + i);
    }
  }

  @Test
  void shouldApplyOthersChangesOnTheListenerExecutorAndOwnOnesOnTheCaller() throws Exception {
    ExecutorService events =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "event-thread"));
    ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    AtomicReference<String> shown = new AtomicReference<>("");
    Device ann = new Device("ann", builder -> builder.relay(relay.uri()).listenerExecutor(events));
    Device bob = device("bob");
    ann.text.observe(
        change -> {
          seen.add(change.origin() + " on " + Thread.currentThread().getName());
          StringBuilder text = new StringBuilder(shown.get());
          change.applyTo(text);
          shown.set(text.toString());
        });
    bob.text.insert(0, "from bob");
    Await.until(() -> ann.text.length() == 8, ann.text::toString);
    ann.text.insert(0, "from ann, ");
    Await.inStep(ann.text, bob.text);
    assertThat(seen)
        .containsExactly(
            TextChange.Origin.REMOTE + " on event-thread",
            TextChange.Origin.LOCAL + " on " + Thread.currentThread().getName());
    assertThat(shown.get()).isEqualTo("from ann, from bob");
    events.shutdown();
  }

  @Test
  void shouldGoOnWhenAnObserverThrows() throws Exception {
    ConcurrentLinkedQueue<Throwable> reported = new ConcurrentLinkedQueue<>();
    ExecutorService events =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task);
              thread.setUncaughtExceptionHandler((where, thrown) -> reported.add(thrown));
              return thread;
            });
    Device ann = new Device("ann", builder -> builder.relay(relay.uri()).listenerExecutor(events));
    Device bob = device("bob");
    ann.text.observe(
        change -> {
          throw new IllegalStateException("the observer's own");
        });
    type(bob.text, "b", 3);
    Await.inStep(ann.text, bob.text);
    assertThat(reported).isNotEmpty().allMatch(IllegalStateException.class::isInstance);
    events.shutdown();
  }

  @Test
  void shouldSayWhyWhenNobodyListens() {
    relay.stop();
    Device ann = device("ann");
    Await.status(
        ann.text,
        status ->
            status.connection() == Connection.OFFLINE
                && status.reason().equals("the relay cannot be reached: connection refused"));
    relay.startAgain();
  }

  @ParameterizedTest
  @CsvSource({
    "404, no relay of this protocol answers there: HTTP status 404",
    "400, the server there does not speak weft.v1",
    "503, the relay takes no more connections at the moment"
  })
  void shouldSayWhyWhenTheServerThereRefusesTheUpgrade(int status, String reason) throws Exception {
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    web.start();
    try {
      URI address = URI.create("ws://127.0.0.1:" + web.getAddress().getPort());
      Device ann = new Device("ann", builder -> builder.relay(address));
      Await.status(
          ann.text, now -> now.connection() == Connection.OFFLINE && now.reason().equals(reason));
    } finally {
      web.stop(0);
    }
  }

  @Test
  void shouldRefuseAnAddressThatIsNone() {
    assertThatThrownBy(() -> WeftClient.builder().relay(URI.create("http://localhost")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ws://host:port");
  }

  @Test
  void shouldKeepWaitingWhenTheServerNeverAnswers() throws Exception {
    try (ServerSocketChannel mute = ServerSocketChannel.open()) {
      mute.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Device ann =
          new Device(
              "ann",
              builder ->
                  builder.relay(URI.create("ws://127.0.0.1:" + mute.socket().getLocalPort())));
      Await.status(ann.text, status -> status.connection() == Connection.CONNECTING);
      ann.text.insert(0, "not held up");
      ann.close();
      assertThat(ann.text.status().unstoredChanges()).isZero();
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, Integer.getInteger("weft.cuts", 16));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldLoseAndRepeatNothingWhenConnectionsAreCutAtRandom(long seed) throws Exception {
    try (CuttingProxy toAnn = new CuttingProxy(relay.port(), 2 * seed);
        CuttingProxy toBob = new CuttingProxy(relay.port(), 2 * seed + 1)) {
      RandomGenerator random = new SplittableRandom(seed);
      toAnn.disturb(500 + random.nextInt(3_000), 1 + random.nextInt(2_000));
      toBob.disturb(500 + random.nextInt(3_000), 1 + random.nextInt(2_000));
      Device ann = new Device("ann", builder -> impatient(builder, toAnn.uri()));
      Device bob = new Device("bob", builder -> impatient(builder, toBob.uri()));
      List<CompletableFuture<SaveReceipt>> saves = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        SharedText text = random.nextBoolean() ? ann.text : bob.text;
        text.insert(random.nextInt(text.length() + 1), i % 10 == 0 ? "word ".repeat(20) : "x");
        if (random.nextInt(10) == 0) {
          saves.add(text.save());
        }
        if (random.nextInt(6) == 0) {
          SharedText other = text == ann.text ? bob.text : ann.text;
          int length = text.length();
          Await.until(() -> other.length() >= length, other::toString);
        }
      }
      for (CompletableFuture<SaveReceipt> save : saves) {
        SaveReceipt receipt = Await.done(save);
        assertThat(relay.stored(NOTES).includes(receipt.version())).isTrue();
      }
      Await.done(ann.text.delivered());
      Await.done(bob.text.delivered());
      Await.inStep(ann.text, bob.text);
      assertThat(ann.text.text()).isEqualTo(bob.text.text()).hasSize(6 * 100 + 54);
      assertThat(relay.stored(NOTES)).isEqualTo(ann.text.version());
    }
  }

  private static WeftClient.Builder impatient(WeftClient.Builder builder, URI address) {
    return builder.relay(address).backoff(Duration.ofMillis(1), Duration.ofMillis(20));
  }

  private static void type(SharedText text, String what, int times) {
    for (int i = 0; i < times; i++) {
      text.insert(text.length(), what);
    }
  }

  private Device device(String name) {
    return new Device(
        name,
        builder ->
            builder.relay(relay.uri()).backoff(Duration.ofMillis(10), Duration.ofMillis(200)));
  }

  /** A store, a client and an open text. */
  private final class Device {
    private final SqliteChangeStore store;
    private final WeftClient client;
    private final SharedText text;

    Device(String name, UnaryOperator<WeftClient.Builder> settings) {
      store = SqliteChangeStore.open(directory.resolve(name), new SecureRandom());
      client =
          settings
              .apply(WeftClient.builder().store(store).closeWithin(Duration.ofSeconds(30)))
              .build();
      text = client.open(NOTES);
      devices.add(this);
    }

    void close() {
      client.close();
      store.close();
    }
  }
}
