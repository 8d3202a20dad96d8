package dev.weft.lab;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DeadLetter;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.ForwardingWorkspaceStore;
import dev.weft.store.OutboxSize;
import dev.weft.store.PendingSave;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.StoreException;
import dev.weft.store.StoredSnapshot;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store on a {@link Disk}, which fails as the disk does, and remembers what of it the disk has
 * confirmed. Confined to the simulation's thread.
 */
final class DiskStore extends ForwardingWorkspaceStore {
  private final Disk disk;
  private final WriteAheadFile log;
  private final Map<DocumentId, VersionVector> written = new HashMap<>();
  private final Map<DocumentId, VersionVector> durable = new HashMap<>();

  /**
   * Creates a store that was just opened.
   *
   * @param killed what the files were left by, without a word to the disk; null if the disk has
   *     them
   */
  DiskStore(SqliteChangeStore store, Disk disk, WriteAheadFile log, @Nullable DiskStore killed) {
    super(store);
    this.disk = disk;
    this.log = log;
    for (DocumentId document : store.documents()) {
      written.put(document, store.version(document));
    }
    if (killed == null) {
      synced();
    } else {
      log.continues(killed.log);
      durable.putAll(killed.durable);
    }
  }

  WriteAheadFile log() {
    return log;
  }

  /** Returns what a kill of the process leaves. */
  VersionVector written(DocumentId document) {
    return written.getOrDefault(document, VersionVector.EMPTY);
  }

  /** Returns what a power cut leaves. */
  VersionVector durable(DocumentId document) {
    return durable.getOrDefault(document, VersionVector.EMPTY);
  }

  private <T> T reading(Supplier<T> work) {
    if (disk.isFailing()) {
      throw new StoreException("the disk fails: input/output error");
    }
    return work.get();
  }

  private <T> T writing(Supplier<T> work) {
    if (disk.isFull()) {
      throw new StoreException("the disk is full; make room");
    }
    return reading(work);
  }

  private <T> T syncing(Supplier<T> work) {
    T result = writing(work);
    synced();
    return result;
  }

  private void synced() {
    log.synced();
    durable.putAll(written);
  }

  private static Supplier<Boolean> action(Runnable work) {
    return () -> {
      work.run();
      return true;
    };
  }

  @Override
  public VersionVector append(DocumentId document, List<Change> changes, Durability durability) {
    VersionVector version = writing(() -> super.append(document, changes, durability));
    written.put(document, version);
    if (durability == Durability.FSYNCED) {
      synced();
    }
    return version;
  }

  @Override
  public List<DocumentId> documents() {
    return reading(super::documents);
  }

  @Override
  public VersionVector version(DocumentId document) {
    return reading(() -> super.version(document));
  }

  @Override
  public List<Change> readSince(DocumentId document, VersionVector seen) {
    return reading(() -> super.readSince(document, seen));
  }

  @Override
  public Optional<StoredSnapshot> snapshot(DocumentId document) {
    return reading(() -> super.snapshot(document));
  }

  @Override
  public void putSnapshot(DocumentId document, VersionVector version, byte[] snapshot) {
    boolean unused = writing(action(() -> super.putSnapshot(document, version, snapshot)));
  }

  @Override
  public boolean compact() {
    return writing(super::compact);
  }

  @Override
  public ReplicaId replicaId(DocumentId document) {
    return syncing(() -> super.replicaId(document));
  }

  @Override
  public boolean releaseReplicaId(DocumentId document, ReplicaId replica, long nextSequence) {
    return writing(() -> super.releaseReplicaId(document, replica, nextSequence));
  }

  @Override
  public void retireReplicaId(DocumentId document, ReplicaId replica) {
    boolean unused = syncing(action(() -> super.retireReplicaId(document, replica)));
  }

  @Override
  public List<ReplicaId> ownReplicas(DocumentId document) {
    return reading(() -> super.ownReplicas(document));
  }

  @Override
  public VersionVector relayDurable(DocumentId document) {
    return reading(() -> super.relayDurable(document));
  }

  @Override
  public void advanceRelayDurable(DocumentId document, VersionVector vector) {
    boolean unused = writing(action(() -> super.advanceRelayDurable(document, vector)));
  }

  @Override
  public OutboxSize outboxSize(DocumentId document) {
    return reading(() -> super.outboxSize(document));
  }

  @Override
  public DeadLetter putDeadLetter(
      DocumentId document, String code, String reason, Instant refusedAt, List<Change> changes) {
    return syncing(() -> super.putDeadLetter(document, code, reason, refusedAt, changes));
  }

  @Override
  public List<DeadLetter> deadLetters(DocumentId document) {
    return reading(() -> super.deadLetters(document));
  }

  @Override
  public boolean removeDeadLetter(DocumentId document, long number) {
    return writing(() -> super.removeDeadLetter(document, number));
  }

  @Override
  public void putPendingSave(DocumentId document, PendingSave save) {
    boolean unused = syncing(action(() -> super.putPendingSave(document, save)));
  }

  @Override
  public List<PendingSave> pendingSaves(DocumentId document) {
    return reading(() -> super.pendingSaves(document));
  }

  @Override
  public void removePendingSave(DocumentId document, String saveId) {
    boolean unused = writing(action(() -> super.removePendingSave(document, saveId)));
  }

  /** Returns the saves that wait, whatever is wrong with the disk. */
  List<PendingSave> keptSaves(DocumentId document) {
    return super.pendingSaves(document);
  }

  /** Returns the dead letters' numbers, whatever is wrong with the disk. */
  List<Long> keptLetters(DocumentId document) {
    return super.deadLetters(document).stream().map(DeadLetter::number).toList();
  }

  /** Closes the store; the disk must be well. */
  @Override
  public void close() {
    super.close();
    disk.closed();
  }
}
