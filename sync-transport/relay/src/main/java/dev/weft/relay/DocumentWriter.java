package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one document's changes to the store: some time after the first that is not stored, or at
 * once for a save; at most one batch at a time; again and again while the store fails. Confined to
 * the document's worker.
 *
 * <p>It keeps no changes, only two version vectors: what is stored, and what is known to be
 * flushed. What is to be written is the difference to the text. After a restart nothing is known to
 * be flushed, though it is there to read: it may have been written by a process that died before
 * the disk confirmed. So a document is flushed once when it is opened.
 */
final class DocumentWriter {
  private static final Logger log = LoggerFactory.getLogger(DocumentWriter.class);

  private final RelayedText text;
  private final CatchUp catchUp;
  private final WriteBehind writeBehind;
  private final Load load;
  private final RelayTimes times;
  private final RelayBounds bounds;
  private final Hooks hooks;

  private VersionVector stored;
  private VersionVector durable = VersionVector.EMPTY;

  /** What is being written; null if nothing is. */
  private @Nullable VersionVector underWay;

  private boolean scheduled;
  private boolean again;
  private boolean failing;
  private boolean over;
  private long unwrittenBytes;
  private long tailBytes;

  /**
   * Creates the writer of a document that was just loaded.
   *
   * @param stored what the store has
   * @param tailBytes how much of it was read behind the snapshot
   */
  DocumentWriter(
      RelayedText text,
      CatchUp catchUp,
      WriteBehind writeBehind,
      Load load,
      RelayTimes times,
      RelayBounds bounds,
      Hooks hooks,
      VersionVector stored,
      long tailBytes) {
    this.text = text;
    this.catchUp = catchUp;
    this.writeBehind = writeBehind;
    this.load = load;
    this.times = times;
    this.bounds = bounds;
    this.hooks = hooks;
    this.stored = stored;
    this.tailBytes = tailBytes;
  }

  /** What the writer needs of its document. */
  interface Hooks {
    DocumentId id();

    /** Runs a task on the document's worker, behind what it has to do. */
    void post(Runnable task);

    /** Runs a task on the document's worker, later. */
    Timer.Scheduled after(Duration delay, Runnable task);

    /** More is known to be flushed. */
    void flushed(VersionVector durable);

    /** The store has failed. */
    void storeFailed();
  }

  /** Returns what is known to be flushed. */
  VersionVector durable() {
    return durable;
  }

  /** Returns whether all of the document is known to be flushed, and nothing is being written. */
  boolean isIdle() {
    return underWay == null && durable.includes(text.version());
  }

  /** Returns whether so much waits to be written that no more should be taken in. */
  boolean isFull() {
    return unwrittenBytes > bounds.unwrittenBytes() || load.isStoreFull();
  }

  /** Returns whether the last try to write has failed. */
  boolean isFailing() {
    return failing;
  }

  /** Changes have been taken in: writes them soon. */
  void changed(long bytes) {
    unwrittenBytes += bytes;
    load.unwritten(bytes);
    schedule(times.writeBehind());
  }

  /**
   * The store was found to have changes of other relays, which are flushed with what comes next.
   */
  void found(List<Change> changes) {
    VersionVector.Builder builder = stored.toBuilder();
    changes.forEach(change -> builder.advance(change.replica(), change.end()));
    stored = builder.build();
    schedule(times.writeBehind());
  }

  /** Writes everything at once: a save waits, or the relay is about to stop. */
  void flush() {
    if (isIdle()) {
      return;
    }
    if (underWay == null) {
      write(true);
    } else {
      writeBehind.urge(hooks.id());
      again |= !underWay.includes(text.version());
    }
  }

  /**
   * The document is given up, or let go: nothing more of it is written, and what was to be written
   * is counted no more. What the store has not confirmed is still with the clients that wrote it.
   */
  void end() {
    over = true;
    load.unwritten(-unwrittenBytes);
    unwrittenBytes = 0;
  }

  private void schedule(Duration delay) {
    if (!scheduled && underWay == null && !over) {
      scheduled = true;
      hooks.after(
          delay,
          () -> {
            scheduled = false;
            if (underWay == null && !over && !isIdle()) {
              write(false);
            }
          });
    }
  }

  private void write(boolean urgent) {
    Duration leftAloneFor = writeBehind.leftAloneFor();
    if (!leftAloneFor.isZero()) {
      failed(leftAloneFor);
      return;
    }
    VersionVector version = text.version();
    List<Change> changes = stored.includes(version) ? List.of() : changesSince(stored);
    long tail = tailBytes;
    for (Change change : changes) {
      tail += change.sizeInBytes();
    }
    CatchUp.Snapshot snapshot = null;
    if (catchUp.isDue(tail)) {
      snapshot = catchUp.renew();
      tail = 0;
    }
    underWay = version;
    writeBehind.submit(
        new WriteBehind.Batch(hooks.id(), changes, snapshot, new Outcome(unwrittenBytes, tail)),
        urgent);
  }

  private List<Change> changesSince(VersionVector seen) {
    try {
      return Change.parse(text.text().changesSince(seen));
    } catch (MalformedUpdateException e) {
      throw new AssertionError("the relay cannot read what it wrote", e);
    }
  }

  /** What is to be noted once a batch is written. */
  private final class Outcome implements WriteBehind.Written {
    private final VersionVector storedBefore = stored;
    private final long bytes;
    private final long tailAfter;

    Outcome(long bytes, long tailAfter) {
      this.bytes = bytes;
      this.tailAfter = tailAfter;
    }

    @Override
    public void flushed(VersionVector version) {
      postUnlessOver(
          () -> {
            unwrittenBytes -= bytes;
            load.unwritten(-bytes);
            tailBytes = tailAfter;
            forgetLost(storedBefore, version);
            done(version);
          });
    }

    @Override
    public void failed() {
      postUnlessOver(() -> DocumentWriter.this.failed(times.storeRetry()));
    }

    @Override
    public void refused(VersionVector held) {
      postUnlessOver(() -> DocumentWriter.this.refused(storedBefore, held));
    }

    private void postUnlessOver(Runnable task) {
      hooks.post(
          () -> {
            if (!over) {
              task.run();
            }
          });
    }
  }

  private void done(VersionVector version) {
    boolean flushAgain = again;
    underWay = null;
    failing = false;
    again = false;
    stored = stored.merge(version);
    // Of a store that is shared with others it may be more than the document has here; clients are
    // told only of what they have been sent.
    durable = durable.merge(version.intersect(text.version()));
    hooks.flushed(durable);
    // The document may have asked for more just now.
    if (underWay == null && !isIdle()) {
      if (flushAgain) {
        write(true);
      } else {
        schedule(times.writeBehind());
      }
    }
  }

  private void failed(Duration retryAfter) {
    underWay = null;
    failing = true;
    again = false;
    hooks.storeFailed();
    schedule(retryAfter);
  }

  private void refused(VersionVector storedBefore, VersionVector held) {
    if (forgetLost(storedBefore, held)) {
      underWay = null;
      again = false;
      write(true);
    } else {
      failed(times.storeRetry());
    }
  }

  /**
   * A store that is shared may be replaced while the relay runs, by a backup or by a standby that
   * lagged behind. What it has lost is here, so it is written again, and nobody is told meanwhile
   * that it is safe.
   *
   * @param storedBefore what it had when it was asked
   * @param held what it had when it answered
   * @return whether it has lost anything
   */
  private boolean forgetLost(VersionVector storedBefore, VersionVector held) {
    if (held.includes(storedBefore)) {
      return false;
    }
    log.error(
        "document {}: the store has lost {} confirmed changes, which are written again",
        hooks.id(),
        storedBefore.eventsSince(held));
    stored = stored.intersect(held);
    durable = durable.intersect(held);
    return true;
  }
}
