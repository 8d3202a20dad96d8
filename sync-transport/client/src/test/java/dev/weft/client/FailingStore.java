package dev.weft.client;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DeadLetter;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.OutboxSize;
import dev.weft.store.PendingSave;
import dev.weft.store.StoreException;
import dev.weft.store.StoredSnapshot;
import dev.weft.store.WorkspaceStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store whose disk can be full: then it refuses to write, and goes on reading. */
final class FailingStore implements WorkspaceStore {
  private final WorkspaceStore store;
  volatile boolean full;

  /** Whether snapshots alone are refused, and how often one was asked for. */
  volatile boolean noSnapshots;

  final AtomicInteger loads = new AtomicInteger();

  /** How often a pending save was forgotten, or was to be. */
  final AtomicInteger forgottenSaves = new AtomicInteger();

  FailingStore(WorkspaceStore store) {
    this.store = store;
  }

  private void requireSpace() {
    if (full) {
      throw new StoreException("the disk is full; make room");
    }
  }

  @Override
  public VersionVector append(DocumentId document, List<Change> changes, Durability durability) {
    requireSpace();
    return store.append(document, changes, durability);
  }

  @Override
  public void putSnapshot(DocumentId document, VersionVector version, byte[] snapshot) {
    requireSpace();
    if (noSnapshots) {
      throw new StoreException("the disk is nearly full");
    }
    store.putSnapshot(document, version, snapshot);
  }

  @Override
  public boolean releaseReplicaId(DocumentId document, ReplicaId replica, long nextSequence) {
    requireSpace();
    return store.releaseReplicaId(document, replica, nextSequence);
  }

  @Override
  public void advanceRelayDurable(DocumentId document, VersionVector durable) {
    requireSpace();
    store.advanceRelayDurable(document, durable);
  }

  @Override
  public void putPendingSave(DocumentId document, PendingSave save) {
    requireSpace();
    store.putPendingSave(document, save);
  }

  @Override
  public void removePendingSave(DocumentId document, String saveId) {
    forgottenSaves.incrementAndGet();
    requireSpace();
    store.removePendingSave(document, saveId);
  }

  @Override
  public List<DocumentId> documents() {
    return store.documents();
  }

  @Override
  public VersionVector version(DocumentId document) {
    return store.version(document);
  }

  @Override
  public List<Change> readSince(DocumentId document, VersionVector seen) {
    return store.readSince(document, seen);
  }

  @Override
  public Optional<StoredSnapshot> snapshot(DocumentId document) {
    loads.incrementAndGet();
    return store.snapshot(document);
  }

  @Override
  public ReplicaId replicaId(DocumentId document) {
    return store.replicaId(document);
  }

  @Override
  public List<ReplicaId> ownReplicas(DocumentId document) {
    return store.ownReplicas(document);
  }

  @Override
  public VersionVector relayDurable(DocumentId document) {
    return store.relayDurable(document);
  }

  @Override
  public List<PendingSave> pendingSaves(DocumentId document) {
    return store.pendingSaves(document);
  }

  @Override
  public void close() {
    store.close();
  }

  @Override
  public void retireReplicaId(DocumentId document, ReplicaId replica) {
    requireSpace();
    store.retireReplicaId(document, replica);
  }

  @Override
  public OutboxSize outboxSize(DocumentId document) {
    return store.outboxSize(document);
  }

  @Override
  public DeadLetter putDeadLetter(
      DocumentId document, String code, String reason, Instant refusedAt, List<Change> changes) {
    requireSpace();
    return store.putDeadLetter(document, code, reason, refusedAt, changes);
  }

  @Override
  public List<DeadLetter> deadLetters(DocumentId document) {
    return store.deadLetters(document);
  }

  @Override
  public boolean removeDeadLetter(DocumentId document, long number) {
    requireSpace();
    return store.removeDeadLetter(document, number);
  }

  @Override
  public long discardDeadLetter(DocumentId document, long number) {
    requireSpace();
    return store.discardDeadLetter(document, number);
  }

  @Override
  public boolean compact() {
    requireSpace();
    return store.compact();
  }
}
