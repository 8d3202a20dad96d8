package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;

/**
 * How much memory that takes which is being given to slow readers, of all documents together: texts
 * to those who only read, or answers to those who poll. Thread-safe.
 */
final class ReaderBudget {
  private final long maxBytes;

  // Guarded by this.
  private long used;

  /**
   * Creates a budget of which nothing is used.
   *
   * @param maxBytes how much there may be; the first is let in however long it is
   */
  ReaderBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Requires that there is room for more.
   *
   * @throws RefusedException if there is not
   */
  synchronized void require(long bytes) throws RefusedException {
    if (used > 0 && used + bytes > maxBytes) {
      throw new RefusedException(
          Refusal.forNow(
              Codes.OVERLOADED, "The relay is giving too much to those who read slowly.", 5_000));
    }
  }

  /**
   * Counts more in.
   *
   * @throws RefusedException if there is no room for it
   */
  synchronized void take(long bytes) throws RefusedException {
    require(bytes);
    used += bytes;
  }

  /** Counts out what was counted in. */
  synchronized void giveBack(long bytes) {
    used -= bytes;
  }

  /** Returns how much is used. */
  synchronized long used() {
    return used;
  }
}
