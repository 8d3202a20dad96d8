package dev.weft.relay;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.ForwardingChangeStore;
import dev.weft.store.StoreException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real store behind a door: appends can be held up on their way in, and made to fail, and are
 * counted. Thread-safe.
 */
final class ProbedStore extends ForwardingChangeStore {
  private volatile CountDownLatch door = new CountDownLatch(0);
  private final Semaphore knocks = new Semaphore(0);
  final AtomicInteger flushes = new AtomicInteger();
  final AtomicInteger attempts = new AtomicInteger();
  final AtomicInteger loads = new AtomicInteger();
  final AtomicInteger snapshots = new AtomicInteger();
  volatile @Nullable String failure;

  /** The document that cannot be read until {@link #openReading}; null for none. */
  volatile @Nullable DocumentId unreadable;

  private final CountDownLatch readingDoor = new CountDownLatch(1);
  volatile @Nullable RuntimeException readFailure;
  volatile @Nullable Error snapshotFailure;
  volatile @Nullable RuntimeException versionFailure;

  ProbedStore(ChangeStore store) {
    super(store);
  }

  /** Lets no append in any more. */
  void shut() {
    door = new CountDownLatch(1);
  }

  /** Waits until an append stands at the door. */
  void awaitKnock() {
    knocks.acquireUninterruptibly();
  }

  void open() {
    door.countDown();
  }

  void openReading() {
    readingDoor.countDown();
  }

  @Override
  public VersionVector append(DocumentId document, List<Change> changes, Durability durability) {
    knocks.release();
    attempts.incrementAndGet();
    Uninterruptibles.awaitUninterruptibly(door);
    String reason = failure;
    if (reason != null) {
      throw new StoreException(reason);
    }
    VersionVector version = super.append(document, changes, durability);
    if (durability == Durability.FSYNCED) {
      flushes.incrementAndGet();
    }
    return version;
  }

  @Override
  public VersionVector version(DocumentId document) {
    RuntimeException reason = versionFailure;
    if (reason != null) {
      throw reason;
    }
    return super.version(document);
  }

  @Override
  public List<Change> readSince(DocumentId document, VersionVector seen) {
    loads.incrementAndGet();
    if (document.equals(unreadable)) {
      Uninterruptibles.awaitUninterruptibly(readingDoor);
    }
    RuntimeException reason = readFailure;
    if (reason != null) {
      throw reason;
    }
    return super.readSince(document, seen);
  }

  @Override
  public void putSnapshot(DocumentId document, VersionVector version, byte[] snapshot) {
    snapshots.incrementAndGet();
    Error reason = snapshotFailure;
    if (reason != null) {
      throw reason;
    }
    super.putSnapshot(document, version, snapshot);
  }
}
