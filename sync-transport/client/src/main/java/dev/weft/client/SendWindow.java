package dev.weft.client;

import java.util.concurrent.TimeUnit;

/**
 * How long keystrokes are gathered before they are sent: no time at all when nothing was sent
 * lately and the link is quick, half a round trip when it is slow, longer where the relay asks for
 * it. Keystrokes that come while a message is on its way thus travel together. Confined to one
 * thread.
 */
final class SendWindow {
  /** The widest window that the client chooses by itself. */
  static final long MAX_WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** The least of so many measured round trips is taken: what exceeds it is noise, not the link. */
  private static final int SAMPLES = 8;

  private final long[] roundTripsNanos = new long[SAMPLES];
  private int measured;
  private boolean sentBefore;
  private long lastSentNanos;
  private long throttleNanos;

  /** Returns how long to wait from {@code nowNanos} before sending. */
  long delayNanos(long nowNanos) {
    if (!sentBefore) {
      return 0;
    }
    return Math.max(0, lastSentNanos + windowNanos() - nowNanos);
  }

  /** Returns the window: the least time between two messages of keystrokes. */
  long windowNanos() {
    long own = Math.min(MAX_WINDOW_NANOS, leastRoundTripNanos() / 2);
    return Math.max(own, throttleNanos);
  }

  void sent(long nowNanos) {
    sentBefore = true;
    lastSentNanos = nowNanos;
  }

  /** Takes a measured round trip into account. */
  void roundTrip(long nanos) {
    roundTripsNanos[measured % SAMPLES] = nanos;
    measured++;
  }

  private long leastRoundTripNanos() {
    long least = measured == 0 ? 0 : Long.MAX_VALUE;
    for (int i = 0; i < Math.min(measured, SAMPLES); i++) {
      least = Math.min(least, roundTripsNanos[i]);
    }
    return least;
  }

  /** Sets the least window that the relay asks for; 0 ends it. */
  void throttle(long windowNanos) {
    throttleNanos = windowNanos;
  }

  boolean isThrottled() {
    return throttleNanos > 0;
  }
}
