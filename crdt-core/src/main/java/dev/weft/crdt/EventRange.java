package dev.weft.crdt;

/**
 * Events of one replica with sequence numbers in a row. Immutable.
 *
 * @param replica whose events
 * @param start the sequence number of the first
 * @param end the sequence number after the last
 */
public record EventRange(ReplicaId replica, long start, long end) {

  /**
   * Creates a range.
   *
   * @throws IllegalArgumentException unless {@code 0 <= start < end}
   */
  public EventRange {
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException(
          "must be events in ascending order, start=" + start + ", end=" + end);
    }
  }

  /** Returns {@code replica[start, end)}. */
  @Override
  public String toString() {
    return replica + "[" + start + ", " + end + ")";
  }
}
