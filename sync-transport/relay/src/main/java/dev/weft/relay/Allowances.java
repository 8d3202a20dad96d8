package dev.weft.relay;

/**
 * How much may come in within a second before the relay reads more slowly, and says so. People stay
 * far below: it keeps programs that are out of hand from taking what others need. Immutable.
 *
 * @param connectionMessages how many messages on one connection
 * @param connectionBytes how many bytes on one connection
 * @param documentMessages how many messages for one document, of all its connections together
 * @param documentBytes how many bytes for one document
 */
record Allowances(
    int connectionMessages, int connectionBytes, int documentMessages, int documentBytes) {
  static final Allowances DEFAULT = new Allowances(1_000, 8 << 20, 2_000, 16 << 20);

  /** How many seconds' worth may come at once, after as many with nothing. */
  private static final int BURST_SECONDS = 4;

  TokenBucket messagesOfConnection(long nowNanos) {
    return new TokenBucket(connectionMessages, BURST_SECONDS, nowNanos);
  }

  TokenBucket bytesOfConnection(long nowNanos) {
    return new TokenBucket(connectionBytes, BURST_SECONDS, nowNanos);
  }

  TokenBucket messagesOfDocument(long nowNanos) {
    return new TokenBucket(documentMessages, BURST_SECONDS, nowNanos);
  }

  TokenBucket bytesOfDocument(long nowNanos) {
    return new TokenBucket(documentBytes, BURST_SECONDS, nowNanos);
  }
}
