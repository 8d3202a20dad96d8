package dev.weft.relay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the tasks of one document one after the other, on workers that all documents share. After a
 * bounded number of tasks, or behind the one that a bounded time is over with, it goes to the end
 * of the workers' line, so a document with much to do makes no other wait long. Thread-safe.
 *
 * <p>The line is bounded because a mailbox stands in it at most once. The tasks are bounded because
 * they come from connections, which are not read from while much of theirs waits here, and what
 * they leave when they go is bounded for all together; and beyond that from timers and the store,
 * each with at most one at a time.
 */
final class Mailbox {
  private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

  private static final int TASKS_A_TURN = 64;

  /** A few tasks can be long, where a text is. */
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Executor workers;
  private final Runnable turnEnd;
  private final Consumer<Throwable> failure;
  private final LongSupplier ticker;
  private final LongConsumer waited;

  /** When the workers were asked for the turn that comes next. Handed on by them. */
  private long askedNanos;

  // Guarded by this.
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private boolean suspended = true;
  private boolean scheduled;

  /**
   * Creates a mailbox that is suspended: what is posted waits for {@link #resume}.
   *
   * @param workers who runs the tasks
   * @param turnEnd run after the last task of each turn
   * @param failure told what a task throws; the tasks behind it are run nevertheless, even if this
   *     throws too
   * @param ticker monotonic time in nanoseconds
   * @param waited told before each turn for how many nanoseconds it had to be waited for
   */
  Mailbox(
      Executor workers,
      Runnable turnEnd,
      Consumer<Throwable> failure,
      LongSupplier ticker,
      LongConsumer waited) {
    this.workers = workers;
    this.turnEnd = turnEnd;
    this.failure = failure;
    this.ticker = ticker;
    this.waited = waited;
  }

  /** Runs {@code task} after all that were posted before. */
  void post(Runnable task) {
    synchronized (this) {
      tasks.addLast(task);
      if (suspended || scheduled) {
        return;
      }
      scheduled = true;
    }
    schedule();
  }

  /** Forgets those of the tasks that wait here. O(tasks that wait). */
  synchronized void withdraw(Set<? extends Runnable> which) {
    tasks.removeIf(which::contains);
  }

  /** Begins to run tasks, {@code first} before all that were posted. Called once. */
  void resume(Runnable first) {
    synchronized (this) {
      tasks.addFirst(first);
      suspended = false;
      scheduled = true;
    }
    schedule();
  }

  private void schedule() {
    boolean taken = false;
    askedNanos = ticker.getAsLong();
    try {
      workers.execute(this::turn);
      taken = true;
    } finally {
      if (!taken) {
        // Else nobody would ever ask the workers again.
        synchronized (this) {
          scheduled = false;
        }
      }
    }
  }

  private void turn() {
    long begunNanos = ticker.getAsLong();
    waited.accept(begunNanos - askedNanos);
    try {
      runSome(begunNanos);
    } finally {
      boolean more;
      synchronized (this) {
        more = !tasks.isEmpty();
        scheduled = more;
      }
      if (more) {
        schedule();
      }
    }
  }

  private void runSome(long begunNanos) {
    for (int i = 0; i < TASKS_A_TURN; i++) {
      Runnable task;
      synchronized (this) {
        task = i > 0 && isLater(begunNanos) ? null : tasks.pollFirst();
      }
      if (task == null) {
        break;
      }
      run(task);
    }
    run(turnEnd);
  }

  /**
   * The clock is not read where nothing waits, which is so in most turns. Called under the lock.
   */
  private boolean isLater(long begunNanos) {
    return !tasks.isEmpty() && ticker.getAsLong() - begunNanos >= TURN_NANOS;
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      tell(e);
    }
  }

  private void tell(Throwable thrown) {
    try {
      failure.accept(thrown);
    } catch (RuntimeException | Error e) {
      log.error("a fault of the relay could not be dealt with", e);
    }
  }
}
