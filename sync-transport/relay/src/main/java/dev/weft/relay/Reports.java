package dev.weft.relay;

import dev.weft.protocol.ClientMessage;
import java.util.concurrent.TimeUnit;

/**
 * What one client reports of the times that its user has waited, as far as it is counted. Guarded
 * by the session.
 */
final class Reports {
  /** A client reports every ten seconds at most; what was held up on its way comes sooner. */
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final RelayMetrics metrics;
  private boolean countedBefore;
  private long countedNanos;

  Reports(RelayMetrics metrics) {
    this.metrics = metrics;
  }

  /** An admitted client reports: counts it, unless one was counted just now. */
  void received(ClientMessage.Report report, long nowNanos) {
    if (countedBefore && nowNanos - countedNanos < EVERY_NANOS) {
      return;
    }
    countedBefore = true;
    countedNanos = nowNanos;
    metrics.reported(report);
  }
}
