package dev.weft.client;

/**
 * How much of one document may wait for the relay.
 *
 * @param maxChanges how many inserted and deleted UTF-16 units
 * @param maxBytes how many bytes in the store
 */
record OutboxLimits(long maxChanges, long maxBytes) {
  /** Ten million changes, months of writing, of 64 MiB. */
  static final OutboxLimits DEFAULT = new OutboxLimits(10_000_000, 64 << 20);

  OutboxLimits {
    if (maxChanges <= 0 || maxBytes <= 0) {
      throw new IllegalArgumentException(
          "the outbox's limits must be positive, maxChanges="
              + maxChanges
              + ", maxBytes="
              + maxBytes);
    }
  }

  /** Returns how many changes there can be at least before a limit is reached. */
  long least() {
    return Math.min(maxChanges, maxBytes / OutboxGauge.MOST_BYTES_PER_CHANGE);
  }
}
