package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.time.Instant;
import java.util.List;

/** Passes every call on to another store, as {@link ForwardingChangeStore} does. */
public abstract class ForwardingWorkspaceStore extends ForwardingChangeStore
    implements WorkspaceStore {
  private final WorkspaceStore store;

  protected ForwardingWorkspaceStore(WorkspaceStore store) {
    super(store);
    this.store = store;
  }

  @Override
  public ReplicaId replicaId(DocumentId document) {
    return store.replicaId(document);
  }

  @Override
  public boolean releaseReplicaId(DocumentId document, ReplicaId replica, long nextSequence) {
    return store.releaseReplicaId(document, replica, nextSequence);
  }

  @Override
  public void retireReplicaId(DocumentId document, ReplicaId replica) {
    store.retireReplicaId(document, replica);
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
  public void advanceRelayDurable(DocumentId document, VersionVector durable) {
    store.advanceRelayDurable(document, durable);
  }

  @Override
  public OutboxSize outboxSize(DocumentId document) {
    return store.outboxSize(document);
  }

  @Override
  public DeadLetter putDeadLetter(
      DocumentId document, String code, String reason, Instant refusedAt, List<Change> changes) {
    return store.putDeadLetter(document, code, reason, refusedAt, changes);
  }

  @Override
  public List<DeadLetter> deadLetters(DocumentId document) {
    return store.deadLetters(document);
  }

  @Override
  public boolean removeDeadLetter(DocumentId document, long number) {
    return store.removeDeadLetter(document, number);
  }

  @Override
  public long discardDeadLetter(DocumentId document, long number) {
    return store.discardDeadLetter(document, number);
  }

  @Override
  public void putPendingSave(DocumentId document, PendingSave save) {
    store.putPendingSave(document, save);
  }

  @Override
  public List<PendingSave> pendingSaves(DocumentId document) {
    return store.pendingSaves(document);
  }

  @Override
  public void removePendingSave(DocumentId document, String saveId) {
    store.removePendingSave(document, saveId);
  }
}
