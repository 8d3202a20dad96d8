package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;

/**
 * How much memory frames take that have begun and not ended, of all connections together. Each
 * connection has a little for itself, which is bounded by how many connections there are: what is
 * beyond that is counted here. Thread-safe.
 */
final class UnfinishedFrames {
  /** What each connection may hold and nobody counts: more than what people write takes. */
  static final int FREE_BYTES = 64 << 10;

  private static final int RETRY_MILLIS = 5_000;

  private final long maxBytes;

  // Guarded by this.
  private long bytes;

  /**
   * Creates the count of a relay at which no frame has begun.
   *
   * @param maxBytes how much there may be; what one connection alone has is let in however much it
   *     is
   */
  UnfinishedFrames(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** What one connection holds. Thread-safe. */
  final class Share {
    // Guarded by the count of all.
    private long counted;

    private Share() {}

    /**
     * Says how much the connection holds from now on, before it does.
     *
     * @throws RefusedException if there is no room for that; as much as before is counted then
     */
    void hold(int held) throws RefusedException {
      count(this, Math.max(0, held - FREE_BYTES));
    }

    /** The connection holds nothing; however often that is said. */
    void release() {
      forget(this);
    }
  }

  /** Returns the share of a connection that holds nothing. */
  Share share() {
    return new Share();
  }

  private synchronized void count(Share share, long held) throws RefusedException {
    long ofOthers = bytes - share.counted;
    if (held > share.counted && ofOthers > 0 && ofOthers + held > maxBytes) {
      throw new RefusedException(
          Refusal.forNow(
              Codes.OVERLOADED,
              "Too much has come to the relay in frames that are not finished.",
              RETRY_MILLIS));
    }
    bytes = ofOthers + held;
    share.counted = held;
  }

  private synchronized void forget(Share share) {
    bytes -= share.counted;
    share.counted = 0;
  }

  /** Returns how much is held, beyond what each connection has for itself. */
  synchronized long bytes() {
    return bytes;
  }
}
