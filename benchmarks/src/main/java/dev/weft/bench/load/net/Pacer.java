package dev.weft.bench.load.net;

import java.util.concurrent.TimeUnit;

/**
 * How many bytes may pass by now: so many a second, a little at once after as long with nothing,
 * and none in advance. Confined to one thread.
 */
final class Pacer {
  /** How much time's worth may pass at once: a timer does not come more precisely. */
  private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final double bytesPerNano;
  private final double burst;
  private double allowed;
  private long updatedNanos;

  /** Creates a pacer that lets nothing pass at {@code nowNanos}. */
  Pacer(long bytesPerSecond, long nowNanos) {
    bytesPerNano = (double) bytesPerSecond / TimeUnit.SECONDS.toNanos(1);
    burst = Math.max(1, bytesPerNano * BURST_NANOS);
    updatedNanos = nowNanos;
  }

  /** Returns how many bytes may pass now. */
  int allowed(long nowNanos) {
    allowed = Math.min(burst, allowed + (nowNanos - updatedNanos) * bytesPerNano);
    updatedNanos = nowNanos;
    return (int) allowed;
  }

  /** So many bytes, no more than were allowed, have passed. */
  void passed(int bytes) {
    allowed -= bytes;
  }

  /** Returns when as much may pass as may at once, if nothing does until then. */
  long fullAtNanos() {
    return updatedNanos + (long) Math.ceil((burst - allowed) / bytesPerNano);
  }
}
