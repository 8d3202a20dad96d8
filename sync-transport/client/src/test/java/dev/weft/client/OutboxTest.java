package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.client.Workshop.Device;
import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DeadLetter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a device does with edits that the relay does not take, or not yet: dead letters, a bounded
 * outbox, and a store that is kept tidy meanwhile.
 */
class OutboxTest {
  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void setUp() {
    workshop = new Workshop(directory, 7);
  }

  @Test
  void shouldKeepRefusedEditsAndSayItWhenTheRelayRefusesThemForGood() {
    workshop.relay.refuseEdits = Refusal.forGood(Codes.MALFORMED, "it makes no sense");
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.text.insert(0, "mine");
    CompletableFuture<Void> delivered = ann.text.delivered();
    workshop.await("refused", () -> ann.text.status().saves() == Saves.REFUSED);

    SyncStatus status = ann.text.status();
    assertThat(status.connection()).isEqualTo(Connection.LIVE);
    assertThat(status.refusal()).isEqualTo(workshop.relay.refuseEdits);
    assertThat(status.unsentChanges()).isEqualTo(4);
    assertThat(workshop.awaitFailure(delivered)).isInstanceOf(SaveRefusedException.class);
    CompletableFuture<SaveReceipt> save = ann.text.save();
    assertThat(workshop.awaitFailure(save)).isInstanceOf(SaveRefusedException.class);
    ann.text.insert(4, " too");
    workshop.run(Duration.ofSeconds(10));
    assertThat(edits()).hasSize(1);
    assertThat(ann.store.version(Workshop.DOCUMENT)).isEqualTo(ann.text.version());

    assertThat(ann.store.deadLetters(Workshop.DOCUMENT))
        .extracting(DeadLetter::number)
        .containsExactly(ann.text.deadLetters().get(0).number());
    DeadLetter letter = ann.text.deadLetters().get(0);
    assertThat(letter.code()).isEqualTo(Codes.MALFORMED);
    assertThat(letter.reason()).isEqualTo("it makes no sense");
    assertThat(letter.refusedAt()).isEqualTo(Workshop.NOW);
    assertThat(letter.changes()).singleElement().satisfies(c -> assertThat(c.end()).isEqualTo(4));

    // Others are read all the same, and nothing is sent, on no connection and after no restart.
    workshop.relay.refuseEdits = null;
    ann.client.disconnect();
    ann.client.reconnect();
    workshop.device("ben").text.insert(0, "yours ");
    workshop.await("read", () -> ann.text.text().contains("yours "));
    ann.close();
    Device again = workshop.device("ann");
    assertThat(again.text.status().saves()).isEqualTo(Saves.REFUSED);
    again.awaitLive();
    workshop.run(Duration.ofSeconds(10));
    assertThat(again.text.status().deadLetters()).isOne();
    assertThat(again.text.status().unsentChanges()).isEqualTo(8);

    again.text.retryRefused();
    workshop.run(Duration.ofMillis(1));
    workshop.await(again.text.delivered());
    assertThat(again.text.deadLetters()).isEmpty();
    workshop.run(Duration.ofSeconds(1));
    assertThat(again.store.deadLetters(Workshop.DOCUMENT)).isEmpty();
  }

  @Test
  void shouldKeepDeadLetterAgainWhenRefusedEditsAreRefusedAgain() {
    workshop.relay.refuseEdits = Refusal.forGood(Codes.TOO_LARGE, "too large");
    Device ann = workshop.device("ann");
    ann.text.insert(0, "mine");
    workshop.await("refused", () -> ann.text.deadLetters().size() == 1);
    long first = ann.text.deadLetters().get(0).number();

    ann.text.retryRefused();
    workshop.await(
        "refused again",
        () -> ann.text.deadLetters().stream().anyMatch(letter -> letter.number() != first));

    workshop.run(Duration.ofMinutes(1));
    assertThat(ann.text.deadLetters()).hasSize(1);
    assertThat(edits()).hasSize(2);
  }

  @Test
  void shouldLeaveNoLetterWhenRetriedBeforeTheStoreHasIt() {
    workshop.relay.refuseEdits = Refusal.forGood(Codes.TOO_LARGE, "too large");
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.text.insert(0, "mine");
    workshop.await("refused", () -> ann.text.status().saves() == Saves.REFUSED);
    workshop.relay.refuseEdits = null;
    ann.text.retryRefused();
    workshop.await(ann.text.delivered());
    workshop.run(Duration.ofMinutes(1));

    assertThat(ann.text.status().saves()).isEqualTo(Saves.SAVED);
    assertThat(ann.text.deadLetters()).isEmpty();
    assertThat(ann.store.deadLetters(Workshop.DOCUMENT)).isEmpty();
  }

  @Test
  void shouldForgetLetterOnceTheDiskHasSpaceWhenRetriedWithout() {
    workshop.relay.refuseEdits = Refusal.forGood(Codes.TOO_LARGE, "too large");
    Device ann = workshop.device("ann");
    ann.text.insert(0, "mine");
    workshop.await("refused", () -> ann.text.deadLetters().size() == 1);
    CompletableFuture<SaveReceipt> refused = ann.text.save();
    assertThat(workshop.awaitFailure(refused)).isInstanceOf(SaveRefusedException.class);
    workshop.relay.refuseEdits = null;
    ann.store.full = true;
    ann.text.retryRefused();
    workshop.run(Duration.ofMillis(1));
    workshop.await(ann.text.delivered());
    assertThat(ann.store.deadLetters(Workshop.DOCUMENT)).hasSize(1);

    ann.store.full = false;
    workshop.await("noted", () -> ann.store.deadLetters(Workshop.DOCUMENT).isEmpty());
    workshop.await("well", () -> ann.text.status().degradations().isEmpty());
    assertThat(ann.text.status().saves()).isEqualTo(Saves.SAVED);
    assertThat(ann.store.relayDurable(Workshop.DOCUMENT)).isEqualTo(ann.text.version());
  }

  @Test
  void shouldForgetLetterWhenTheRelayGetsItsChangesByAnotherWay() {
    workshop.relay.refuseEdits = Refusal.forGood(Codes.TOO_LARGE, "too large");
    Device ann = workshop.device("ann");
    ann.text.insert(0, "mine");
    workshop.await("refused", () -> ann.text.deadLetters().size() == 1);

    workshop.relay.refuseEdits = null;
    Device ben = workshop.device("ben");
    byte[] file = ann.text.read(document -> document.changesSince(VersionVector.EMPTY));
    workshop.run(Duration.ofSeconds(1));
    apply(ben, file);
    workshop.await(ben.text.delivered());
    workshop.await("known", () -> ann.text.status().saves() == Saves.SAVED);
    assertThat(ann.text.deadLetters()).isEmpty();
    ann.text.insert(0, "on: ");
    workshop.await(ann.text.delivered());
  }

  private static void apply(Device device, byte[] update) {
    try {
      assertThat(device.text.apply(update).isComplete()).isTrue();
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldTakeNewReplicaIdWhenItCouldNotBeRetiredAtOnce() {
    workshop.relay.refuseEdits = Refusal.forGood(Codes.FORKED_IDENTITY, "two write under one id");
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.store.full = true;
    ann.text.insert(0, "mine");
    workshop.await("refused", () -> ann.text.status().saves() == Saves.REFUSED);
    workshop.run(Duration.ofMillis(100));
    ReplicaId forked = ann.text.replica();
    ann.store.full = false;
    ann.close();

    assertThat(workshop.device("ann").text.replica()).isNotEqualTo(forked);
  }

  @Test
  void shouldTryAgainWhenItMayWriteOnTheNextConnection() {
    workshop.relay.refuseEdits = Refusal.forGood(Codes.READ_ONLY, "you may only read");
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.text.insert(0, "mine");
    workshop.await("refused", () -> ann.text.deadLetters().size() == 1);
    workshop.run(Duration.ofMinutes(1));
    assertThat(edits()).hasSize(1);

    workshop.relay.refuseEdits = null;
    workshop.relay.cut("the connection was cut");
    workshop.await("saved", () -> ann.text.status().saves() == Saves.SAVED);
    assertThat(ann.text.deadLetters()).isEmpty();
  }

  @Test
  void shouldNotSendAgainAndAgainWhatTheRelayRefusesWhileItSaysOtherwise() {
    workshop.relay.refuseEdits = Refusal.forGood(Codes.READ_ONLY, "you may only read");
    workshop.relay.refuseByChannel = true;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "mine");
    workshop.await("refused", () -> ann.text.deadLetters().size() == 1);
    workshop.run(Duration.ofMinutes(5));

    assertThat(edits()).hasSize(1);
    assertThat(ann.text.status().connection()).isEqualTo(Connection.LIVE);
  }

  @Test
  void shouldNotReadTheTextAgainAndAgainWhileSnapshotsFail() {
    Device ann = workshop.device("ann", false);
    ann.store.noSnapshots = true;
    ann.text.insert(0, "x".repeat(5_000));
    workshop.run(Duration.ofSeconds(1));
    int loads = ann.store.loads.get();
    for (int i = 0; i < 100; i++) {
      ann.text.insert(0, "y");
      workshop.run(Duration.ofMillis(60));
    }
    assertThat(ann.store.loads.get()).isEqualTo(loads);
    ann.store.noSnapshots = false;
    ann.text.insert(0, "x".repeat(5_000));
    workshop.await("a snapshot", () -> ann.store.snapshot(Workshop.DOCUMENT).isPresent());
  }

  @Test
  void shouldKeepDeadLetterOnceTheDiskHasSpaceAgain() {
    workshop.relay.refuseEdits = Refusal.forGood(Codes.TOO_LARGE, "too large");
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.store.full = true;
    ann.text.insert(0, "mine");
    workshop.await("refused", () -> ann.text.status().saves() == Saves.REFUSED);
    workshop.run(Duration.ofMinutes(1));
    assertThat(ann.text.deadLetters()).isEmpty();

    ann.store.full = false;
    workshop.await("kept", () -> ann.text.deadLetters().size() == 1);
    assertThat(ann.store.deadLetters(Workshop.DOCUMENT)).hasSize(1);
  }

  @Test
  void shouldSendRefusedEditsOnceThisClientMayWrite() {
    workshop.relay.access = RelayMessage.Access.READ;
    workshop.relay.refuseEdits = Refusal.forGood(Codes.READ_ONLY, "you may only read");
    Device ann = workshop.device("ann");
    ann.text.insert(0, "mine");
    workshop.await("refused", () -> ann.text.deadLetters().size() == 1);
    assertThat(ann.text.status().degradations()).contains(Degradation.READ_ONLY);
    ann.close();

    workshop.relay.access = RelayMessage.Access.WRITE;
    workshop.relay.refuseEdits = null;
    Device again = workshop.device("ann");
    assertThat(again.text.status().saves()).isEqualTo(Saves.REFUSED);
    workshop.await("saved", () -> again.text.status().saves() == Saves.SAVED);
    assertThat(again.text.deadLetters()).isEmpty();
  }

  @Test
  void shouldReadOnWhenTheRelayClosesTheChannelBecauseOfEdits() {
    workshop.relay.refuseEdits = Refusal.forGood(Codes.FORKED_IDENTITY, "two write under one id");
    workshop.relay.refuseByChannel = true;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "mine");
    workshop.await("refused", () -> ann.text.deadLetters().size() == 1);
    workshop.relay.refuseEdits = null;
    workshop.device("ben").text.insert(0, "yours ");
    workshop.await("read", () -> ann.text.text().contains("yours "));
    assertThat(ann.text.status().connection()).isEqualTo(Connection.LIVE);
    assertThat(ann.text.status().saves()).isEqualTo(Saves.REFUSED);
    ReplicaId forked = ann.text.replica();
    ann.close();
    assertThat(workshop.device("ann").text.replica()).isNotEqualTo(forked);
  }

  @Test
  void shouldNotOpenAgainWhenTheTextIsClosedBecauseOfTheRefusal() {
    workshop.relay.refuseEdits = Refusal.forGood(Codes.TOO_LARGE, "too large");
    workshop.relay.refuseByChannel = true;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "mine");
    CompletableFuture<Void> closed =
        ann.text
            .save()
            .handle((receipt, refused) -> refused)
            .thenCompose(refused -> ann.text.closeSoon());
    workshop.await("closed", closed::isDone);
    workshop.run(Duration.ofSeconds(10));

    assertThat(workshop.relay.received).filteredOn(ClientMessage.Open.class::isInstance).hasSize(1);
  }

  @Test
  void shouldTakeInWhatTheRepairedStoreCouldNotPlaceOnceTheRelayHasWhatWasLost() {
    TextDocument author = TextDocument.create(new ReplicaId(77));
    author.insert(0, "lost ");
    byte[] lost = author.ownChangesSince(0);
    author.insert(5, "and found");
    Device ann = workshop.device("ann");
    ann.close();
    Device repaired = workshop.device("ann");
    repaired.store.putDeadLetter(
        Workshop.DOCUMENT,
        DeadLetter.STORE_DAMAGED,
        "what it builds on was lost",
        Workshop.NOW,
        parse(author.ownChangesSince(5)));
    repaired.close();

    Device opened = workshop.device("ann");
    opened.awaitLive();
    opened.text.insert(0, "on: ");
    workshop.await(opened.text.delivered());
    assertThat(opened.text.deadLetters()).hasSize(1);
    workshop.relay.inject(Workshop.DOCUMENT.value(), lost);
    opened.client.disconnect();
    opened.client.reconnect();
    workshop.await("taken in", () -> opened.text.deadLetters().isEmpty());
    assertThat(opened.text.text()).contains("lost and found");
    workshop.run(Duration.ofSeconds(1));
    assertThat(opened.store.deadLetters(Workshop.DOCUMENT)).isEmpty();
    workshop.await(opened.text.delivered());
  }

  private static List<Change> parse(byte[] update) {
    try {
      return Change.parse(update);
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldRefuseEditsWhenTheOutboxIsFull() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann", builder -> builder.outboxLimits(100, 1 << 20));
    ann.text.insert(0, "x".repeat(79));
    workshop.run(Duration.ofSeconds(1));
    assertThat(ann.text.status().degradations()).isEmpty();
    ann.text.insert(0, "y");
    workshop.await(
        "nearly full",
        () -> ann.text.status().degradations().contains(Degradation.OUTBOX_NEARLY_FULL));

    assertThatExceptionOfType(OutboxFullException.class)
        .isThrownBy(() -> ann.text.insert(0, "z".repeat(21)))
        .withMessageContaining("80 of at most 100 changes")
        .withMessageContaining("nothing is lost");
    ann.text.insert(0, "z".repeat(19));
    ann.text.delete(0, 1);
    assertThatExceptionOfType(OutboxFullException.class).isThrownBy(() -> ann.text.delete(0, 1));
    assertThatExceptionOfType(OutboxFullException.class)
        .isThrownBy(() -> ann.text.transact(document -> document.insert(0, "w")));
    workshop.await(
        "full", () -> ann.text.status().degradations().contains(Degradation.OUTBOX_FULL));
    assertThat(ann.text.status().describe()).contains("the outbox is full: edits are refused");
    assertThat(ann.text.length()).isEqualTo(98);

    // It outlives a restart, and ends with what the relay takes.
    ann.close();
    Device again = workshop.device("ann", builder -> builder.outboxLimits(100, 1 << 20));
    assertThatExceptionOfType(OutboxFullException.class)
        .isThrownBy(() -> again.text.insert(0, "w"));
    workshop.relay.reachable = true;
    workshop.await(again.text.delivered());
    workshop.await("room", () -> again.text.status().degradations().isEmpty());
    again.text.insert(0, "w".repeat(100));
  }

  @Test
  void shouldTakeOneEditOfAnySizeWhereNothingWaits() {
    Device ann = workshop.device("ann", builder -> builder.outboxLimits(100, 1 << 20));
    ann.text.insert(0, "x".repeat(1_000));
    assertThatExceptionOfType(OutboxFullException.class).isThrownBy(() -> ann.text.insert(0, "y"));
    workshop.await(ann.text.delivered());
    workshop.await("room", () -> ann.text.status().degradations().isEmpty());
    ann.text.insert(0, "x".repeat(1_000));
  }

  @Test
  void shouldRefuseEditsWhenNoMoreBytesMayWait() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann", builder -> builder.outboxLimits(1 << 20, 4_000));
    int typed = 0;
    try {
      while (true) {
        ann.text.insert(typed, "a");
        typed++;
        workshop.run(Duration.ofMillis(60));
      }
    } catch (OutboxFullException e) {
      assertThat(e).hasMessageContaining("of 4,000 bytes) wait for the relay");
    }
    // A row of its own for each would have filled it after a hundred.
    assertThat(typed).isGreaterThan(1_500);
    assertThat(ann.store.outboxSize(Workshop.DOCUMENT).bytes()).isLessThanOrEqualTo(4_000);
  }

  @Test
  void shouldRefuseEditsWithoutRelayWhenTooMuchIsNotStored() {
    Device ann = workshop.deviceAlone("ann", builder -> builder.outboxLimits(10, 1 << 20));
    ann.text.insert(0, "x".repeat(10));
    workshop.run(Duration.ofSeconds(1));
    ann.text.insert(0, "x".repeat(10));
    workshop.run(Duration.ofSeconds(1));
    ann.store.full = true;
    ann.text.insert(0, "x".repeat(10));
    workshop.run(Duration.ofSeconds(1));
    assertThatExceptionOfType(OutboxFullException.class)
        .isThrownBy(() -> ann.text.insert(0, "w"))
        .withMessageContaining("10 of at most 10 changes are not stored");
    assertThat(ann.text.status().storeProblem()).contains("the disk is full");

    ann.store.full = false;
    workshop.await("stored", () -> ann.text.status().unstoredChanges() == 0);
    ann.text.insert(0, "w");
  }

  @Test
  void shouldRenewSnapshotWhileTheTextIsWritten() {
    Device ann = workshop.device("ann", false);
    for (int i = 0; i < 50; i++) {
      ann.text.insert(ann.text.length(), "a hundred letters ".repeat(6));
      workshop.run(Duration.ofMillis(100));
    }
    VersionVector snapshot = ann.store.snapshot(Workshop.DOCUMENT).orElseThrow().version();
    assertThat(snapshot.next(ann.text.replica())).isGreaterThan(4_096);
    ann.crash();
    Device again = workshop.device("ann", false);
    assertThat(again.text.length()).isEqualTo(50 * 18 * 6);
  }

  @Test
  void shouldGoOnOnceTheRelayHoldsWhatWasTooLarge() {
    workshop.relay.maxFrameBytes = 400;
    Device ann = workshop.device("ann");
    Device bob = workshop.device("bob");
    ann.awaitLive();
    bob.awaitLive();
    StringBuilder incompressible = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      incompressible.append((char) (0x4E00 + workshop.random.nextInt(0x5000)));
    }
    ann.text.insert(0, incompressible);
    workshop.await("refused", () -> !ann.text.deadLetters().isEmpty());

    // An operator, or another client, brings it to the relay.
    workshop.relay.inject("notes", ann.text.read(text -> text.changesSince(VersionVector.EMPTY)));
    bob.text.insert(0, "b");
    workshop.await("held", () -> ann.text.deadLetters().isEmpty());
    ann.text.insert(0, "and on");

    workshop.await(ann.text.delivered());
    assertThat(ann.text.deadLetters()).isEmpty();
    assertThat(ann.text.status().saves()).isEqualTo(Saves.SAVED);
  }

  private List<ClientMessage.Edits> edits() {
    return workshop.relay.received.stream()
        .filter(ClientMessage.Edits.class::isInstance)
        .map(ClientMessage.Edits.class::cast)
        .toList();
  }
}
