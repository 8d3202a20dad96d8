package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The promises of {@link WorkspaceStore}, checked for any implementation as those of {@link
 * ChangeStoreContract} are.
 *
 * @param <S> the store under test
 */
public abstract class WorkspaceStoreContract<S extends WorkspaceStore>
    extends ChangeStoreContract<S> {

  @Test
  void shouldReturnNewReplicaIdWhileOneIsHeld() {
    ReplicaId replica = store.replicaId(NOTES);
    ReplicaId next = store.replicaId(NOTES);

    assertThat(next).isNotEqualTo(replica);
    assertThat(store.replicaId(POEM)).isNotIn(replica, next);
    assertThat(store.ownReplicas(NOTES)).containsExactly(replica, next);
  }

  @Test
  void shouldReturnSameReplicaIdWhenItWasReleasedWithProof() {
    ReplicaId replica = store.replicaId(NOTES);
    store.append(NOTES, new Author(replica).type("abc"), Durability.WRITTEN);

    assertThat(store.releaseReplicaId(NOTES, replica, 3)).isTrue();
    assertThat(store.replicaId(NOTES)).isEqualTo(replica);
    assertThat(store.releaseReplicaId(NOTES, replica, 3)).isTrue();
    reopen();

    assertThat(store.replicaId(NOTES)).isEqualTo(replica);
  }

  @Test
  void shouldReturnNewReplicaIdWhenOldOneWasNotReleased() {
    ReplicaId replica = store.replicaId(NOTES);
    store.append(NOTES, new Author(replica).type("abc"), Durability.WRITTEN);

    reopen();

    ReplicaId next = store.replicaId(NOTES);
    assertThat(next).isNotEqualTo(replica);
    assertThat(store.ownReplicas(NOTES)).containsExactly(replica, next);
  }

  @Test
  void shouldReturnNewReplicaIdWhenSomethingWrittenUnderOldOneIsNotStored() {
    ReplicaId replica = store.replicaId(NOTES);
    store.append(NOTES, new Author(replica).type("abc"), Durability.WRITTEN);

    assertThat(store.releaseReplicaId(NOTES, replica, 4)).isFalse();

    assertThat(store.replicaId(NOTES)).isNotEqualTo(replica);
    assertThat(store.ownReplicas(NOTES)).hasSize(2).startsWith(replica);
  }

  @Test
  void shouldKeepSuccessorsReplicaIdHeldWhenItsFormerWriterClosesLate() {
    ReplicaId former = store.replicaId(NOTES);
    ReplicaId successor = store.replicaId(NOTES);

    assertThat(store.releaseReplicaId(NOTES, former, 0)).isFalse();
    reopen();

    assertThat(store.replicaId(NOTES)).isNotIn(former, successor);
  }

  @Test
  void shouldReleaseNothingWhenNoReplicaIdIsHeld() {
    assertThat(store.releaseReplicaId(NOTES, new ReplicaId(1), 0)).isFalse();
    ReplicaId replica = store.replicaId(NOTES);
    assertThat(store.releaseReplicaId(NOTES, replica, 0)).isTrue();
    assertThat(store.releaseReplicaId(NOTES, replica, 0)).isFalse();
    assertThat(store.replicaId(NOTES)).isEqualTo(replica);
    assertThat(store.ownReplicas(POEM)).isEmpty();
  }

  @Test
  void shouldHoldNothingOfADocumentThatWasOnlyOpened() {
    ReplicaId replica = store.replicaId(NOTES);
    assertThat(store.documents()).isEmpty();
    assertThat(store.releaseReplicaId(NOTES, replica, 0)).isTrue();
    assertThat(store.documents()).isEmpty();
    reopen();
    assertThat(store.documents()).isEmpty();

    store.append(NOTES, new Author(store.replicaId(NOTES)).type("abc"), Durability.WRITTEN);
    store.putPendingSave(POEM, new PendingSave("s1", NOTHING, 1));

    assertThat(store.documents()).containsExactly(NOTES, POEM);
  }

  @Test
  void shouldReturnNewReplicaIdWhenOldOneWasRetired() {
    ReplicaId held = store.replicaId(NOTES);
    store.retireReplicaId(NOTES, held);
    assertThat(store.releaseReplicaId(NOTES, held, 0)).isFalse();
    ReplicaId free = store.replicaId(NOTES);
    assertThat(store.releaseReplicaId(NOTES, free, 0)).isTrue();
    store.retireReplicaId(NOTES, free);
    store.retireReplicaId(POEM, new ReplicaId(1));

    assertThat(store.replicaId(NOTES)).isNotIn(held, free);
    assertThat(store.ownReplicas(NOTES)).hasSize(3).startsWith(held, free);
    assertThat(store.ownReplicas(POEM)).isEmpty();
  }

  @Test
  void shouldHoldOwnChangesInOutboxUntilRelayHoldsThem() {
    Author ann = new Author(store.replicaId(NOTES));
    Author ben = new Author(2);
    List<Change> first = ann.type("abc");
    store.append(NOTES, first, Durability.WRITTEN);
    ben.read(first);
    store.append(NOTES, ben.type("def"), Durability.WRITTEN);
    List<Change> second = ann.type("ghi");
    store.append(NOTES, second, Durability.WRITTEN);
    assertThat(store.outbox(NOTES)).allMatch(change -> change.replica().equals(ann.replica()));
    assertThat(endOf(store.outbox(NOTES))).isEqualTo(6);

    store.advanceRelayDurable(NOTES, VersionVector.of(ann.replica(), 3));

    assertThat(store.outbox(NOTES)).hasSize(1);
    assertThat(store.outbox(NOTES).get(0).toBytes()).isEqualTo(second.get(0).toBytes());

    store.advanceRelayDurable(NOTES, store.version(NOTES));
    assertThat(store.outbox(NOTES)).isEmpty();
  }

  @Test
  void shouldKeepOutboxWhenReplicaIdIsRetired() {
    Author before = new Author(store.replicaId(NOTES));
    store.append(NOTES, before.type("abc"), Durability.WRITTEN);

    reopen();
    Author after = new Author(store.replicaId(NOTES));
    after.read(store.readSince(NOTES, NOTHING));
    store.append(NOTES, after.type("def"), Durability.WRITTEN);

    assertThat(store.outbox(NOTES))
        .extracting(Change::replica)
        .containsExactly(before.replica(), after.replica());
  }

  @Test
  void shouldNeverTakeRelaysWatermarkBack() {
    VersionVector one = VersionVector.of(new ReplicaId(1), 5);
    VersionVector other = VersionVector.of(new ReplicaId(2), 7);
    assertThat(store.relayDurable(NOTES)).isEqualTo(NOTHING);

    store.advanceRelayDurable(NOTES, one);
    store.advanceRelayDurable(NOTES, other);
    store.advanceRelayDurable(NOTES, VersionVector.of(new ReplicaId(1), 3));
    reopen();

    assertThat(store.relayDurable(NOTES)).isEqualTo(one.merge(other));
    assertThat(store.relayDurable(POEM)).isEqualTo(NOTHING);
  }

  @Test
  void shouldKeepPendingSavesUntilTheyAreRemoved() {
    Author ann = new Author(1);
    store.append(NOTES, ann.type("abc"), Durability.WRITTEN);
    PendingSave first = new PendingSave("save-b", ann.version());
    store.putPendingSave(NOTES, first);
    store.append(NOTES, ann.type("def"), Durability.WRITTEN);
    PendingSave second = new PendingSave("save-a", ann.version(), 3);
    store.putPendingSave(NOTES, second);

    reopen();

    assertThat(store.pendingSaves(NOTES)).containsExactly(first, second);
    assertThat(store.pendingSaves(POEM)).isEmpty();

    store.removePendingSave(NOTES, "save-b");
    store.removePendingSave(NOTES, "unknown");
    assertThat(store.pendingSaves(NOTES)).containsExactly(second);

    store.putPendingSave(NOTES, new PendingSave("save-a", NOTHING));
    assertThat(store.pendingSaves(NOTES)).containsExactly(new PendingSave("save-a", NOTHING));
  }

  @Test
  void shouldRejectPendingSaveWhenItCoversMoreThanIsStored() {
    Author ann = new Author(1);
    ann.type("abc");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.putPendingSave(NOTES, new PendingSave("save", ann.version())))
        .withMessageContaining("save of document notes");
    assertThat(store.pendingSaves(NOTES)).isEmpty();
  }

  @Test
  void shouldMeasureOutbox() {
    Author before = new Author(store.replicaId(NOTES));
    store.append(NOTES, before.type("abc"), Durability.WRITTEN);
    Author after = new Author(store.replicaId(NOTES));
    after.read(store.readSince(NOTES, NOTHING));
    store.append(NOTES, after.type("defg"), Durability.WRITTEN);
    store.append(NOTES, new Author(3).type("not ours"), Durability.WRITTEN);

    assertThat(store.outboxSize(NOTES).changes()).isEqualTo(7);
    assertThat(store.outboxSize(NOTES).bytes())
        .isEqualTo(store.outbox(NOTES).stream().mapToLong(Change::sizeInBytes).sum())
        .isPositive();
    assertThat(store.outboxSize(POEM)).isEqualTo(OutboxSize.EMPTY);

    store.advanceRelayDurable(
        NOTES, VersionVector.of(before.replica(), 3).merge(VersionVector.of(after.replica(), 1)));
    assertThat(store.outboxSize(NOTES).changes()).isEqualTo(3);

    store.advanceRelayDurable(NOTES, store.version(NOTES));
    assertThat(store.outboxSize(NOTES)).isEqualTo(OutboxSize.EMPTY);
  }

  @Test
  void shouldKeepDeadLettersUntilTheyAreRemoved() {
    Author ann = new Author(store.replicaId(NOTES));
    List<Change> first = ann.type("abc");
    store.append(NOTES, first, Durability.WRITTEN);
    Instant when = Instant.parse("2001-02-03T04:05:06.789Z");
    DeadLetter letter = store.putDeadLetter(NOTES, "too-large", "It is too large.", when, first);
    DeadLetter other =
        store.putDeadLetter(POEM, "read-only", "", Instant.EPOCH, new Author(5).type("x"));

    reopen();

    assertThat(store.deadLetters(NOTES))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.number()).isEqualTo(letter.number());
              assertThat(found.document()).isEqualTo(NOTES);
              assertThat(found.code()).isEqualTo("too-large");
              assertThat(found.reason()).isEqualTo("It is too large.");
              assertThat(found.refusedAt()).isEqualTo(when);
              assertThat(found.changes()).isEqualTo(first);
            });
    assertThat(store.outbox(NOTES)).as("only the relay's watermark trims it").hasSize(1);

    assertThat(store.removeDeadLetter(NOTES, other.number())).isFalse();
    assertThat(store.removeDeadLetter(NOTES, letter.number())).isTrue();
    assertThat(store.removeDeadLetter(NOTES, letter.number())).isFalse();
    assertThat(store.deadLetters(NOTES)).isEmpty();
    assertThat(store.deadLetters(POEM)).hasSize(1);
    assertThat(store.putDeadLetter(NOTES, "again", "", when, first).number())
        .isGreaterThan(other.number());
  }

  @Test
  void shouldRejectDeadLetterWhenThereIsNothingInIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.putDeadLetter(NOTES, "code", "reason", Instant.EPOCH, List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                store.putDeadLetter(
                    NOTES, "c".repeat(65), "", Instant.EPOCH, new Author(1).type("a")))
        .withMessage("code has at most 64 characters, length=65");
    assertThat(store.deadLetters(NOTES)).isEmpty();
  }

  @Test
  void shouldTakeOutWhatWasDiscardedAndWhatBuildsOnIt() {
    Author ann = new Author(store.replicaId(NOTES));
    Author ben = new Author(2);
    store.append(NOTES, ann.type("kept "), Durability.WRITTEN);
    ben.read(ann.since(NOTHING));
    List<Change> aside = ben.type("aside ");
    store.append(NOTES, aside, Durability.WRITTEN);
    List<Change> refused = ann.type("refused ");
    store.append(NOTES, refused, Durability.WRITTEN);
    store.append(NOTES, ann.type("later "), Durability.WRITTEN);
    Author cid = new Author(store.replicaId(NOTES));
    cid.read(ann.since(NOTHING));
    store.append(NOTES, cid.type("on it "), Durability.WRITTEN);
    store.putSnapshot(NOTES, cid.version(), cid.snapshot());
    store.putPendingSave(NOTES, new PendingSave("save", cid.version()));
    DeadLetter letter = store.putDeadLetter(NOTES, "code", "reason", Instant.EPOCH, refused);
    assertThatIllegalStateException()
        .isThrownBy(() -> store.discardDeadLetter(NOTES, letter.number()))
        .withMessageContaining("document notes is open");
    assertThat(store.releaseReplicaId(NOTES, cid.replica(), cid.ownNext())).isTrue();

    List<Change> later = ann.ownSince("kept refused ".length());
    DeadLetter onIt = store.putDeadLetter(NOTES, "other", "because", Instant.EPOCH, later);

    assertThat(store.discardDeadLetter(NOTES, letter.number()))
        .isEqualTo("refused later on it ".length());

    assertThat(store.deadLetters(NOTES))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.number()).isGreaterThan(onIt.number());
              assertThat(found.code()).isEqualTo(DeadLetter.LEFT_OUT);
              assertThat(found.holdsBack()).isFalse();
              assertThat(found.reason())
                  .isEqualTo("discarded with dead letter " + letter.number() + ": because");
              assertThat(found.changes()).isEqualTo(later);
            });
    Author left = readAll(NOTES);
    assertThat(left.text()).isIn("kept aside ", "aside kept ");
    assertThat(store.version(NOTES)).isEqualTo(left.version());
    assertThat(store.snapshot(NOTES)).isEmpty();
    assertThat(store.pendingSaves(NOTES))
        .containsExactly(new PendingSave("save", VersionVector.of(ann.replica(), 5)));
    reopen();
    assertThat(readAll(NOTES).version()).isEqualTo(left.version());
    assertThat(store.replicaId(NOTES)).isNotIn(ann.replica(), cid.replica());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.discardDeadLetter(NOTES, letter.number()))
        .withMessage("document notes has no dead letter " + letter.number());
  }

  private static long endOf(List<Change> changes) {
    return changes.get(changes.size() - 1).end();
  }
}
