package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.client.SaveProgress.State;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.client.Workshop.Device;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Guarantee.Level;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.PendingSave;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.WorkspaceStore;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What saves ask for, and what is told of them. */
class SavesTest {
  private static final dev.weft.protocol.Guarantee THREE =
      new dev.weft.protocol.Guarantee(Level.REPLICATED, 3);

  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void setUp() {
    workshop = new Workshop(directory, 37);
  }

  @Test
  void shouldTellWhatASaveComesTo() {
    Device ann = workshop.device("ann");
    List<SaveProgress> told = ann.watchSaves();
    ann.text.insert(0, "abc");

    SaveReceipt receipt = workshop.await(ann.text.save());
    workshop.run(Duration.ofMillis(10));

    assertThat(told)
        .extracting(SaveProgress::state)
        .containsExactly(State.PENDING, State.ACKNOWLEDGED);
    assertThat(told.get(1).receipt()).isEqualTo(receipt);
    assertThat(told).extracting(SaveProgress::at).containsOnly(Workshop.NOW);
    assertThat(told).extracting(SaveProgress::version).containsOnly(ann.text.version());
  }

  @Test
  void shouldTellTheLastToWhoListensLater() {
    Device ann = workshop.device("ann");
    workshop.await(ann.text.save());

    List<SaveProgress> told = ann.watchSaves();
    workshop.run(Duration.ofMillis(10));

    assertThat(told).extracting(SaveProgress::state).containsExactly(State.ACKNOWLEDGED);
  }

  @Test
  void shouldSendASaveThatIsReadyBeforeTheKeystrokesAfterIt() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.run(Duration.ofSeconds(1));
    workshop.relay.received.clear();
    workshop.relay.fill(true);
    String more = "more than may wait for a socket".repeat(10_000);
    ann.text.insert(0, more);
    CompletableFuture<SaveReceipt> save = ann.text.save();
    workshop.run(Duration.ofMillis(100));
    ann.text.insert(more.length(), "and a key");
    workshop.run(Duration.ofMillis(100));
    VersionVector after = ann.text.version();

    workshop.relay.fill(false);
    SaveReceipt receipt = workshop.await(save);
    workshop.await("all is there", () -> workshop.relay.version("notes").equals(after));

    assertThat(workshop.relay.received)
        .filteredOn(
            each -> each instanceof ClientMessage.Edits || each instanceof ClientMessage.Save)
        .extracting(ClientMessage::getClass)
        .containsExactly(
            ClientMessage.Edits.class, ClientMessage.Save.class, ClientMessage.Edits.class);
    assertThat(receipt.version()).isNotEqualTo(after);
  }

  @Test
  void shouldTellWhyASaveWasRefused() {
    workshop.relay.refuseSaves = Refusal.forGood("no-room", "the disk is full");
    Device ann = workshop.device("ann");
    List<SaveProgress> told = ann.watchSaves();
    ann.text.insert(0, "abc");

    workshop.awaitFailure(ann.text.save());
    workshop.run(Duration.ofMillis(10));

    assertThat(told).extracting(SaveProgress::state).containsExactly(State.PENDING, State.REFUSED);
    assertThat(Objects.requireNonNull(told.get(1).refusal()).reason())
        .isEqualTo("the disk is full");
  }

  @Test
  void shouldTellOnceOfSavesThatJoin() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    List<SaveProgress> told = ann.watchSaves();
    List<CompletableFuture<SaveReceipt>> receipts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ann.text.insert(0, "x");
      receipts.add(ann.text.save());
    }
    workshop.run(Duration.ofSeconds(1));
    workshop.relay.reachable = true;
    receipts.forEach(workshop::await);
    workshop.run(Duration.ofMillis(10));

    assertThat(told)
        .extracting(SaveProgress::state)
        .containsExactly(State.PENDING, State.ACKNOWLEDGED);
    assertThat(told.get(1).version()).isEqualTo(ann.text.version());
  }

  @Test
  void shouldTellOfEachSaveThatWasPendingHowItEnds() {
    workshop.relay.ignored = message -> message instanceof ClientMessage.Save;
    Device ann = workshop.device("ann");
    ann.awaitLive();
    List<SaveProgress> told = ann.watchSaves();
    ann.text.insert(0, "one");
    CompletableFuture<SaveReceipt> first = ann.text.save();
    workshop.await("sent", () -> workshop.relay.received(ClientMessage.Save.class).size() == 1);
    ann.text.insert(0, "two");
    CompletableFuture<SaveReceipt> second = ann.text.save();
    workshop.run(Duration.ofMillis(100));
    workshop.relay.ignored = message -> false;
    workshop.relay.cut("a cable was pulled");

    SaveReceipt receipt = workshop.await(second);
    assertThat(workshop.await(first)).isEqualTo(receipt);
    workshop.run(Duration.ofMillis(10));

    assertThat(told)
        .extracting(SaveProgress::state)
        .containsExactly(State.PENDING, State.PENDING, State.ACKNOWLEDGED, State.ACKNOWLEDGED);
    assertThat(told.subList(2, 4))
        .extracting(SaveProgress::saveId)
        .containsExactlyInAnyOrder(told.get(0).saveId(), told.get(1).saveId());
    assertThat(told.subList(2, 4)).extracting(SaveProgress::receipt).containsOnly(receipt);
  }

  @Test
  void shouldAskForTheSafestOfSavesThatJoin() {
    workshop.relay.gives = THREE;
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    CompletableFuture<SaveReceipt> safe = ann.text.save(Guarantee.replicated(3));
    CompletableFuture<SaveReceipt> plain = ann.text.save();
    workshop.run(Duration.ofSeconds(1));
    workshop.relay.reachable = true;

    assertThat(workshop.await(safe).guarantee().copies()).isEqualTo(3);
    assertThat(workshop.await(plain).guarantee().copies()).isEqualTo(3);
  }

  /** Each thread reads the version before it queues for the loop, so they may come in any order. */
  @Test
  void shouldCoverWhatEveryCallerAskedForWhateverTheOrder() {
    Device ann = workshop.deviceAlone("ann", builder -> {});
    ann.text.insert(0, "one");
    VersionVector older = ann.text.version();
    ann.text.insert(0, "two");
    VersionVector newer = ann.text.version();
    workshop.await(ann.text.save());
    ann.close();
    SqliteChangeStore store = SqliteChangeStore.open(directory.resolve("ann"), workshop.random);
    dev.weft.client.Saves saves = savesOf(store);
    CompletableFuture<SaveReceipt> ofNewer = new CompletableFuture<>();
    CompletableFuture<SaveReceipt> ofOlder = new CompletableFuture<>();

    saves.request(newer, Guarantee.replicated(3), null, ofNewer);
    workshop.run(Duration.ofSeconds(1));
    assertThat(saves.next(1, newer, version -> 0)).isNotNull();
    saves.request(older, null, null, ofOlder);
    saves.linkLost();
    workshop.run(Duration.ofSeconds(1));

    assertThat(store.pendingSaves(Workshop.DOCUMENT))
        .extracting(PendingSave::version, PendingSave::copies)
        .containsExactly(tuple(newer, 3));
    ClientMessage.Save sent = (ClientMessage.Save) saves.next(1, newer, version -> 0);
    assertThat(Objects.requireNonNull(sent).vector()).isEqualTo(newer);
    saves.acknowledged(new RelayMessage.SaveAcknowledged(1, sent.id(), sent.vector(), THREE));
    saves.tellCallers();
    assertThat(ofNewer.join().version()).isEqualTo(newer);
    assertThat(ofOlder.join().version()).isEqualTo(newer);
    store.close();
  }

  private dev.weft.client.Saves savesOf(WorkspaceStore store) {
    VirtualTime.Line line = workshop.time.line(0);
    Environment environment =
        new Environment(
            line,
            line,
            line,
            line,
            Runnable::run,
            Runnable::run,
            workshop.time::nanos,
            InstantSource.fixed(Workshop.NOW),
            workshop.random,
            workshop.relay);
    StoredText stored = StoredText.load(store, Workshop.DOCUMENT);
    LocalCopy copy = new LocalCopy(stored.text(), stored.relayDurable(), () -> {});
    Journal journal = new Journal(stored, copy, environment, Duration.ofMillis(50), () -> {});
    return new dev.weft.client.Saves(
        journal, environment, true, new WaitingTimes(), () -> {}, progress -> {});
  }

  @ParameterizedTest
  @MethodSource("longDurations")
  void shouldSaveWithADeadlineThatNeverComes(Duration longest) {
    Device ann = workshop.device("ann");
    workshop.relay.reachable = false;
    ann.text.insert(0, "abc");
    CompletableFuture<SaveReceipt> receipt = ann.text.save(longest);
    workshop.run(Duration.ofMinutes(10));
    assertThat(receipt).isNotDone();
    workshop.relay.reachable = true;

    assertThat(workshop.await(receipt).version()).isEqualTo(ann.text.version());
  }

  @ParameterizedTest
  @MethodSource("longDurations")
  void shouldSaveWithAClientThatIsEndlesslyPatient(Duration longest) {
    Device ann =
        workshop.device(
            "ann",
            builder ->
                builder
                    .staleAfter(longest)
                    .storeWindow(longest)
                    .closeWithin(longest)
                    .backoff(Duration.ofMillis(1), longest));
    ann.awaitLive();
    ann.text.insert(0, "abc");

    assertThat(workshop.await(ann.text.save()).version()).isEqualTo(ann.text.version());
    workshop.run(Duration.ofMinutes(10));
    assertThat(ann.text.status().freshness()).isEqualTo(SyncStatus.Freshness.FRESH);
    assertThat(workshop.relay.connections()).isOne();
    ann.close();
  }

  private static Stream<Duration> longDurations() {
    return Stream.of(
        ChronoUnit.FOREVER.getDuration(),
        Duration.ofSeconds(Long.MAX_VALUE),
        Duration.ofNanos(Long.MAX_VALUE));
  }

  @Test
  void shouldNotRefuseWhoAskedForLessBecauseOfWhoAskedForMore() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");
    CompletableFuture<SaveReceipt> plain = ann.text.save();
    CompletableFuture<SaveReceipt> three = ann.text.save(Guarantee.replicated(3));
    CompletableFuture<SaveReceipt> two = ann.text.save(Guarantee.replicated(2));
    List<SaveProgress> told = ann.watchSaves();
    workshop.run(Duration.ofSeconds(1));
    workshop.relay.reachable = true;

    for (CompletableFuture<SaveReceipt> asked : List.of(three, two)) {
      assertThat(workshop.awaitFailure(asked))
          .isInstanceOfSatisfying(
              SaveRefusedException.class,
              e -> assertThat(e.code()).isEqualTo(Codes.GUARANTEE_UNAVAILABLE));
    }
    assertThat(workshop.await(plain).guarantee()).isEqualTo(Guarantee.FSYNCED);
    workshop.run(Duration.ofMillis(50));
    assertThat(told).last().extracting(SaveProgress::state).isEqualTo(State.ACKNOWLEDGED);
    assertThat(ann.text.status().saves()).isEqualTo(Saves.SAVED);
    assertThat(ann.store.pendingSaves(Workshop.DOCUMENT)).isEmpty();
  }

  @Test
  void shouldNotTakeLessThanWasAskedForAsAnAnswer() {
    workshop.relay.gives = THREE;
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.text.insert(0, "abc");
    workshop.relay.lost = message -> message instanceof RelayMessage.SaveAcknowledged;
    CompletableFuture<SaveReceipt> receipt = ann.text.save(Guarantee.replicated(2));
    workshop.await("sent", () -> !workshop.relay.received(ClientMessage.Save.class).isEmpty());
    workshop.relay.sendToAll(
        new RelayMessage.SaveAcknowledged(
            1,
            workshop.relay.received(ClientMessage.Save.class).get(0).id(),
            ann.text.version(),
            dev.weft.protocol.Guarantee.FSYNCED));
    workshop.run(Duration.ofSeconds(1));

    assertThat(receipt).isNotDone();
  }

  @Test
  void shouldRefuseWhatTheRelayCannotGive() {
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");

    Throwable refused = workshop.awaitFailure(ann.text.save(Guarantee.replicated(2)));

    assertThat(refused)
        .isInstanceOf(SaveRefusedException.class)
        .hasMessage("refused (guarantee-unavailable): this relay keeps 1");
    assertThat(workshop.await(ann.text.save()).guarantee()).isEqualTo(Guarantee.FSYNCED);
  }

  @Test
  void shouldSaveOnThisDeviceAloneWhereThatIsAskedFor() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");

    SaveReceipt receipt = workshop.await(ann.text.save(Guarantee.DEVICE));

    assertThat(receipt.guarantee()).isEqualTo(Guarantee.DEVICE);
    assertThat(ann.text.status().saves()).isEqualTo(Saves.UNSAVED);
  }

  @Test
  void shouldRefuseARelaysGuaranteeWithoutARelay() {
    Device alone = workshop.deviceAlone("alone", builder -> {});

    Throwable refused = workshop.awaitFailure(alone.text.save(Guarantee.FSYNCED));

    assertThat(refused)
        .isInstanceOfSatisfying(
            SaveRefusedException.class,
            e -> assertThat(e.code()).isEqualTo(Codes.GUARANTEE_UNAVAILABLE));
  }

  /**
   * Who asks for more, once for each round trip, is refused each time; who asked for less waits.
   */
  @Test
  void shouldNotStarveWhoAskedForLessWhileOthersAskForMore() {
    workshop.relay.maxDelayNanos = Duration.ofMillis(50).toNanos();
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");
    CompletableFuture<SaveReceipt> plain = ann.text.save();
    CompletableFuture<SaveReceipt> unused = ann.text.save(Guarantee.replicated(3));
    workshop.run(Duration.ofSeconds(1));
    workshop.relay.reachable = true;

    for (int i = 0; i < 20 && !plain.isDone(); i++) {
      int before = workshop.relay.received(ClientMessage.Save.class).size();
      workshop.await(
          "sent", () -> workshop.relay.received(ClientMessage.Save.class).size() > before);
      CompletableFuture<SaveReceipt> more = ann.text.save(Guarantee.replicated(3));
      assertThat(more).isNotDone();
    }

    assertThat(plain).isCompleted();
  }

  @Test
  void shouldNotJoinWhoAskedForMoreAgainWhenTheLinkIsLost() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");
    CompletableFuture<SaveReceipt> plain = ann.text.save();
    CompletableFuture<SaveReceipt> three = ann.text.save(Guarantee.replicated(3));
    workshop.run(Duration.ofSeconds(1));
    workshop.relay.reachable = true;
    workshop.relay.ignored =
        message -> message instanceof ClientMessage.Save save && save.guarantee().copies() == 1;
    workshop.awaitFailure(three);
    workshop.await(
        "the plain one is sent",
        () -> workshop.relay.received(ClientMessage.Save.class).size() == 2);
    CompletableFuture<SaveReceipt> more = ann.text.save(Guarantee.replicated(3));
    workshop.run(Duration.ofMillis(100));
    workshop.relay.received.clear();
    workshop.relay.ignored = message -> false;

    workshop.relay.cut("a cable was pulled");
    workshop.await(plain);
    workshop.awaitFailure(more);

    assertThat(workshop.relay.received(ClientMessage.Save.class))
        .extracting(save -> save.guarantee().copies())
        .containsExactly(1, 3);
  }

  @Test
  void shouldForgetCallersWhoseDeadlineIsOver() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");
    List<WeakReference<CompletableFuture<SaveReceipt>>> waits = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      waits.add(new WeakReference<>(ann.text.save(Duration.ofMillis(500))));
    }
    workshop.run(Duration.ofMinutes(1));

    Await.until(
        () -> {
          System.gc();
          return waits.stream().filter(wait -> !wait.refersTo(null)).count() < 10;
        },
        () -> "the save holds callers who wait no more");
  }

  /** The deadline ends the wait, and not what was asked for. */
  @Test
  void shouldGoOnWithWhatWasAskedForByCallersWhoseDeadlineIsOver() {
    workshop.relay.gives = new dev.weft.protocol.Guarantee(Level.REPLICATED, 2);
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");
    CompletableFuture<SaveReceipt> two =
        ann.text.save(Guarantee.replicated(2), Duration.ofMillis(500));
    CompletableFuture<SaveReceipt> plain = ann.text.save();
    CompletableFuture<SaveReceipt> three = ann.text.save(Guarantee.replicated(3));
    workshop.run(Duration.ofSeconds(1));
    assertThat(two).isCompletedExceptionally();
    workshop.relay.reachable = true;

    workshop.awaitFailure(three);
    assertThat(workshop.await(plain).guarantee()).isEqualTo(Guarantee.replicated(2));
    assertThat(workshop.relay.received(ClientMessage.Save.class))
        .extracting(save -> save.guarantee().copies())
        .containsExactly(3, 2);
  }

  @Test
  void shouldWaitForAsLongAsTheRelayAsksWithSavesThatJoinToo() {
    workshop.relay.refuseSaves = Refusal.forNow(Codes.OVERLOADED, "later", 60_000);
    Device ann = workshop.device("ann");
    ann.awaitLive();
    for (int i = 0; i < 100; i++) {
      ann.text.insert(0, "x");
      CompletableFuture<SaveReceipt> unused = ann.text.save();
      workshop.run(Duration.ofMillis(100));
    }

    assertThat(workshop.relay.received(ClientMessage.Save.class)).hasSize(1);
    workshop.relay.refuseSaves = null;
    assertThat(workshop.await(ann.text.save()).version()).isEqualTo(ann.text.version());
    assertThat(workshop.relay.received(ClientMessage.Save.class)).hasSize(2);
  }

  @Test
  void shouldRefuseGuaranteesThatAreNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Guarantee.replicated(1))
        .withMessage("REPLICATED does not go with that many copies, copies=1");
  }
}
