package dev.weft.desktop.presence;

/**
 * A caret of somebody else, with what is selected at it. Immutable.
 *
 * @param mark where the selecting began, an offset of the Swing document
 * @param caret where the caret is; where the mark is, if nothing is selected
 */
record Mark(Person person, int mark, int caret) {
  int start() {
    return Math.min(mark, caret);
  }

  int end() {
    return Math.max(mark, caret);
  }
}
