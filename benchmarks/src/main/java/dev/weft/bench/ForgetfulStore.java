package dev.weft.bench;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DeadLetter;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.OutboxSize;
import dev.weft.store.PendingSave;
import dev.weft.store.StoredSnapshot;
import dev.weft.store.WorkspaceStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A store of one document that keeps nothing of it but how much it was given: what a client costs
 * without a disk. It breaks every promise of a store. Thread-safe.
 */
public final class ForgetfulStore implements WorkspaceStore {
  private final ReplicaId replica;

  private VersionVector version = VersionVector.EMPTY;

  /** Creates an empty store, under whose id the document is written. */
  public ForgetfulStore(ReplicaId replica) {
    this.replica = replica;
  }

  @Override
  public List<DocumentId> documents() {
    return List.of();
  }

  @Override
  public synchronized VersionVector version(DocumentId document) {
    return version;
  }

  @Override
  public synchronized VersionVector append(
      DocumentId document, List<Change> changes, Durability durability) {
    VersionVector.Builder after = version.toBuilder();
    for (Change change : changes) {
      after.advance(change.replica(), change.end());
    }
    version = after.build();
    return version;
  }

  @Override
  public List<Change> readSince(DocumentId document, VersionVector seen) {
    return List.of();
  }

  @Override
  public Optional<StoredSnapshot> snapshot(DocumentId document) {
    return Optional.empty();
  }

  @Override
  public void putSnapshot(DocumentId document, VersionVector snapshotVersion, byte[] snapshot) {}

  @Override
  public ReplicaId replicaId(DocumentId document) {
    return replica;
  }

  @Override
  public boolean releaseReplicaId(DocumentId document, ReplicaId replica, long nextSequence) {
    return false;
  }

  @Override
  public void retireReplicaId(DocumentId document, ReplicaId replica) {}

  @Override
  public List<ReplicaId> ownReplicas(DocumentId document) {
    return List.of(replica);
  }

  @Override
  public VersionVector relayDurable(DocumentId document) {
    return VersionVector.EMPTY;
  }

  @Override
  public void advanceRelayDurable(DocumentId document, VersionVector durable) {}

  @Override
  public OutboxSize outboxSize(DocumentId document) {
    return OutboxSize.EMPTY;
  }

  @Override
  public DeadLetter putDeadLetter(
      DocumentId document, String code, String reason, Instant refusedAt, List<Change> changes) {
    throw new UnsupportedOperationException("nothing is refused while it is measured");
  }

  @Override
  public List<DeadLetter> deadLetters(DocumentId document) {
    return List.of();
  }

  @Override
  public boolean removeDeadLetter(DocumentId document, long number) {
    return false;
  }

  @Override
  public long discardDeadLetter(DocumentId document, long number) {
    throw new IllegalArgumentException("there are no dead letters, number=" + number);
  }

  @Override
  public void putPendingSave(DocumentId document, PendingSave save) {}

  @Override
  public List<PendingSave> pendingSaves(DocumentId document) {
    return List.of();
  }

  @Override
  public void removePendingSave(DocumentId document, String saveId) {}

  @Override
  public void close() {}
}
