package dev.weft.client;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DeadLetter;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.ForwardingWorkspaceStore;
import dev.weft.store.PendingSave;
import dev.weft.store.StoreException;
import dev.weft.store.StoredSnapshot;
import dev.weft.store.WorkspaceStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A store whose disk can be full: then it refuses to write, and goes on reading. */
final class FailingStore extends ForwardingWorkspaceStore {
  volatile boolean full;

  /** Whether snapshots alone are refused, and how often one was asked for. */
  volatile boolean noSnapshots;

  final AtomicInteger loads = new AtomicInteger();

  /** How often a pending save was forgotten, or was to be. */
  final AtomicInteger forgottenSaves = new AtomicInteger();

  FailingStore(WorkspaceStore store) {
    super(store);
  }

  /** What the store throws, once, when it is next to write: a defect of it. */
  volatile @Nullable Error defect;

  private void requireSpace() {
    Error thrown = defect;
    if (thrown != null) {
      defect = null;
      throw thrown;
    }
    if (full) {
      throw new StoreException("the disk is full; make room");
    }
  }

  @Override
  public VersionVector append(DocumentId document, List<Change> changes, Durability durability) {
    requireSpace();
    return super.append(document, changes, durability);
  }

  @Override
  public void putSnapshot(DocumentId document, VersionVector version, byte[] snapshot) {
    requireSpace();
    if (noSnapshots) {
      throw new StoreException("the disk is nearly full");
    }
    super.putSnapshot(document, version, snapshot);
  }

  @Override
  public boolean releaseReplicaId(DocumentId document, ReplicaId replica, long nextSequence) {
    requireSpace();
    return super.releaseReplicaId(document, replica, nextSequence);
  }

  @Override
  public void advanceRelayDurable(DocumentId document, VersionVector durable) {
    requireSpace();
    super.advanceRelayDurable(document, durable);
  }

  @Override
  public void putPendingSave(DocumentId document, PendingSave save) {
    requireSpace();
    super.putPendingSave(document, save);
  }

  @Override
  public void removePendingSave(DocumentId document, String saveId) {
    forgottenSaves.incrementAndGet();
    requireSpace();
    super.removePendingSave(document, saveId);
  }

  @Override
  public Optional<StoredSnapshot> snapshot(DocumentId document) {
    loads.incrementAndGet();
    return super.snapshot(document);
  }

  @Override
  public void retireReplicaId(DocumentId document, ReplicaId replica) {
    requireSpace();
    super.retireReplicaId(document, replica);
  }

  @Override
  public DeadLetter putDeadLetter(
      DocumentId document, String code, String reason, Instant refusedAt, List<Change> changes) {
    requireSpace();
    return super.putDeadLetter(document, code, reason, refusedAt, changes);
  }

  @Override
  public boolean removeDeadLetter(DocumentId document, long number) {
    requireSpace();
    return super.removeDeadLetter(document, number);
  }

  @Override
  public long discardDeadLetter(DocumentId document, long number) {
    requireSpace();
    return super.discardDeadLetter(document, number);
  }

  @Override
  public boolean compact() {
    requireSpace();
    return super.compact();
  }
}
