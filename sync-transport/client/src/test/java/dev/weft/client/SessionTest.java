package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.client.Workshop.Device;
import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The session, the channel and the saves against a model relay, in virtual time. */
class SessionTest {
  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void setUp() {
    workshop = new Workshop(directory, 7);
  }

  @Test
  void shouldBringTwoAuthorsToTheSameTextWhenTheyTypeConcurrently() {
    Device ann = workshop.device("ann");
    Device bob = workshop.device("bob");
    ann.awaitLive();
    bob.awaitLive();

    ann.text.insert(0, "hello ");
    bob.text.insert(0, "world");

    workshop.await(
        "both have both",
        () -> ann.text.length() == 11 && ann.text.version().equals(bob.text.version()));
    assertThat(ann.text.text()).isEqualTo(bob.text.text());
  }

  @Test
  void shouldTellWhatWaitsWhenOffline() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");
    workshop.run(Duration.ofSeconds(1));

    SyncStatus status = ann.text.status();
    assertThat(status.unsentChanges()).isEqualTo(3);
    assertThat(status.unstoredChanges()).isZero();
    assertThat(status.saves()).isEqualTo(Saves.UNSAVED);
    assertThat(status.freshness()).isEqualTo(Freshness.STALE);
    workshop.await("offline", () -> ann.text.status().connection() == Connection.OFFLINE);
    assertThat(ann.text.status().describe())
        .isEqualTo(
            "offline (the relay cannot be reached: connection refused), "
                + "3 changes waiting on this device");
  }

  @Test
  void shouldDeliverWhatWaitedWhenTheRelayIsBack() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");
    CompletableFuture<Void> delivered = ann.text.delivered();
    workshop.run(Duration.ofSeconds(20));
    assertThat(delivered).isNotDone();

    workshop.relay.reachable = true;
    workshop.await(delivered);

    assertThat(workshop.relay.durable("notes")).isEqualTo(ann.text.version());
    assertThat(ann.text.status().describe()).isEqualTo("live, saved on the relay (FSYNCED)");
  }

  @Test
  void shouldSendKeystrokesTogetherWhenTheyComeInOneTurn() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    for (int i = 0; i < 100; i++) {
      ann.text.insert(i, "x");
    }
    workshop.await(ann.text.delivered());
    assertThat(workshop.relay.received(ClientMessage.Edits.class)).hasSize(1);
  }

  @Test
  void shouldGoOnSendingAfterADefect() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.relay.defect = new IllegalStateException("a defect");
    ann.text.insert(0, "abc");
    assertThatThrownBy(() -> workshop.run(Duration.ofSeconds(1))).hasMessage("a defect");

    ann.text.insert(0, "def");
    workshop.await(ann.text.delivered());
  }

  @Test
  void shouldGatherKeystrokesWhenTheRelayAsksForIt() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.relay.sendToAll(new RelayMessage.Throttle(0, 1_000, 5_000, Codes.OVERLOADED, "busy"));
    workshop.await(
        "throttled", () -> ann.text.status().degradations().contains(Degradation.THROTTLED));
    for (int i = 0; i < 30; i++) {
      ann.text.insert(0, "x");
      workshop.run(Duration.ofMillis(100));
    }
    assertThat(workshop.relay.received(ClientMessage.Edits.class)).hasSizeLessThanOrEqualTo(4);
    workshop.run(Duration.ofSeconds(5));
    assertThat(ann.text.status().degradations()).isEmpty();
    assertThat(workshop.relay.version("notes")).isEqualTo(ann.text.version());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2_000})
  void shouldSendWhatWaitsSoonAfterTheThrottleHasEnded(int lastsMillis) {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.text.insert(0, "a");
    workshop.run(Duration.ofSeconds(1));
    workshop.relay.sendToAll(
        new RelayMessage.Throttle(0, 60_000, lastsMillis, Codes.OVERLOADED, "busy"));
    workshop.run(Duration.ofSeconds(1));
    ann.text.insert(0, "b");
    workshop.run(Duration.ofMillis(500));
    assertThat(workshop.relay.version("notes")).isNotEqualTo(ann.text.version());

    if (lastsMillis == 0) {
      workshop.relay.sendToAll(new RelayMessage.Throttle(0, 0, 0, Codes.OVERLOADED, ""));
    }
    workshop.run(Duration.ofSeconds(1));

    assertThat(ann.text.status().degradations()).isEmpty();
    assertThat(workshop.relay.version("notes")).isEqualTo(ann.text.version());
  }

  @Test
  void shouldSendInPartsWhenTheRelayTakesOnlySmallMessages() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    Device bob = workshop.device("bob");
    workshop.relay.maxFrameBytes = 400;
    // Two authors in turn make many changes, where one alone makes a single long one.
    workshop.relay.reachable = true;
    ann.awaitLive();
    bob.awaitLive();
    for (int i = 0; i < 40; i++) {
      Device author = i % 2 == 0 ? ann : bob;
      Device reader = i % 2 == 0 ? bob : ann;
      author.text.insert(0, "line " + i + "\n");
      workshop.await("seen", () -> reader.text.version().equals(author.text.version()));
    }
    workshop.relay.crash();
    workshop.relay.received.clear();
    workshop.await(ann.text.delivered());
    workshop.await(bob.text.delivered());
    assertThat(workshop.relay.durable("notes")).isEqualTo(ann.text.version());
    for (ClientMessage.Edits message : workshop.relay.received(ClientMessage.Edits.class)) {
      assertThat(message.changes().size()).isLessThanOrEqualTo(400);
    }
  }

  @Test
  void shouldAcknowledgeSaveOnlyWhenAllItCoversIsDurable() {
    Device ann = workshop.device("ann");
    ann.text.insert(0, "keep me");
    SaveReceipt receipt = workshop.await(ann.text.save());
    assertThat(receipt.version()).isEqualTo(ann.text.version());
    assertThat(receipt.guarantee().level()).isEqualTo(Guarantee.Level.FSYNCED);
    assertThat(workshop.relay.durable("notes").includes(receipt.version())).isTrue();
    workshop.await("forgotten", () -> ann.store.pendingSaves(Workshop.DOCUMENT).isEmpty());
    assertThat(ann.text.status().saves()).isEqualTo(Saves.SAVED);
  }

  @Test
  void shouldCompleteEverySaveWhenManyWereAskedForOffline() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    CompletableFuture<?>[] saves = new CompletableFuture<?>[1_000];
    for (int i = 0; i < saves.length; i++) {
      ann.text.insert(i, "x");
      saves[i] = ann.text.save();
    }
    workshop.run(Duration.ofSeconds(10));
    assertThat(ann.store.pendingSaves(Workshop.DOCUMENT)).hasSize(1);
    assertThat(ann.text.status().saves()).isEqualTo(Saves.SAVING);

    workshop.relay.reachable = true;
    workshop.await(CompletableFuture.allOf(saves));
    workshop.await("forgotten", () -> ann.store.pendingSaves(Workshop.DOCUMENT).isEmpty());
  }

  @Test
  void shouldGoOnSavingWhenTheClientWasRestarted() {
    workshop.relay.ignored = message -> message instanceof ClientMessage.Save;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "keep me");
    CompletableFuture<SaveReceipt> receipt = ann.text.save();
    workshop.await("asked", () -> !workshop.relay.received(ClientMessage.Save.class).isEmpty());
    String id = workshop.relay.received(ClientMessage.Save.class).get(0).id();
    ann.crash();
    assertThat(receipt).isNotDone();

    workshop.relay.ignored = message -> false;
    workshop.relay.received.clear();
    Device again = workshop.device("ann");
    assertThat(again.text.text()).isEqualTo("keep me");
    assertThat(again.text.status().saves()).isEqualTo(Saves.SAVING);
    workshop.await("saved", () -> again.text.status().saves() == Saves.SAVED);
    assertThat(workshop.relay.received(ClientMessage.Save.class))
        .extracting(ClientMessage.Save::id)
        .containsOnly(id);
    workshop.await("forgotten", () -> again.store.pendingSaves(Workshop.DOCUMENT).isEmpty());
  }

  @Test
  void shouldFailTheFutureAndKeepTheSaveWhenTheTextIsClosedBeforeTheAnswer() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "keep me");
    CompletableFuture<SaveReceipt> receipt = ann.text.save();
    workshop.run(Duration.ofSeconds(1));
    ann.close();
    assertThat(workshop.awaitFailure(receipt))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("it is kept");

    workshop.relay.reachable = true;
    Device again = workshop.device("ann");
    workshop.await("saved", () -> again.text.status().saves() == Saves.SAVED);
    assertThat(workshop.relay.durable("notes")).isEqualTo(again.text.version());
  }

  @Test
  void shouldRetrySaveWhenTheRelayRefusesForNow() {
    workshop.relay.refuseSaves = Refusal.forNow(Codes.STORE_UNAVAILABLE, "the disk is full", 500);
    Device ann = workshop.device("ann");
    ann.text.insert(0, "x");
    CompletableFuture<SaveReceipt> receipt = ann.text.save();
    workshop.await(
        "asked again", () -> workshop.relay.received(ClientMessage.Save.class).size() >= 3);
    assertThat(receipt).isNotDone();
    assertThat(ann.text.status().saves()).isEqualTo(Saves.SAVING);

    workshop.relay.refuseSaves = null;
    workshop.await(receipt);
  }

  @Test
  void shouldRefuseSaveWithReasonWhenTheRelayRefusesForGood() {
    workshop.relay.refuseSaves = Refusal.forGood(Codes.UNAUTHORISED, "you may not save this");
    Device ann = workshop.device("ann");
    ann.text.insert(0, "x");
    CompletableFuture<SaveReceipt> receipt = ann.text.save();
    assertThat(workshop.awaitFailure(receipt))
        .isInstanceOfSatisfying(
            SaveRefusedException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(Codes.UNAUTHORISED);
              assertThat(refused.reason()).isEqualTo("you may not save this");
              assertThat(refused.retryable()).isFalse();
            });
    assertThat(ann.text.status().saves()).isEqualTo(Saves.REFUSED);
    assertThat(ann.text.status().describe()).contains("not saved: you may not save this");
  }

  @Test
  void shouldEndTheWaitAndKeepTheSaveWhenTheDeadlineIsOver() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "x");
    CompletableFuture<SaveReceipt> receipt = ann.text.save(Duration.ofSeconds(2));
    workshop.run(Duration.ofMillis(2_100));
    assertThat(workshop.awaitFailure(receipt)).isInstanceOf(TimeoutException.class);
    assertThat(ann.text.status().saves()).isEqualTo(Saves.SAVING);
    assertThat(ann.store.pendingSaves(Workshop.DOCUMENT)).hasSize(1);
  }

  @Test
  void shouldSendAgainAfterAWhileWhenTheRelayRefusesEditsForNow() {
    workshop.relay.refuseEdits = Refusal.forNow(Codes.OVERLOADED, "too much", 300);
    Device ann = workshop.device("ann");
    ann.text.insert(0, "x");
    workshop.await("tried", () -> workshop.relay.received(ClientMessage.Edits.class).size() >= 2);
    workshop.relay.refuseEdits = null;
    workshop.await(ann.text.delivered());
  }

  /** As by polling an answer may lack one. */
  @Test
  void shouldFindADeadLinkInTimeThoughASignOfLifeWasLostBefore() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    AtomicBoolean lost = new AtomicBoolean();
    workshop.relay.lost =
        message ->
            message instanceof RelayMessage.Pong pong
                && pong.channel() == 0
                && lost.compareAndSet(false, true);
    workshop.await("lost", lost::get);
    ann.text.insert(0, incompressible(100_000));
    workshop.await(ann.text.delivered());
    workshop.run(Duration.ofSeconds(30));
    assertThat(ann.text.status().freshness()).isEqualTo(Freshness.FRESH);

    workshop.relay.silent = true;
    workshop.run(Duration.ofSeconds(25));
    assertThat(ann.text.status().connection()).isNotEqualTo(Connection.LIVE);
  }

  /** More than one question is open then, and what was sent since is no gap. */
  @Test
  void shouldSendKeystrokesOnceOverALongWay() throws MalformedUpdateException {
    workshop.relay.maxDelayNanos = 1;
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.run(Duration.ofSeconds(20));
    workshop.relay.maxDelayNanos = Duration.ofSeconds(3).toNanos();
    workshop.run(Duration.ofSeconds(20));
    for (int i = 0; i < 600; i++) {
      ann.text.insert(ann.text.length(), "x");
      workshop.run(Duration.ofMillis(100));
    }
    workshop.relay.maxDelayNanos = 1;
    workshop.await(ann.text.delivered());

    long sent = 0;
    for (ClientMessage.Edits each : workshop.relay.received(ClientMessage.Edits.class)) {
      for (Change change : Change.parse(each.changes().bytes())) {
        sent += change.end() - change.start();
      }
    }
    assertThat(sent).isBetween(600L, 660L);
  }

  @Test
  void shouldStayConnectedAndAskNowAndThenThoughAllIsStaleAtOnce() {
    Device ann = workshop.device("ann", builder -> builder.staleAfter(Duration.ofNanos(1)));
    ann.awaitLive();
    workshop.run(Duration.ofMinutes(1));

    assertThat(ann.text.status().connection()).isEqualTo(Connection.LIVE);
    assertThat(ann.text.status().freshness()).isEqualTo(Freshness.STALE);
    assertThat(workshop.relay.received(ClientMessage.Hello.class).size()).isOne();
    assertThat(workshop.relay.received(ClientMessage.Ping.class).size()).isLessThan(5_000);
  }

  @Test
  void shouldOpenOfflineWithWhatOthersWrote() {
    Device ann = workshop.device("ann");
    Device bob = workshop.device("bob");
    ann.text.insert(0, "by ann");
    workshop.await("seen", () -> bob.text.length() == 6);
    bob.close();
    workshop.relay.reachable = false;
    assertThat(workshop.device("bob").text.text()).isEqualTo("by ann");
  }

  @Test
  void shouldKeepTheReplicaIdOnlyWhenClosedInGoodOrder() {
    Device ann = workshop.device("ann");
    ann.text.insert(0, "x");
    ann.close();
    Device again = workshop.device("ann");
    assertThat(again.text.replica()).isEqualTo(ann.text.replica());
    again.text.insert(0, "y");
    again.crash();
    assertThat(workshop.device("ann").text.replica()).isNotEqualTo(ann.text.replica());
  }

  @Test
  void shouldStoreWithinTheWindowHoweverLongNobodyTyped() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    Device alone = workshop.device("alone", false);
    for (int pauseMillis : new int[] {1, 40, 300, 990, 1_000, 1_010, 1_500, 30_000, 1}) {
      for (Device device : List.of(ann, alone)) {
        device.text.insert(0, "x");
      }
      workshop.run(Duration.ofMillis(60));
      for (Device device : List.of(ann, alone)) {
        assertThat(device.text.status().unstoredChanges()).as("%d ms", pauseMillis).isZero();
        assertThat(device.store.version(Workshop.DOCUMENT)).isEqualTo(device.text.version());
      }
      workshop.run(Duration.ofMillis(pauseMillis));
    }
    // Somebody who goes on typing when the relay is back is heard at once.
    workshop.relay.reachable = true;
    while (ann.text.status().connection() != Connection.LIVE) {
      ann.text.insert(0, "y");
      workshop.run(Duration.ofMillis(30));
    }
    ann.text.insert(0, "z");
    workshop.run(Duration.ofMillis(700));
    assertThat(workshop.relay.version("notes")).isEqualTo(ann.text.version());
  }

  @Test
  void shouldKeepEverythingHereWhenThereIsNoRelay() {
    Device ann = workshop.device("ann", false);
    ann.text.insert(0, "mine");
    workshop.await(ann.text.caughtUp());
    SaveReceipt receipt = workshop.await(ann.text.save());
    assertThat(receipt.guarantee().level()).isEqualTo(Guarantee.Level.DEVICE);
    assertThat(ann.text.status().describe())
        .isEqualTo("offline (no relay is set), saved on this device");
    CompletableFuture<Void> delivered = ann.text.delivered();
    assertThat(workshop.awaitFailure(delivered)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldTellEachStatusOnceAndTheLastAlways() {
    Device ann = workshop.device("ann");
    List<SyncStatus> told = new ArrayList<>();
    ann.text.onStatus(told::add);
    ann.awaitLive();
    ann.text.insert(0, "x");
    workshop.await(ann.text.delivered());
    workshop.run(Duration.ofSeconds(1));
    assertThat(told).isNotEmpty();
    for (int i = 1; i < told.size(); i++) {
      assertThat(told.get(i).saysTheSameAs(told.get(i - 1))).isFalse();
    }
    assertThat(told.get(told.size() - 1).saysTheSameAs(ann.text.status())).isTrue();
  }

  @Test
  void shouldRefuseEditsWhenClosed() {
    Device ann = workshop.device("ann");
    ann.close();
    assertThatThrownBy(() -> ann.text.insert(0, "x"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    CompletableFuture<SaveReceipt> save = ann.text.save();
    workshop.await("failed", save::isDone);
    assertThat(save).isCompletedExceptionally();
  }

  @Test
  void shouldRefuseToOpenADocumentTwice() {
    Device ann = workshop.device("ann");
    assertThatThrownBy(() -> ann.client.open(Workshop.DOCUMENT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("open already");
  }

  @Test
  void shouldReadNoMoreAndStayConnectedWhenTheListenerExecutorIsStuck() {
    Device ann = workshop.device("ann");
    Device bob = workshop.device("bob");
    ann.awaitLive();
    bob.awaitLive();
    bob.holdListeners(true);
    for (int i = 0; i < 30; i++) {
      ann.text.insert(0, incompressible(200_000));
      workshop.await(ann.text.delivered());
    }
    workshop.run(Duration.ofSeconds(20));
    assertThat(bob.text.length()).isZero();
    assertThat(bob.text.status().freshness()).isEqualTo(Freshness.STALE);
    assertThat(workshop.relay.unread()).isPositive();
    assertThat(workshop.relay.connections()).isEqualTo(2);

    bob.holdListeners(false);
    workshop.await("caught up", () -> bob.text.version().equals(ann.text.version()));
    assertThat(workshop.relay.unread()).isZero();
    assertThat(workshop.relay.connections()).isEqualTo(2);
  }

  @Test
  void shouldReconnectAndSaveWhenTheListenerExecutorIsStuck() {
    Device ann = workshop.device("ann");
    Device bob = workshop.device("bob");
    ann.awaitLive();
    bob.awaitLive();
    bob.holdListeners(true);
    for (int i = 0; i < 30; i++) {
      ann.text.insert(0, incompressible(200_000));
      workshop.await(ann.text.delivered());
    }
    workshop.relay.cut("a cable was pulled");
    bob.text.insert(0, "mine");
    CompletableFuture<SaveReceipt> save = bob.text.save();
    List<String> reasons = new ArrayList<>();
    workshop.await(
        () -> reasons.toString(),
        () -> {
          String reason = bob.text.status().reason();
          if (!reasons.contains(reason)) {
            reasons.add(reason);
          }
          return save.isDone();
        });
    assertThat(save).isCompleted();
    assertThat(reasons).noneMatch(reason -> reason.contains("the relay did not answer"));

    bob.holdListeners(false);
    workshop.await("caught up", () -> bob.text.version().equals(ann.text.version()));
    bob.awaitLive();
  }

  private String incompressible(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) (0x4E00 + workshop.random.nextInt(0x5000)));
    }
    return text.toString();
  }

  @Test
  void shouldStillSendAndSaveWhenTheDiskIsFull() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.store.full = true;
    ann.text.insert(0, "precious");
    SaveReceipt receipt = workshop.await(ann.text.save());
    assertThat(receipt.version()).isEqualTo(ann.text.version());
    SyncStatus status = ann.text.status();
    assertThat(status.degradations()).contains(Degradation.STORE_UNAVAILABLE);
    assertThat(status.unstoredChanges()).isEqualTo(8);

    ann.store.full = false;
    workshop.await("stored", () -> ann.text.status().degradations().isEmpty());
    assertThat(ann.text.status().unstoredChanges()).isZero();
    assertThat(ann.store.relayDurable(Workshop.DOCUMENT)).isEqualTo(ann.text.version());
  }

  @Test
  void shouldSayThatNotAllIsStoredAndTakeANewReplicaIdWhenTheDiskIsFullAtClose() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.store.full = true;
    ann.text.insert(0, "sent, not stored");
    workshop.await(ann.text.delivered());
    CompletableFuture<?> closed = ann.closeClient();
    assertThat(workshop.awaitFailure(closed)).hasMessageContaining("the disk is full");

    Device again = workshop.device("ann");
    assertThat(again.text.replica()).isNotEqualTo(ann.text.replica());
    workshop.await("back", () -> again.text.text().equals("sent, not stored"));
  }

  @Test
  void shouldRefuseSaveWithoutRelayWhenTheDiskIsFull() {
    Device ann = workshop.device("ann", false);
    ann.store.full = true;
    ann.text.insert(0, "x");
    assertThat(workshop.awaitFailure(ann.text.save()))
        .isInstanceOfSatisfying(
            SaveRefusedException.class,
            refused -> assertThat(refused.code()).isEqualTo(Codes.STORE_UNAVAILABLE));
    assertThat(ann.text.status().saves()).isEqualTo(Saves.REFUSED);
    ann.store.full = false;
    workshop.await(ann.text.save());
    assertThat(ann.text.status().saves()).isEqualTo(Saves.SAVED);
  }

  @Test
  void shouldIgnoreWhatComesLateOnAChannelThatItHasClosed() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.relay.sendToAll(
        new RelayMessage.Edits(1, Payload.of(new byte[] {9, 9, 9}), false, null));
    workshop.await("refused", () -> ann.text.status().connection() == Connection.REFUSED);
    ann.client.reconnect();
    ann.awaitLive();

    workshop.relay.sendToAll(
        new RelayMessage.Fault(
            RelayMessage.Scope.CHANNEL, 1, Refusal.forGood(Codes.INTERNAL, "late"), List.of()));
    workshop.run(Duration.ofSeconds(1));

    assertThat(ann.text.status().connection()).isEqualTo(Connection.LIVE);
    assertThat(ann.text.status().refusal()).isNull();
  }
}
