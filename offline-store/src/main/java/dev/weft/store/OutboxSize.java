package dev.weft.store;

/**
 * How much an outbox holds.
 *
 * @param changes how many events: each inserted or deleted UTF-16 unit is one
 * @param bytes how many bytes they take in the store
 */
public record OutboxSize(long changes, long bytes) {
  /** Nothing. */
  public static final OutboxSize EMPTY = new OutboxSize(0, 0);

  /** Returns both together. */
  OutboxSize plus(OutboxSize other) {
    return new OutboxSize(changes + other.changes, bytes + other.bytes);
  }
}
