package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.client.SaveProgress.State;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.client.Workshop.Device;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Guarantee.Level;
import dev.weft.protocol.Refusal;
import dev.weft.store.PendingSave;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store keeps of saves that wait, through full disks, failures and restarts. */
class StoredSavesTest {
  private static final dev.weft.protocol.Guarantee THREE =
      new dev.weft.protocol.Guarantee(Level.REPLICATED, 3);

  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void setUp() {
    workshop = new Workshop(directory, 37);
  }

  @Test
  void shouldTellTheReceiptOfASaveThatAnEarlierRunAskedFor() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");
    CompletableFuture<SaveReceipt> unanswered = ann.text.save();
    workshop.run(Duration.ofSeconds(1));
    ann.close();
    assertThat(unanswered).isCompletedExceptionally();
    workshop.relay.reachable = true;

    Device again = workshop.device("ann");
    List<SaveProgress> told = again.watchSaves();
    workshop.await("saved", () -> again.text.status().saves() == Saves.SAVED);
    workshop.run(Duration.ofMillis(10));

    assertThat(told)
        .extracting(SaveProgress::state)
        .containsExactly(State.PENDING, State.ACKNOWLEDGED);
    SaveReceipt receipt = Objects.requireNonNull(told.get(1).receipt());
    assertThat(receipt.guarantee()).isEqualTo(Guarantee.FSYNCED);
    assertThat(receipt.saveId()).isEqualTo(told.get(0).saveId());
  }

  @Test
  void shouldAskForAsManyCopiesAsTheCallerAfterARestartToo() {
    workshop.relay.gives = THREE;
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");
    CompletableFuture<SaveReceipt> unused = ann.text.save(Guarantee.replicated(2));
    workshop.run(Duration.ofSeconds(1));
    ann.crash();
    workshop.relay.reachable = true;

    Device again = workshop.device("ann");
    workshop.await("saved", () -> again.text.status().saves() == Saves.SAVED);

    assertThat(workshop.relay.received(ClientMessage.Save.class))
        .extracting(save -> save.guarantee().copies())
        .containsOnly(2);
    SaveReceipt receipt = workshop.await(again.text.save(Guarantee.replicated(3)));
    assertThat(receipt.guarantee()).isEqualTo(Guarantee.replicated(3));
  }

  @Test
  void shouldAskForTheSafestOfSavesThatJoinAfterTwoRestartsToo() {
    workshop.relay.ignored = message -> message instanceof ClientMessage.Save;
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.text.insert(0, "one");
    CompletableFuture<SaveReceipt> unusedSafe = ann.text.save(Guarantee.replicated(3));
    workshop.run(Duration.ofMillis(500));
    ann.text.insert(0, "two");
    CompletableFuture<SaveReceipt> unusedPlain = ann.text.save();
    workshop.run(Duration.ofMillis(500));
    assertThat(ann.store.pendingSaves(Workshop.DOCUMENT)).hasSize(2);
    VersionVector version = ann.text.version();
    ann.crash();
    workshop.relay.cut("the process died");
    workshop.relay.reachable = false;

    Device again = workshop.device("ann");
    workshop.run(Duration.ofSeconds(1));
    assertThat(again.store.pendingSaves(Workshop.DOCUMENT))
        .extracting(PendingSave::version, PendingSave::copies)
        .containsExactly(tuple(version, 3));
    again.crash();
    workshop.relay.reachable = true;
    workshop.relay.ignored = message -> false;

    Device third = workshop.device("ann");
    List<SaveProgress> told = third.watchSaves();
    workshop.await("an answer", () -> told.size() == 2);
    assertThat(told).extracting(SaveProgress::state).containsExactly(State.PENDING, State.REFUSED);
  }

  @Test
  void shouldMakeOneOfHoweverManySavesAnEarlierRunLeft() {
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");
    workshop.await(ann.text.save());
    for (int copies = 3; copies >= 1; copies--) {
      ann.store.putPendingSave(
          Workshop.DOCUMENT, new PendingSave("save-" + copies, ann.text.version(), copies));
    }
    ann.crash();
    workshop.relay.reachable = false;

    Device again = workshop.device("ann");
    workshop.run(Duration.ofSeconds(1));

    assertThat(again.store.pendingSaves(Workshop.DOCUMENT))
        .containsExactly(new PendingSave("save-1", again.text.version(), 3));
  }

  @Test
  void shouldForgetInTheStoreOnlyWhatEachSaveHasReplaced() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    CompletableFuture<SaveReceipt> last = ann.text.save();
    for (int i = 0; i < 100; i++) {
      ann.text.insert(0, "x");
      last = ann.text.save();
      workshop.run(Duration.ofMillis(200));
    }

    assertThat(ann.store.forgottenSaves).hasValueLessThanOrEqualTo(100);
    assertThat(ann.store.pendingSaves(Workshop.DOCUMENT)).hasSize(1);
    workshop.relay.reachable = true;
    workshop.await(last);
  }

  @Test
  void shouldForgetAnsweredSavesThatTheStoreCouldNotReplace() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    CompletableFuture<SaveReceipt> first = ann.text.save();
    workshop.run(Duration.ofSeconds(1));
    ann.store.full = true;
    ann.text.insert(0, "abc");
    CompletableFuture<SaveReceipt> second = ann.text.save();
    workshop.run(Duration.ofSeconds(1));
    assertThat(ann.store.pendingSaves(Workshop.DOCUMENT)).hasSize(1);

    workshop.relay.reachable = true;
    workshop.await(first);
    workshop.await(second);
    ann.store.full = false;
    workshop.run(Duration.ofMinutes(1));

    assertThat(ann.store.pendingSaves(Workshop.DOCUMENT)).isEmpty();
  }

  @Test
  void shouldForgetRefusedSavesThatWereBeingStored() {
    workshop.relay.refuseHello = Refusal.forGood(Codes.UNAUTHORISED, "not for you");
    Device ann = workshop.device("ann");
    workshop.await("refused", () -> ann.text.status().connection() == Connection.REFUSED);
    for (int i = 0; i < 40; i++) {
      ann.text.insert(0, "x");
      // To some moment while the text is written: the save waits for that, its end does not.
      workshop.run(Duration.ofMillis(50).plusNanos(50_000L * i));
      workshop.awaitFailure(ann.text.save());
      workshop.run(Duration.ofSeconds(5));
      assertThat(ann.store.pendingSaves(Workshop.DOCUMENT)).as("round %s", i).isEmpty();
    }
  }

  @Test
  void shouldStoreWhatWasSplitBeforeItForgetsWhatItWasSplitFrom() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");
    CompletableFuture<SaveReceipt> plain = ann.text.save();
    CompletableFuture<SaveReceipt> three = ann.text.save(Guarantee.replicated(3));
    workshop.run(Duration.ofSeconds(1));
    workshop.relay.reachable = true;

    // At whatever moment the process dies, what the store has is all that is left.
    workshop.await(
        "the answer", () -> plain.isDone() || ann.store.pendingSaves(Workshop.DOCUMENT).isEmpty());

    assertThat(plain).isCompleted();
    assertThat(three).isCompletedExceptionally();
    workshop.run(Duration.ofSeconds(1));
    assertThat(ann.store.pendingSaves(Workshop.DOCUMENT)).isEmpty();
  }

  @Test
  void shouldStoreAWaitingSaveOnceThereIsRoomAgain() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    workshop.run(Duration.ofSeconds(1));
    ann.store.full = true;
    ann.text.insert(0, "abc");
    CompletableFuture<SaveReceipt> save = ann.text.save();
    workshop.run(Duration.ofSeconds(1));
    ann.store.full = false;
    workshop.run(Duration.ofMinutes(1));

    assertThat(save).isNotDone();
    assertThat(ann.text.status().degradations()).isEmpty();
    assertThat(ann.store.pendingSaves(Workshop.DOCUMENT))
        .extracting(PendingSave::version)
        .containsExactly(ann.text.version());
  }

  /**
   * The text itself is stored already, so that nothing but the save shows that the disk is full.
   */
  @Test
  void shouldSayThatASaveIsNotStoredForAsLongAsItIsNot() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    ann.text.insert(0, "abc");
    workshop.run(Duration.ofSeconds(1));
    ann.store.full = true;
    CompletableFuture<SaveReceipt> save = ann.text.save();
    workshop.run(Duration.ofMillis(10));

    for (int i = 0; i < 1_000; i++) {
      workshop.run(Duration.ofMillis(100));
      assertThat(ann.text.status().degradations()).contains(Degradation.STORE_UNAVAILABLE);
    }
    assertThat(save).isNotDone();
  }

  /** A save that could not be stored must not come back when it was answered meanwhile. */
  @Test
  void shouldNotStoreAnAnsweredSaveOnceThereIsRoomAgain() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.store.full = true;
    ann.text.insert(0, "abc");
    workshop.await(ann.text.save());
    workshop.run(Duration.ofSeconds(1));
    ann.store.full = false;

    for (int i = 0; i < 1_000; i++) {
      workshop.run(Duration.ofMillis(100));
      assertThat(ann.store.pendingSaves(Workshop.DOCUMENT)).isEmpty();
    }
  }

  @Test
  void shouldNotPutWhatItFailedToStoreInThePlaceOfWhatCameLater() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    for (int i = 0; i < 200; i++) {
      ann.store.full = workshop.random.nextInt(3) > 0;
      ann.text.insert(0, "x");
      CompletableFuture<SaveReceipt> unused = ann.text.save();
      workshop.run(Duration.ofMillis(workshop.random.nextInt(1_000)));
    }
    ann.store.full = false;
    workshop.run(Duration.ofMinutes(1));

    assertThat(ann.store.pendingSaves(Workshop.DOCUMENT))
        .extracting(PendingSave::version)
        .containsExactly(ann.text.version());
  }

  @Test
  void shouldNotSayThatASaveIsKeptWhichTheStoreDidNotTake() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    workshop.run(Duration.ofSeconds(1));
    ann.text.insert(0, "abc");
    ann.store.full = true;
    CompletableFuture<SaveReceipt> save = ann.text.save();
    workshop.run(Duration.ofSeconds(1));

    CompletableFuture<?> closed = ann.client.closeSoon();
    workshop.await("closed", closed::isDone);

    assertThat(ann.store.pendingSaves(Workshop.DOCUMENT)).isEmpty();
    assertThat(workshop.awaitFailure(save))
        .hasMessageContaining("the store has not taken it")
        .hasMessageNotContaining("it is kept");
  }

  @Test
  void shouldSaveAndCloseThoughTheStoreThrewAnError() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    Error error = new AssertionError("the store's");
    try (Reports reports = new Reports()) {
      ann.store.defect = error;
      ann.text.insert(0, "abc");

      assertThat(workshop.await(ann.text.save()).version()).isEqualTo(ann.text.version());
      assertThat(reports.thrown).containsExactly(error);
      workshop.await("stored", () -> ann.text.status().unstoredChanges() == 0);
      ann.close();
    }
  }
}
