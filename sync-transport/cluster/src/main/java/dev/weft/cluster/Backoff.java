package dev.weft.cluster;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Ever longer pauses between attempts, doubling up to a bound, each with jitter over its upper
 * half, so that many who failed together do not try again together. Not thread-safe.
 */
final class Backoff {
  private final long minNanos;
  private final long maxNanos;
  private final RandomGenerator random;
  private long nextNanos;

  Backoff(Duration min, Duration max, RandomGenerator random) {
    minNanos = min.toNanos();
    maxNanos = max.toNanos();
    this.random = random;
    nextNanos = minNanos;
  }

  /** Returns how long to wait before the next attempt. */
  long nextNanos() {
    long nanos = random.nextLong(nextNanos / 2, nextNanos + 1);
    nextNanos = Math.min(2 * nextNanos, maxNanos);
    return nanos;
  }

  /** An attempt has succeeded: the next pause is a short one again. */
  void reset() {
    nextNanos = minNanos;
  }
}
