package dev.weft.relay;

import dev.weft.protocol.Refusal;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the requests of those who only read that were refused, and tells of them in the log: of
 * ten at once and one a second, so that nobody fills it by asking. Thread-safe.
 */
final class RefusedRequests {
  private static final Logger log = LoggerFactory.getLogger(RefusedRequests.class);

  private static final int LINES_A_SECOND = 1;
  private static final int SAVED_UP_SECONDS = 10;

  private final RelayMetrics metrics;
  private final LongSupplier ticker;
  private final TokenBucket lines;
  private final AtomicLong untold = new AtomicLong();

  /**
   * Creates the count.
   *
   * @param ticker monotonic time in nanoseconds
   */
  RefusedRequests(RelayMetrics metrics, LongSupplier ticker) {
    this.metrics = metrics;
    this.ticker = ticker;
    this.lines = new TokenBucket(LINES_A_SECOND, SAVED_UP_SECONDS, ticker.getAsLong());
  }

  /**
   * A request was refused, or what answers it without end was ended.
   *
   * @param user under which name the authenticator knows who asks; empty if it does not
   */
  void refused(Request request, String user, Refusal refusal) {
    metrics.refused(refusal.code());
    if (lines.trySpend(1, ticker.getAsLong()) > 0) {
      untold.incrementAndGet();
      return;
    }
    long others = untold.getAndSet(0);
    log.info(
        "request{} from {} for {} {} refused: {} {}{}",
        Sentences.of(user),
        PeerAddress.of(request.getConnectionMetaData().getRemoteSocketAddress()),
        Sentences.printable(request.getMethod()),
        Sentences.printable(Request.getPathInContext(request)),
        refusal.code(),
        Sentences.printable(refusal.reason()),
        others == 0 ? "" : " (and " + others + " more since the last such line)");
  }
}
