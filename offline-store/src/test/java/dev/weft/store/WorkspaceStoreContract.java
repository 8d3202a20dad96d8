package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
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
    PendingSave second = new PendingSave("save-a", ann.version());
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

  private static long endOf(List<Change> changes) {
    return changes.get(changes.size() - 1).end();
  }
}
