package dev.weft.relay;

import java.time.Duration;

/**
 * For how long somebody has sent more than it may, and whether that is worth a line of the log: one
 * that went on for half a minute is, and then every ten minutes. Thread-safe.
 */
final class Excess {
  /** How long it must go on: a document that is pasted, or a device that comes back, takes less. */
  static final Duration TOLD_AFTER = Duration.ofSeconds(30);

  static final Duration TOLD_EVERY = Duration.ofMinutes(10);

  /** Who has sent no more than it may for so long has stopped. */
  private static final long OVER_NANOS = Duration.ofSeconds(10).toNanos();

  // Guarded by this.
  private boolean begun;
  private long sinceNanos;
  private long lastNanos;
  private boolean told;
  private long toldNanos;

  /** More has come than may; returns whether that is to be told. */
  synchronized boolean isToldNow(long nowNanos) {
    if (!begun || nowNanos - lastNanos > OVER_NANOS) {
      begun = true;
      sinceNanos = nowNanos;
    }
    lastNanos = nowNanos;
    if (nowNanos - sinceNanos < TOLD_AFTER.toNanos()
        || (told && nowNanos - toldNanos < TOLD_EVERY.toNanos())) {
      return false;
    }
    told = true;
    toldNanos = nowNanos;
    return true;
  }

  /** Returns for how many seconds it has gone on. */
  synchronized long seconds() {
    return Duration.ofNanos(lastNanos - sinceNanos).toSeconds();
  }
}
