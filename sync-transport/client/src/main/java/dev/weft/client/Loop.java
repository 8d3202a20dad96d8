package dev.weft.client;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Where a client decides what to do: one task at a time, in the order in which they were handed
 * over. Everything that a session knows is confined to its loop, and so needs no lock.
 *
 * <p>This is the seam through which threads and time enter: {@link ThreadLoop} is a thread, a
 * simulation is a queue of its own in virtual time. Thread-safe.
 */
interface Loop extends Executor {
  /** So far from now that the sum of a few, or with any clock's time, is still in the future. */
  Duration LONGEST = Duration.ofDays(50 * 365);

  /**
   * Returns a duration in nanoseconds, or {@link #LONGEST} where it is longer: a caller may well
   * say {@code ChronoUnit.FOREVER}, which no number of nanoseconds holds.
   */
  static long nanosOf(Duration duration) {
    return (duration.compareTo(LONGEST) < 0 ? duration : LONGEST).toNanos();
  }

  /**
   * Runs the task after those handed over before; never inside this call. Does nothing after {@link
   * #close}, when nobody is left to care.
   */
  @Override
  void execute(Runnable task);

  /** Runs the task, as {@link #execute} does, when {@code delayNanos} have passed. */
  Timer schedule(long delayNanos, Runnable task);

  /** Runs what was handed over to be run at once, and nothing after that. Does not wait. */
  void close();

  /** A task that waits for its time. */
  interface Timer {
    /** Keeps the task from running, unless it has begun. Called on the loop, it is certain. */
    void cancel();
  }
}
