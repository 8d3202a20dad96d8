package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Commits changes to a store in groups, so that whoever types never waits for the disk: a change is
 * taken into a queue at once and is stored within a bounded window, or as soon as anybody waits for
 * it. All who wait for the disk at the same time share one sync. Thread-safe.
 *
 * <pre>{@code
 * try (GroupCommit log = GroupCommit.builder(store).start()) {
 *   log.append(document, changes); // returns at once
 *   log.flush(document, Durability.FSYNCED).join(); // a save
 * }
 * }</pre>
 *
 * <p>A change leaves the queue only when the store has it. If the disk fails, what is queued stays
 * queued and is tried again, ever more slowly up to every 5 seconds, and at once when anybody
 * waits; {@link #failure} says so meanwhile. When the queue is full, changes are refused rather
 * than taken and lost.
 *
 * <p>The store stays its owner's: close this first, then the store.
 */
public final class GroupCommit implements AutoCloseable {
  private static final long MIN_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long MAX_RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final ChangeStore store;
  private final long windowNanos;
  private final int maxWaiters;
  private final Listener listener;
  private final ScheduledExecutorService scheduler;
  private final boolean ownsScheduler;

  /**
   * Held while the store is written, so that one group follows the other. Taken before {@link
   * #lock}.
   */
  private final ReentrantLock committing = new ReentrantLock();

  /** Guards what follows. Never held while the store or a listener is called. */
  private final ReentrantLock lock = new ReentrantLock();

  private final CommitQueue queue;
  private List<Waiter> waiters = new ArrayList<>();
  private boolean timerSet;
  private boolean commitRequested;
  private boolean closed;
  private @Nullable StoreException failure;
  private long retryNanos = MIN_RETRY_NANOS;

  private GroupCommit(Builder builder, ScheduledExecutorService scheduler) {
    store = builder.store;
    windowNanos = builder.windowNanos;
    maxWaiters = builder.maxQueuedChanges;
    queue = new CommitQueue(builder.maxQueuedChanges, builder.maxQueuedBytes);
    listener = builder.listener;
    this.scheduler = scheduler;
    ownsScheduler = builder.scheduler == null;
  }

  /** Returns a builder of a group commit to {@code store}. */
  public static Builder builder(ChangeStore store) {
    return new Builder(store);
  }

  /**
   * Takes changes in, all or none, and returns what is {@linkplain #accepted accepted} after them.
   * Those that are stored or queued already are skipped. Reads the store's {@link
   * ChangeStore#version}, and does not wait for the disk beside.
   *
   * @param changes in causal order
   * @throws IllegalArgumentException if a change's predecessor or one of its dependencies is
   *     neither stored nor queued nor before it
   * @throws StoreException if the queue is full, because the disk does not keep up or fails
   * @throws IllegalStateException if this is closed
   */
  public VersionVector append(DocumentId document, List<Change> changes) {
    VersionVector stored = store.version(document);
    try {
      return enqueue(document, changes, stored);
    } catch (IllegalArgumentException e) {
      // Others may write to the same store, and what is missing may have come since.
      VersionVector now = store.version(document);
      if (now.equals(stored)) {
        throw e;
      }
      return enqueue(document, changes, now);
    }
  }

  private VersionVector enqueue(DocumentId document, List<Change> changes, VersionVector stored) {
    boolean setTimer = false;
    VersionVector accepted;
    lock.lock();
    try {
      requireOpen();
      CausalAppend append = CausalAppend.of(document, queue.accepted(document, stored), changes);
      accepted = append.after();
      if (!append.fresh().isEmpty()) {
        queue.add(document, append, failure);
        setTimer = !timerSet;
        timerSet = true;
      }
    } finally {
      lock.unlock();
    }
    if (setTimer) {
      commitAfter(windowNanos);
    }
    return accepted;
  }

  /** Returns what is stored or queued of {@code document}. */
  public VersionVector accepted(DocumentId document) {
    VersionVector stored = store.version(document);
    lock.lock();
    try {
      return queue.accepted(document, stored);
    } finally {
      lock.unlock();
    }
  }

  /** Returns what is stored of {@code document}, at least as {@link Durability#WRITTEN}. */
  public VersionVector written(DocumentId document) {
    return store.version(document);
  }

  /**
   * Commits at once. The future completes with the stored version when all that was accepted of
   * {@code document} before is stored as durably as asked. It fails with {@link StoreException} if
   * the disk does; the changes then stay queued, and are tried again without being asked.
   *
   * <p>It completes on the committing thread: what depends on it should be short, or asynchronous.
   *
   * @throws IllegalStateException if this is closed
   */
  public CompletableFuture<VersionVector> flush(DocumentId document, Durability durability) {
    Waiter waiter = new Waiter(document, durability, new CompletableFuture<>());
    boolean request;
    lock.lock();
    try {
      requireOpen();
      if (waiters.size() >= maxWaiters) {
        return CompletableFuture.failedFuture(
            new StoreException(
                "too many wait for the store already, waiting="
                    + waiters.size()
                    + "; try again later",
                failure));
      }
      waiters.add(waiter);
      request = !commitRequested;
      commitRequested = true;
    } finally {
      lock.unlock();
    }
    if (request) {
      scheduler.execute(() -> commitAs(() -> commitRequested = false));
    }
    return waiter.done;
  }

  /** Returns why the last commit failed; empty once one has succeeded since. */
  public Optional<StoreException> failure() {
    lock.lock();
    try {
      return Optional.ofNullable(failure);
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many changes are accepted and not stored yet. */
  public int queuedChanges() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes in nothing more, and stores what is queued before it returns, on the calling thread. If
   * that fails, closing again tries again.
   *
   * @throws StoreException if something could not be stored: it says how much
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    commit();
    if (ownsScheduler) {
      scheduler.shutdownNow();
    }
    lock.lock();
    try {
      if (queue.size() > 0) {
        throw new StoreException(
            "not stored, and lost when the program ends: "
                + queue.size()
                + (queue.size() == 1 ? " change (" : " changes (")
                + (failure == null ? "unknown reason" : failure.getMessage())
                + "); remedy that and close again",
            failure);
      }
    } finally {
      lock.unlock();
    }
  }

  private void commitAfter(long delayNanos) {
    Future<?> unused =
        scheduler.schedule(
            () -> commitAs(() -> timerSet = false), delayNanos, TimeUnit.NANOSECONDS);
  }

  /** Commits on the scheduler's thread, after noting that what was scheduled has begun. */
  private void commitAs(Runnable begin) {
    lock.lock();
    try {
      begin.run();
    } finally {
      lock.unlock();
    }
    try {
      commit();
    } catch (RuntimeException | Error e) {
      // The scheduler would keep it in a future that nobody asks.
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  /** Stores all that is queued, and tells all who wait. */
  private void commit() {
    committing.lock();
    try {
      Map<DocumentId, List<Change>> group;
      List<Waiter> waiting;
      lock.lock();
      try {
        group = queue.snapshot();
        waiting = waiters;
        waiters = new ArrayList<>();
      } finally {
        lock.unlock();
      }
      if (!group.isEmpty() || !waiting.isEmpty()) {
        commit(group, waiting);
      }
    } finally {
      committing.unlock();
    }
  }

  private void commit(Map<DocumentId, List<Change>> group, List<Waiter> waiting) {
    Optional<DocumentId> toSync =
        waiting.stream()
            .filter(waiter -> waiter.durability == Durability.FSYNCED)
            .map(Waiter::document)
            .findFirst();
    GroupOutcome outcome = new GroupOutcome();
    if (toSync.isPresent() && group.size() == 1) {
      group.forEach((document, changes) -> append(outcome, document, changes, Durability.FSYNCED));
    } else {
      // Each by a commit of its own, so that one which fails holds up no other; then one sync of
      // all.
      group.forEach((document, changes) -> append(outcome, document, changes, Durability.WRITTEN));
      toSync.ifPresent(document -> append(outcome, document, List.of(), Durability.FSYNCED));
    }
    settle(outcome);
    try {
      tell(outcome);
    } finally {
      waiting.forEach(waiter -> complete(waiter, outcome));
    }
  }

  /** Appends to the store, and takes out of the queue what it has then. */
  private void append(
      GroupOutcome outcome, DocumentId document, List<Change> changes, Durability durability) {
    VersionVector version;
    try {
      version = store.append(document, changes, durability);
    } catch (RuntimeException e) {
      outcome.fail(document, changes, durability, e);
      return;
    }
    lock.lock();
    try {
      queue.remove(document, changes);
    } finally {
      lock.unlock();
    }
    outcome.succeed(document, durability, version);
  }

  /** Notes how a commit ended, and has it repeated if it must be. */
  private void settle(GroupOutcome outcome) {
    boolean retry = false;
    long delayNanos = 0;
    if (!outcome.hasReachedStore()) {
      return;
    }
    lock.lock();
    try {
      outcome.noteFailureBefore(failure);
      failure = outcome.failure();
      if (failure == null) {
        retryNanos = MIN_RETRY_NANOS;
      } else if (!closed && !timerSet && queue.size() > 0) {
        retry = true;
        timerSet = true;
        delayNanos = retryNanos;
        retryNanos = Math.min(2 * retryNanos, MAX_RETRY_NANOS);
      }
    } finally {
      lock.unlock();
    }
    if (retry) {
      commitAfter(delayNanos);
    }
  }

  private void tell(GroupOutcome outcome) {
    outcome.forEachStored(listener::committed);
    StoreException failed = outcome.failure();
    if (failed != null) {
      listener.failing(failed);
    } else if (outcome.isRecovery()) {
      listener.recovered();
    }
  }

  private void complete(Waiter waiter, GroupOutcome outcome) {
    StoreException failed = outcome.failureFor(waiter.document, waiter.durability);
    if (failed != null) {
      waiter.done.completeExceptionally(failed);
      return;
    }
    try {
      waiter.done.complete(store.version(waiter.document));
    } catch (RuntimeException e) {
      waiter.done.completeExceptionally(e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the group commit is closed");
    }
  }

  /** Is told what becomes of the changes; on the committing thread, so it should be short. */
  public interface Listener {
    /**
     * A commit of {@code document} succeeded: the store has {@code version} of it, as durably as
     * {@code durability}.
     */
    default void committed(DocumentId document, VersionVector version, Durability durability) {}

    /** A commit failed; what it was to store is kept and tried again. */
    default void failing(StoreException failure) {}

    /** A commit succeeded after one that failed. */
    default void recovered() {}
  }

  /** Collects the settings of a group commit. Not thread-safe. */
  public static final class Builder {
    private final ChangeStore store;
    private long windowNanos = TimeUnit.MILLISECONDS.toNanos(50);
    private int maxQueuedChanges = 65_536;
    private long maxQueuedBytes = 64L << 20;
    private Listener listener = new Listener() {};
    private @Nullable ScheduledExecutorService scheduler;

    private Builder(ChangeStore store) {
      this.store = store;
    }

    /**
     * Sets the longest time that a change waits to be stored; 50 ms if not set. With 0 it is stored
     * as soon as the thread is free.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder window(Duration window) {
      if (window.isNegative()) {
        throw new IllegalArgumentException("window must not be negative, window=" + window);
      }
      windowNanos = window.toNanos();
      return this;
    }

    /**
     * Sets the most changes that may be queued; 65,536 if not set.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxQueuedChanges(int changes) {
      if (changes <= 0) {
        throw new IllegalArgumentException(
            "maxQueuedChanges must be positive, maxQueuedChanges=" + changes);
      }
      maxQueuedChanges = changes;
      return this;
    }

    /**
     * Sets the most bytes of changes that may be queued; 64 MiB if not set.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxQueuedBytes(long bytes) {
      if (bytes <= 0) {
        throw new IllegalArgumentException(
            "maxQueuedBytes must be positive, maxQueuedBytes=" + bytes);
      }
      maxQueuedBytes = bytes;
      return this;
    }

    /**
     * Sets who runs the commits, at once and after a delay; a daemon thread of its own if not set.
     * It is not shut down here.
     */
    public Builder scheduler(ScheduledExecutorService scheduler) {
      this.scheduler = scheduler;
      return this;
    }

    /** Sets who is told what becomes of the changes; nobody if not set. */
    public Builder listener(Listener listener) {
      this.listener = listener;
      return this;
    }

    /** Returns a group commit that is ready to take changes in. */
    public GroupCommit start() {
      return new GroupCommit(this, scheduler == null ? newThread() : scheduler);
    }

    private static ScheduledExecutorService newThread() {
      return new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "weft-group-commit");
            thread.setDaemon(true);
            return thread;
          });
    }
  }

  private record Waiter(
      DocumentId document, Durability durability, CompletableFuture<VersionVector> done) {}
}
