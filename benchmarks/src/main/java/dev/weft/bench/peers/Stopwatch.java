package dev.weft.bench.peers;

/** Adds up the time between start and stop. Not thread-safe. */
final class Stopwatch {
  private long startedAt;
  private long total;

  void start() {
    startedAt = System.nanoTime();
  }

  void stop() {
    total += System.nanoTime() - startedAt;
  }

  long nanos() {
    return total;
  }

  /** Returns the time so far, that of the section under way included. */
  long nanosSoFar() {
    return total + System.nanoTime() - startedAt;
  }
}
