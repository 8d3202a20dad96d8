package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.StoreDamagedException;
import dev.weft.store.StoreException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes documents' changes to the store, many documents with one flush of the disk. Thread-safe.
 *
 * <p>Whatever waits is taken together: each document's changes are appended, and the last append is
 * flushed, which by the store's contract makes all before it as durable. So the slower the disk,
 * the more goes with each flush. The line is bounded because each document stands in it at most
 * once; documents for which saves wait go first, but for a part of each flush.
 */
final class WriteBehind {
  private static final Logger log = LoggerFactory.getLogger(WriteBehind.class);

  /** Bounds how long a save that comes now may stand behind others. */
  private static final int DOCUMENTS_A_FLUSH = 64;

  /** How many of them may be documents that have waited longest, whatever the saves. */
  private static final int USUAL_A_FLUSH = 16;

  private final ChangeStore store;
  private final Executor writer;
  private final StoreHealth health;

  // Guarded by this.
  private final Deque<Batch> urgent = new ArrayDeque<>();
  private final Deque<Batch> usual = new ArrayDeque<>();
  private boolean running;

  /** What the store was asked for last; null before. */
  private @Nullable DocumentId last;

  /** Whether the last append failed; said once. Belongs to the one task that writes. */
  private boolean failing;

  WriteBehind(ChangeStore store, Executor writer, StoreHealth health) {
    this.store = store;
    this.writer = writer;
    this.health = health;
    health.whenToTryAgain(this::tryAgain);
  }

  /**
   * What a document has to write.
   *
   * @param changes the changes, in causal order; if there are none, what is stored is flushed
   * @param snapshot a snapshot to keep once the changes are stored; null for none
   * @param written told when it is done
   */
  record Batch(
      DocumentId document,
      List<Change> changes,
      CatchUp.@Nullable Snapshot snapshot,
      Written written) {}

  /** Hears what became of a batch, on the writing thread. */
  interface Written {
    /** All of {@code version} is flushed. */
    void flushed(VersionVector version);

    /** The store has failed; nothing of the batch is known to be flushed. */
    void failed();

    /**
     * Nothing of the batch was written, since what it builds on is missing in the store, which has
     * {@code held}.
     */
    void refused(VersionVector held);
  }

  /** Nobody hears whether the store can be written again but those who ask for its health. */
  private enum Probe implements Written {
    NOBODY;

    @Override
    public void flushed(VersionVector version) {
      // The health knows.
    }

    @Override
    public void failed() {
      // The health knows.
    }

    @Override
    public void refused(VersionVector held) {
      // There was nothing to refuse.
    }
  }

  /** Writes a batch soon. */
  void submit(Batch batch, boolean isUrgent) {
    synchronized (this) {
      (isUrgent ? urgent : usual).addLast(batch);
      if (running) {
        return;
      }
      running = true;
    }
    schedule();
  }

  private void schedule() {
    boolean taken = false;
    try {
      writer.execute(this::run);
      taken = true;
    } finally {
      if (!taken) {
        // Else nothing would ever be written again.
        synchronized (this) {
          running = false;
        }
      }
    }
  }

  /** Returns for how long it is in vain to submit anything; zero if it is not. */
  Duration leftAloneFor() {
    return health.leftAloneFor();
  }

  /** Those who wait to be told that the store is well again may have nothing to write. */
  private void tryAgain() {
    Batch probe;
    synchronized (this) {
      if (running || last == null) {
        return;
      }
      probe = new Batch(last, List.of(), null, Probe.NOBODY);
    }
    submit(probe, false);
  }

  /** Lets a batch that waits go first. */
  synchronized void urge(DocumentId document) {
    for (Batch batch : usual) {
      if (batch.document.equals(document)) {
        usual.remove(batch);
        urgent.addLast(batch);
        return;
      }
    }
  }

  private void run() {
    try {
      List<Batch> batches = next();
      StoreHealth.Attempt attempt = health.begin();
      if (attempt == null) {
        batches.forEach(batch -> tell(batch, batch.written::failed));
      } else {
        List<Batch> stored = write(batches, attempt);
        health.watch(() -> tidyUp(stored));
      }
    } finally {
      boolean more;
      synchronized (this) {
        more = isWaiting();
        running = more;
      }
      if (more) {
        schedule();
      }
    }
  }

  /** Returns how many documents wait. */
  synchronized int waiting() {
    return urgent.size() + usual.size();
  }

  private synchronized boolean isWaiting() {
    return !urgent.isEmpty() || !usual.isEmpty();
  }

  private void tidyUp(List<Batch> stored) {
    stored.forEach(this::keepSnapshot);
    // One step for each time that the line was empty, so that who comes next waits for one.
    if (isWaiting()) {
      return;
    }
    try {
      store.compact();
    } catch (RuntimeException e) {
      Failures.tell(log, Level.WARN, "the store could not be compacted", e);
    }
  }

  private synchronized List<Batch> next() {
    List<Batch> batches = new ArrayList<>();
    // Else who saves without end would keep what others write from being written.
    move(urgent, batches, DOCUMENTS_A_FLUSH - Math.min(usual.size(), USUAL_A_FLUSH));
    move(usual, batches, DOCUMENTS_A_FLUSH);
    if (!batches.isEmpty()) {
      last = batches.get(0).document;
    }
    return batches;
  }

  private static void move(Deque<Batch> from, List<Batch> to, int most) {
    while (to.size() < most && !from.isEmpty()) {
      to.add(from.removeFirst());
    }
  }

  /** Returns what is stored. */
  private List<Batch> write(List<Batch> batches, StoreHealth.Attempt attempt) {
    Throwable failure = null;
    List<Batch> stored = new ArrayList<>(batches.size());
    List<VersionVector> versions = new ArrayList<>(batches.size());
    boolean flushed = false;
    for (int i = 0; i < batches.size(); i++) {
      Batch batch = batches.get(i);
      boolean last = i == batches.size() - 1;
      try {
        versions.add(
            store.append(
                batch.document, batch.changes, last ? Durability.FSYNCED : Durability.WRITTEN));
        stored.add(batch);
        flushed = last;
      } catch (IllegalArgumentException e) {
        refused(batch, e);
      } catch (StoreDamagedException e) {
        // That is one document's, and says nothing of the others'.
        failed(batch, e);
      } catch (RuntimeException | Error e) {
        failed(batch, e);
        failure = e;
      }
    }
    if (!stored.isEmpty() && !flushed) {
      try {
        store.append(stored.get(0).document, List.of(), Durability.FSYNCED);
      } catch (RuntimeException | Error e) {
        attempt.failed(e);
        stored.forEach(batch -> failed(batch, e));
        return List.of();
      }
    }
    if (!stored.isEmpty()) {
      attempt.written();
    } else if (failure != null) {
      attempt.failed(failure);
    } else {
      attempt.undecided();
    }
    if (failing && !stored.isEmpty()) {
      failing = false;
      log.info("the store can be written again");
    }
    for (int i = 0; i < stored.size(); i++) {
      Batch batch = stored.get(i);
      VersionVector version = versions.get(i);
      tell(batch, () -> batch.written.flushed(version));
    }
    return stored;
  }

  private void failed(Batch batch, Throwable reason) {
    String what = "document " + batch.document + ": the store cannot be written";
    if (!failing && reason instanceof StoreException) {
      Failures.tell(log, Level.WARN, what, reason);
    } else if (!failing) {
      log.warn(what, reason);
    }
    failing = true;
    tell(batch, batch.written::failed);
  }

  /** A document that cannot be told keeps no other from being told. */
  private static void tell(Batch batch, Runnable news) {
    try {
      news.run();
    } catch (RuntimeException | Error e) {
      log.error("document {}: cannot be told what was stored", batch.document, e);
    }
  }

  private void refused(Batch batch, IllegalArgumentException reason) {
    VersionVector held;
    try {
      held = store.version(batch.document);
    } catch (RuntimeException | Error e) {
      failed(batch, e);
      return;
    }
    log.warn("document {}: the store refused changes: {}", batch.document, reason.getMessage());
    tell(batch, () -> batch.written.refused(held));
  }

  /** A snapshot saves time, nothing else: without it the changes are read. */
  private void keepSnapshot(Batch batch) {
    if (batch.snapshot == null) {
      return;
    }
    try {
      store.putSnapshot(batch.document, batch.snapshot.version(), batch.snapshot.bytes().bytes());
    } catch (RuntimeException | Error e) {
      Failures.tell(log, Level.WARN, "document " + batch.document + ": no snapshot was kept", e);
    }
  }
}
