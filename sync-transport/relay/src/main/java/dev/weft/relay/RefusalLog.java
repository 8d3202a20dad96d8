package dev.weft.relay;

import dev.weft.protocol.Refusal;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what is refused, and tells of it in the log: of each code ten at once and one a second, so
 * that nobody fills it by coming again and again, and that who does hides nothing but others who
 * are refused for the same. Thread-safe.
 */
final class RefusalLog {
  private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);

  private static final int LINES_A_SECOND = 1;
  private static final int SAVED_UP_SECONDS = 10;

  private final RelayMetrics metrics;
  private final LongSupplier ticker;
  private final PerConstant<RelayMetrics.Code, Lines> lines;

  /**
   * Creates the log.
   *
   * @param ticker monotonic time in nanoseconds
   */
  RefusalLog(RelayMetrics metrics, LongSupplier ticker) {
    this.metrics = metrics;
    this.ticker = ticker;
    this.lines = new PerConstant<>(RelayMetrics.Code.class, code -> new Lines(ticker.getAsLong()));
  }

  /** The lines of one code. */
  private static final class Lines {
    final TokenBucket allowed;
    final AtomicLong untold = new AtomicLong();

    Lines(long nowNanos) {
      allowed = new TokenBucket(LINES_A_SECOND, SAVED_UP_SECONDS, nowNanos);
    }
  }

  /**
   * A request was refused, or what answers it without end was ended.
   *
   * @param user under which name the authenticator knows who asks; empty if it does not
   */
  void refused(Request request, String user, Refusal refusal) {
    refused(
        () ->
            "request"
                + Sentences.of(user)
                + " from "
                + PeerAddress.of(request.getConnectionMetaData().getRemoteSocketAddress())
                + " for "
                + Sentences.printable(request.getMethod())
                + " "
                + Sentences.printable(Request.getPathInContext(request)),
        refusal);
  }

  /**
   * Somebody was refused.
   *
   * @param who says who, if it is told, in printable words
   */
  void refused(Supplier<String> who, Refusal refusal) {
    metrics.refused(refusal.code());
    Lines ofCode = lines.of(RelayMetrics.Code.of(refusal.code()));
    if (ofCode.allowed.trySpend(1, ticker.getAsLong()) > 0) {
      ofCode.untold.incrementAndGet();
      return;
    }
    long others = ofCode.untold.getAndSet(0);
    log.info(
        "{} refused: {} {}{}",
        who.get(),
        refusal.code(),
        Sentences.printable(refusal.reason()),
        others == 0 ? "" : " (and " + others + " more since the last such line)");
  }
}
