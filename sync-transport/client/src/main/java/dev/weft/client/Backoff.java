package dev.weft.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: a random time up to a bound that grows by half with
 * every attempt until a cap ("full jitter", after which many clients that lost one relay at the
 * same moment come back evenly spread). All pauses before it together take one and a half times the
 * bound, on average, so what was away is found again after half as long as it was away, at most:
 * were the bound to double, after as long again. Confined to one thread.
 */
final class Backoff {
  private final long baseNanos;
  private final long capNanos;
  private final RandomGenerator random;
  private int attempts;

  /**
   * Creates a backoff of which no attempt has failed.
   *
   * @throws IllegalArgumentException unless {@code base} is positive and at most {@code cap}
   */
  Backoff(Duration base, Duration cap, RandomGenerator random) {
    if (base.isNegative() || base.isZero() || base.compareTo(cap) > 0) {
      throw new IllegalArgumentException(
          "base must be positive and at most cap, base=" + base + ", cap=" + cap);
    }
    this.baseNanos = Loop.nanosOf(base);
    this.capNanos = Loop.nanosOf(cap);
    this.random = random;
  }

  /** Counts a failed attempt and returns how many nanoseconds to wait before the next. */
  long nextDelayNanos() {
    long bound = baseNanos;
    for (int i = 0; i < attempts && bound < capNanos; i++) {
      long half = (bound + 1) / 2;
      bound = bound > capNanos - half ? capNanos : bound + half;
    }
    attempts++;
    return random.nextLong(bound) + 1;
  }

  /** Returns how many attempts have failed since the last {@link #reset}. */
  int attempts() {
    return attempts;
  }

  /** Forgets the failed attempts. */
  void reset() {
    attempts = 0;
  }
}
