package dev.weft.relay;

/** Runs tasks later: the seam at which a simulation puts its own time. Thread-safe. */
@FunctionalInterface
interface Timer {

  /**
   * Runs {@code task} once after {@code delayNanos}. Tasks are short and never block.
   *
   * @return the task, which holds what it refers to until it has run or is cancelled
   */
  Scheduled schedule(long delayNanos, Runnable task);

  /** A task that waits for its time. */
  @FunctionalInterface
  interface Scheduled {
    /**
     * Forgets the task, unless it has run or runs already: one that must not come late finds that
     * out by itself.
     */
    void cancel();
  }
}
