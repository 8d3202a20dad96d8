package dev.weft.relay;

/** Runs tasks later: the seam at which a simulation puts its own time. Thread-safe. */
@FunctionalInterface
interface Timer {

  /**
   * Runs {@code task} once after {@code delayNanos}. Tasks are short and never block. A task that
   * is not needed any more finds that out by itself when it runs.
   */
  void schedule(long delayNanos, Runnable task);
}
