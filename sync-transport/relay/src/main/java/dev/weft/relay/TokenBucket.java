package dev.weft.relay;

import java.util.concurrent.TimeUnit;

/**
 * An allowance of so much a second, some of which may be saved up. Spending more than there is
 * makes a debt, and tells how long it takes until that is paid. Thread-safe.
 *
 * <p>All that is kept is the time until which what was spent lasts ("generic cell rate algorithm").
 */
final class TokenBucket {
  private final double nanosPerToken;
  private final long burstNanos;

  // Guarded by this.
  private long spentUntilNanos;

  /**
   * Creates a full bucket.
   *
   * @param perSecond how much comes in a second
   * @param burstSeconds how many seconds' worth may be saved up
   * @param nowNanos the time
   */
  TokenBucket(long perSecond, int burstSeconds, long nowNanos) {
    this.nanosPerToken = (double) TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.burstNanos = TimeUnit.SECONDS.toNanos(burstSeconds);
    this.spentUntilNanos = nowNanos - burstNanos;
  }

  /** Spends; returns for how many nanoseconds nothing more should be spent, 0 if there is more. */
  synchronized long spend(long tokens, long nowNanos) {
    if (nowNanos - spentUntilNanos > burstNanos) {
      spentUntilNanos = nowNanos - burstNanos;
    }
    spentUntilNanos += Math.round(tokens * nanosPerToken);
    return Math.max(0, spentUntilNanos - nowNanos);
  }

  /**
   * Spends if there is enough, and else nothing; returns 0 if it has spent, or for how many
   * nanoseconds there is not enough.
   */
  synchronized long trySpend(long tokens, long nowNanos) {
    long since = Math.max(spentUntilNanos - nowNanos, -burstNanos);
    long wait = since + Math.round(tokens * nanosPerToken);
    if (wait <= 0) {
      spentUntilNanos = nowNanos + wait;
    }
    return Math.max(0, wait);
  }

  /** Returns whether all that may be saved up is. */
  synchronized boolean isFull(long nowNanos) {
    return nowNanos - spentUntilNanos >= burstNanos;
  }
}
