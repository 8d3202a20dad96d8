package dev.weft.client;

import dev.weft.crdt.ApplyResult;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.Subscription;
import dev.weft.crdt.TextChange;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.TextObserver;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Payload;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * This device's copy of a text behind one lock, with what the relay has of it. Thread-safe.
 *
 * <p>An edit takes the lock, edits and, if it is the first since changes were last taken out,
 * announces that there are changes: one task for the loop, however many keystrokes follow. What is
 * to be stored or sent is taken out later, by whoever stores or sends it, as all that a version
 * lacks. So a keystroke builds no message and enters no queue. Where nothing is sent, the loop
 * looks by itself while somebody types, and a keystroke wakes nobody.
 *
 * <p>What the relay has is known in two vectors: what it <em>told</em>, and what it will have if
 * all arrives that this connection <em>took</em>. The second is at or after the first; with the
 * connection it falls back to it.
 */
final class LocalCopy {
  private final ReentrantLock lock = new ReentrantLock();
  private final TextDocument document;
  private final Runnable announcement;

  // Guarded by the lock.
  private boolean announced;
  private boolean watched;
  private boolean closed;
  private long limit = Long.MAX_VALUE;
  private long emptyAt = -1;
  private LongFunction<String> limitReason = own -> "";
  private Runnable onRefusal = () -> {};
  private boolean refused;
  private VersionVector told;
  private VersionVector taken;

  /**
   * Creates a copy that has the document to itself.
   *
   * @param told what the relay is known to have
   * @param announcement is run by who edited, when there may be something to take out; must only
   *     hand over to another thread
   */
  LocalCopy(TextDocument document, VersionVector told, Runnable announcement) {
    this.document = document;
    this.told = told;
    this.taken = told;
    this.announcement = announcement;
  }

  ReplicaId replica() {
    return document.replica();
  }

  /** Edits under the lock. Those who threw may have edited before. */
  void edit(Consumer<TextDocument> edits) {
    lock.lock();
    try {
      requireOpen();
      requireRoom(1);
      edits.accept(document);
    } finally {
      unlockAndAnnounce();
    }
  }

  /** Edits under the lock, and returns what the edits came to. */
  <T> T compute(Function<TextDocument, T> edits) {
    lock.lock();
    try {
      requireOpen();
      requireRoom(1);
      return edits.apply(document);
    } finally {
      unlockAndAnnounce();
    }
  }

  void insert(int index, CharSequence text) {
    lock.lock();
    try {
      requireOpen();
      requireRoom(text.length());
      document.insert(index, text);
    } finally {
      unlockAndAnnounce();
    }
  }

  void delete(int start, int end) {
    lock.lock();
    try {
      requireOpen();
      requireRoom(unitsIn(start, end));
      document.delete(start, end);
    } finally {
      unlockAndAnnounce();
    }
  }

  void replace(int start, int end, CharSequence text) {
    lock.lock();
    try {
      requireOpen();
      requireRoom(unitsIn(start, end) + text.length());
      document.replace(start, end, text);
    } finally {
      unlockAndAnnounce();
    }
  }

  /** Applies an update that came from elsewhere than the relay. */
  ApplyResult apply(byte[] update) throws MalformedUpdateException {
    lock.lock();
    try {
      requireOpen();
      return document.apply(update);
    } finally {
      unlockAndAnnounce();
    }
  }

  <T extends @Nullable Object> T read(Function<TextDocument, T> reader) {
    lock.lock();
    try {
      return reader.apply(document);
    } finally {
      lock.unlock();
    }
  }

  /** Does something under the lock that edits nothing. */
  void run(Consumer<TextDocument> action) {
    lock.lock();
    try {
      action.accept(document);
    } finally {
      lock.unlock();
    }
  }

  Subscription observe(TextObserver observer) {
    lock.lock();
    try {
      Subscription subscription = document.observe(change -> tell(observer, change));
      return () -> {
        lock.lock();
        try {
          subscription.close();
        } finally {
          lock.unlock();
        }
      };
    } finally {
      lock.unlock();
    }
  }

  /**
   * The edit stands, whatever an observer makes of it; so its failure, an error too, is not the
   * editor's, and does not break off an update half of which is applied.
   */
  private static void tell(TextObserver observer, TextChange change) {
    try {
      observer.changed(change);
    } catch (Throwable e) {
      DaemonThreads.report(e);
    }
  }

  VersionVector version() {
    return read(TextDocument::version);
  }

  /**
   * Returns the digest of a version; 0, for none, if the text's history does not have all of it, or
   * begins later. O(replicas + changes since the last time).
   */
  long digest(VersionVector version) {
    return read(
        document ->
            document.version().includes(version) && version.includes(document.historyBase())
                ? document.digest(version)
                : 0L);
  }

  boolean isLockedByCaller() {
    return lock.isHeldByCurrentThread();
  }

  /** Applies an update that came from the relay; does nothing and returns null if closed. */
  @Nullable ApplyResult applyRelayed(byte[] update) throws MalformedUpdateException {
    lock.lock();
    try {
      if (closed) {
        return null;
      }
      VersionVector before = document.version();
      try {
        return document.apply(update);
      } finally {
        relayHas(gained(before, document.version()));
      }
    } finally {
      lock.unlock();
    }
  }

  /** What is in {@code after} of those replicas of which it has more than {@code before}. */
  private static VersionVector gained(VersionVector before, VersionVector after) {
    VersionVector.Builder gained = new VersionVector.Builder();
    for (ReplicaId replica : after.replicas()) {
      if (after.next(replica) > before.next(replica)) {
        gained.advance(replica, after.next(replica));
      }
    }
    return gained.build();
  }

  /** Notes that the relay told to have {@code version}, beside what it has told before. */
  void relayHas(VersionVector version) {
    lock.lock();
    try {
      told = told.merge(version);
      taken = taken.merge(version);
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the relay told to have {@code version} and no more; it may have lost something. */
  void relayHasOnly(VersionVector version) {
    lock.lock();
    try {
      told = version;
      taken = version;
    } finally {
      lock.unlock();
    }
  }

  /** Notes that of what was sent only {@code version} has arrived. */
  void relayMissed(VersionVector version) {
    lock.lock();
    try {
      taken = told.merge(version);
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the connection took all of {@code version}. */
  void linkTook(VersionVector version) {
    lock.lock();
    try {
      taken = taken.merge(version);
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the connection is gone, and whatever was on its way with it. */
  void linkLost() {
    lock.lock();
    try {
      taken = told;
    } finally {
      lock.unlock();
    }
  }

  /** Returns what the relay has if all arrives that this connection took. */
  VersionVector taken() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out what was not given to this connection and is not known to be at the relay. */
  @Nullable Changes unsent() {
    lock.lock();
    try {
      return changesSince(taken);
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether there is anything that the relay is not known to have. */
  boolean hasUnsent() {
    lock.lock();
    try {
      return !told.includes(document.version());
    } finally {
      lock.unlock();
    }
  }

  /** Takes out what {@code seen} lacks; null if that is nothing. O(replicas + changes since). */
  @Nullable Changes changesSince(VersionVector seen) {
    lock.lock();
    try {
      announced = false;
      VersionVector version = document.version();
      if (seen.includes(version)) {
        return null;
      }
      long ownSeen = seen.next(document.replica());
      boolean onlyOwn = version.eventsSince(seen) == Math.max(0, document.nextSequence() - ownSeen);
      byte[] update = onlyOwn ? document.ownChangesSince(ownSeen) : document.changesSince(seen);
      return new Changes(Payload.of(update), version);
    } finally {
      lock.unlock();
    }
  }

  /** Returns a snapshot if the text has at least {@code events} that {@code seen} has not. */
  @Nullable Changes snapshotIfBeyond(VersionVector seen, long events) {
    lock.lock();
    try {
      VersionVector version = document.version();
      return version.eventsSince(seen) < events
          ? null
          : new Changes(Payload.of(document.snapshot()), version);
    } finally {
      lock.unlock();
    }
  }

  Standing standing() {
    lock.lock();
    try {
      return new Standing(document.version(), taken);
    } finally {
      lock.unlock();
    }
  }

  /** Refuses edits and updates from here on; reading goes on. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whoever edited tells that there are changes, once until they are taken out, and after it has
   * left the lock: waking another thread takes longer than most edits.
   */
  private void unlockAndAnnounce() {
    boolean tell = !announced && !watched && !closed;
    announced |= tell;
    Runnable refusal = refused ? onRefusal : null;
    refused = false;
    lock.unlock();
    if (tell) {
      announcement.run();
    }
    if (refusal != null) {
      refusal.run();
    }
  }

  /** Edits need not be announced from now on, since somebody looks for them at short intervals. */
  void watch() {
    lock.lock();
    try {
      watched = true;
    } finally {
      lock.unlock();
    }
  }

  /** Edits are announced again; those before may not have been. */
  void unwatch() {
    lock.lock();
    try {
      watched = false;
      announced = false;
    } finally {
      lock.unlock();
    }
  }

  /** Has edits announced again unless {@code seen} lacks some, and returns whether it has all. */
  boolean unwatchIfIdle(VersionVector seen) {
    lock.lock();
    try {
      boolean idle = seen.includes(document.version());
      watched = !idle;
      return idle;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets the text be edited up to an own sequence number.
   *
   * @param emptyWhenAt the own sequence number at which nothing waits: there one edit of any size
   *     is taken, so that no bound refuses a large paste for ever; negative if something waits
   * @param reason says why no further, given the next own sequence number
   * @param whenRefused is run, outside of the lock, after an edit was refused
   */
  void limit(
      long ownSequence, long emptyWhenAt, LongFunction<String> reason, Runnable whenRefused) {
    lock.lock();
    try {
      limit = ownSequence;
      emptyAt = emptyWhenAt;
      limitReason = reason;
      onRefusal = whenRefused;
    } finally {
      lock.unlock();
    }
  }

  /** Returns this replica's next sequence number. */
  long ownNext() {
    lock.lock();
    try {
      return document.nextSequence();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many units of the text are in a range, which may be no range of it. */
  private long unitsIn(int start, int end) {
    return Math.max(0, Math.min(end, document.length()) - (long) start);
  }

  private void requireRoom(long changes) {
    long next = document.nextSequence();
    if (next + changes > limit && next != emptyAt) {
      refused = true;
      throw new OutboxFullException(limitReason.apply(next));
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the text is closed; open it again to edit it");
    }
  }

  /**
   * Changes taken out of the text.
   *
   * @param update the changes
   * @param version the text's version: the update has all of it that was asked for
   */
  record Changes(Payload update, VersionVector version) {}

  /**
   * How the text stands to the relay.
   *
   * @param version the text's version
   * @param taken what the relay has if all arrives that this connection took
   */
  record Standing(VersionVector version, VersionVector taken) {}
}
