package dev.weft.crdt;

/**
 * What an editor has selected: from where the selecting began to the caret, in UTF-16 indexes.
 * Immutable.
 *
 * @param mark where the selecting began; where the caret is, if nothing is selected
 * @param caret where the caret is, on either side of the mark
 */
public record Selection(int mark, int caret) {

  /**
   * Creates a selection.
   *
   * @throws IllegalArgumentException if an index is negative
   */
  public Selection {
    if (mark < 0 || caret < 0) {
      throw new IllegalArgumentException("must not be negative, mark=" + mark + ", caret=" + caret);
    }
  }

  /** Returns a caret with nothing selected. */
  public static Selection caret(int index) {
    return new Selection(index, index);
  }
}
