package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast a body or a frame comes, so that who sends a byte now and then does not hold a
 * connection, or memory, for ever. What counts is the time for which its reader waits for it, and
 * not the time that the reader takes for itself. Used by one thread at a time.
 *
 * <p>What comes faster saves nothing up: who has sent most of a long frame at once would else hold
 * it for hours.
 */
final class LeastPace {
  /** A quarter of what the slowest link that clients wait for is taken to carry. */
  private static final int LEAST_BYTES_PER_SECOND = 250;

  private static final long NANOS_PER_BYTE = TimeUnit.SECONDS.toNanos(1) / LEAST_BYTES_PER_SECOND;

  private final Duration grace;
  private final LongSupplier ticker;
  private boolean waiting;
  private long sinceNanos;
  private long leftNanos;

  /**
   * Creates a pace of which nothing is known.
   *
   * @param grace how long may be waited beside the time that the bytes take
   */
  LeastPace(Duration grace, LongSupplier ticker) {
    this.grace = grace;
    this.ticker = ticker;
    begin();
  }

  /** Forgets what was. */
  void begin() {
    waiting = false;
    leftNanos = grace.toNanos();
  }

  /** There is nothing to read. */
  void waits() {
    if (!waiting) {
      waiting = true;
      sinceNanos = ticker.getAsLong();
    }
  }

  /**
   * Something was read.
   *
   * @throws RefusedException if it was waited for too long in all
   */
  void came(int bytes) throws RefusedException {
    if (waiting) {
      waiting = false;
      leftNanos -= ticker.getAsLong() - sinceNanos;
    }
    leftNanos = Math.min(grace.toNanos(), leftNanos + bytes * NANOS_PER_BYTE);
    if (leftNanos < 0) {
      throw new RefusedException(
          Refusal.forNow(
              Codes.IDLE_TIMEOUT,
              "What is sent comes too slowly: at less than "
                  + LEAST_BYTES_PER_SECOND
                  + " bytes a second for more than "
                  + Sentences.of(grace)
                  + ".",
              0));
    }
  }
}
