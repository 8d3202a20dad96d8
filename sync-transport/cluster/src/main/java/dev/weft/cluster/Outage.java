package dev.weft.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Remembers that the database could not be reached, so that for a while nobody else waits to find
 * out again: one at a time tries, after ever longer pauses, each with jitter, so that the relays of
 * a cluster do not all come back in the same moment. Thread-safe.
 */
final class Outage {
  private static final Duration MIN_PAUSE = Duration.ofMillis(50);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(2);

  private final LongSupplier ticker;
  private final Backoff backoff;
  private final long attemptNanos;

  private @Nullable String reason;
  private long retryAtNanos;

  /**
   * Creates the memory of a database that can be reached.
   *
   * @param ticker a monotonic clock in nanoseconds
   * @param attempt how long whoever tries takes at most to find out
   */
  Outage(LongSupplier ticker, RandomGenerator random, Duration attempt) {
    this.ticker = ticker;
    backoff = new Backoff(MIN_PAUSE, MAX_PAUSE, random);
    attemptNanos = attempt.toNanos();
  }

  /**
   * Returns why the database cannot be reached, for a caller who should not try now; empty for one
   * who should, and must then tell by {@link #began} or {@link #ended} how it went.
   */
  synchronized Optional<String> reason() {
    if (reason != null) {
      long now = ticker.getAsLong();
      if (now - retryAtNanos < 0) {
        return Optional.of(reason);
      }
      retryAtNanos = now + attemptNanos;
    }
    return Optional.empty();
  }

  synchronized void began(String reason) {
    this.reason = reason;
    retryAtNanos = ticker.getAsLong() + backoff.nextNanos();
  }

  synchronized void ended() {
    reason = null;
    backoff.reset();
  }
}
