package dev.weft.crdt;

/**
 * A range of a text, in UTF-16 units from 0. Immutable.
 *
 * @param start where it begins
 * @param end where it ends, exclusive; {@code start} if it is empty
 */
public record TextRange(int start, int end) {

  /**
   * Creates a range.
   *
   * @throws IllegalArgumentException if {@code start} is negative or after {@code end}
   */
  public TextRange {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException(
          "must be a range from 0 on, start=" + start + ", end=" + end);
    }
  }

  /** Returns whether there is nothing in it. */
  public boolean isEmpty() {
    return start == end;
  }
}
