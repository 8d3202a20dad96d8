package dev.weft.relay;

/**
 * How many bytes of messages connections that are gone have left, of all documents together: they
 * are what clients have said last, so they are worth something, but nothing else bounds them.
 * Thread-safe.
 */
final class LeftBehind {
  private final long maxBytes;

  // Guarded by this.
  private long bytes;

  /**
   * Creates the count of a relay at which nothing has been left.
   *
   * @param maxBytes how much there may be; what one connection leaves is kept however much it is
   */
  LeftBehind(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Counts in what a connection leaves; returns false, and does not, if there is no room. */
  synchronized boolean take(long left) {
    if (bytes > 0 && bytes + left > maxBytes) {
      return false;
    }
    bytes += left;
    return true;
  }

  /** Counts out what a worker is done with. */
  synchronized void giveBack(long done) {
    bytes -= done;
  }
}
