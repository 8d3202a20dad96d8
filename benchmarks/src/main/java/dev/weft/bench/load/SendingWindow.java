package dev.weft.bench.load;

import java.util.concurrent.TimeUnit;

/**
 * For how long a client gathers keystrokes, as the library's client does: half of the least of the
 * last round trips, at most 200 ms, and as long as a server asks for. Confined to the loop.
 */
final class SendingWindow {
  private static final long WIDEST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int ROUND_TRIPS = 8;

  private final boolean gathering;
  private final long[] roundTrips = new long[ROUND_TRIPS];
  private int count;
  private long askedForNanos;
  private long askedForUntil;
  private long sentNanos;
  private boolean sentBefore;

  /** Creates a window; one that is not gathering is always over, unless a server asks. */
  SendingWindow(boolean gathering) {
    this.gathering = gathering;
  }

  void roundTrip(long nanos) {
    roundTrips[count++ % ROUND_TRIPS] = nanos;
  }

  /** A server asks for a window, for a while. */
  void throttle(long windowNanos, long untilNanos) {
    askedForNanos = windowNanos;
    askedForUntil = untilNanos;
  }

  void sent(long nowNanos) {
    sentNanos = nowNanos;
    sentBefore = true;
  }

  /** Returns how long keystrokes still wait. */
  long leftNanos(long nowNanos) {
    return sentBefore ? Math.max(0, sentNanos + widthNanos(nowNanos) - nowNanos) : 0;
  }

  long widthNanos(long nowNanos) {
    long own = 0;
    if (gathering && count > 0) {
      long least = Long.MAX_VALUE;
      for (int i = 0; i < Math.min(count, ROUND_TRIPS); i++) {
        least = Math.min(least, roundTrips[i]);
      }
      own = Math.min(WIDEST_NANOS, least / 2);
    }
    boolean asked = askedForNanos > 0 && askedForUntil - nowNanos > 0;
    return asked ? Math.max(own, askedForNanos) : own;
  }
}
