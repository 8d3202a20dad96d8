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

  private long smoothedRoundTripNanos = -1;
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
    long own = Math.min(MAX_WINDOW_NANOS, Math.max(0, smoothedRoundTripNanos / 2));
    return Math.max(own, throttleNanos);
  }

  void sent(long nowNanos) {
    sentBefore = true;
    lastSentNanos = nowNanos;
  }

  /** Takes a measured round trip into account: a moving average with an eighth for the new one. */
  void roundTrip(long nanos) {
    smoothedRoundTripNanos =
        smoothedRoundTripNanos < 0
            ? nanos
            : smoothedRoundTripNanos + (nanos - smoothedRoundTripNanos) / 8;
  }

  /** Sets the least window that the relay asks for; 0 ends it. */
  void throttle(long windowNanos) {
    throttleNanos = windowNanos;
  }

  boolean isThrottled() {
    return throttleNanos > 0;
  }
}
