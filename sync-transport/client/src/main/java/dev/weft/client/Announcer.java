package dev.weft.client;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has something told on the listener executor whenever it has changed: once at a time, and once
 * more if it changed while it was told. So however often it changes, one task waits at most, and
 * the last state is always told. What telling throws goes to its thread's uncaught exception
 * handler, and the next change is told nevertheless.
 *
 * <p>An executor that takes no task may be full for a moment, or shut down for good, which cannot
 * be told apart: it is tried again, after pauses that grow. Thread-safe.
 */
final class Announcer {
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LAST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Executor listeners;
  private final Loop loop;
  private final Runnable tell;
  private final AtomicInteger untold = new AtomicInteger();
  private final AtomicBoolean pausing = new AtomicBoolean();
  private volatile long pauseNanos = FIRST_PAUSE_NANOS;
  private volatile boolean ended;

  /**
   * Creates an announcer of something that has not changed yet.
   *
   * @param loop where it is tried again
   * @param tell tells how it is now; called by one thread at a time
   */
  Announcer(Executor listeners, Loop loop, Runnable tell) {
    this.listeners = listeners;
    this.loop = loop;
    this.tell = tell;
  }

  void changed() {
    if (untold.getAndIncrement() == 0) {
      try {
        listeners.execute(this::tellAll);
      } catch (RejectedExecutionException e) {
        untold.set(0);
        tryAgainLater();
      } catch (RuntimeException | Error e) {
        untold.set(0);
        tryAgainLater();
        DaemonThreads.report(e);
      }
    }
  }

  /** From now on an executor that takes no task is left alone: it may never take one again. */
  void end() {
    ended = true;
  }

  private void tryAgainLater() {
    if (!ended && pausing.compareAndSet(false, true)) {
      long nanos = pauseNanos;
      pauseNanos = Math.min(2 * nanos, LAST_PAUSE_NANOS);
      Loop.Timer unused =
          loop.schedule(
              nanos,
              () -> {
                pausing.set(false);
                changed();
              });
    }
  }

  private void tellAll() {
    pauseNanos = FIRST_PAUSE_NANOS;
    int seen;
    do {
      seen = untold.get();
      try {
        tell.run();
      } catch (Throwable e) {
        // Left to escape, it would leave the count as it is, and nothing would be told any more.
        DaemonThreads.report(e);
      }
    } while (!untold.compareAndSet(seen, 0));
  }
}
