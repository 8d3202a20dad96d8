package dev.weft.desktop.binding;

import dev.weft.crdt.TextChange.Edit;

/** How offsets move when a text is edited, and the edit that leads from one text to another. */
final class Offsets {
  private Offsets() {}

  /** On which side of a text inserted exactly at an offset the offset stays. */
  enum Side {
    /** Before what is inserted: with the character on its left. */
    LEFT,
    /** After what is inserted: with the character on its right. */
    RIGHT
  }

  /**
   * Returns where {@code offset} is after {@code edit}. The ends of a replaced range stay its ends;
   * an offset within it goes to the given side of what replaces it.
   */
  static int follow(int offset, Edit edit, Side side) {
    return follow(offset, edit.index(), edit.deletedLength(), edit.inserted().length(), side);
  }

  /** As {@link #follow(int, Edit, Side)}, of an edit of which only the extent is known. */
  static int follow(int offset, int start, int deleted, int inserted, Side side) {
    int end = start + deleted;
    if (offset < start || (offset == start && start < end)) {
      return offset;
    }
    if (offset > end || (offset == end && start < end)) {
      return offset - deleted + inserted;
    }
    return side == Side.LEFT ? start : start + inserted;
  }

  /**
   * Returns one edit that makes {@code from} equal to {@code to}: what lies between their common
   * beginning and their common end, in whole characters; it changes nothing if they are equal.
   * O(length).
   */
  static Edit difference(CharSequence from, CharSequence to) {
    int shorter = Math.min(from.length(), to.length());
    int start = 0;
    while (start < shorter && from.charAt(start) == to.charAt(start)) {
      start++;
    }
    if (start > 0 && Character.isHighSurrogate(from.charAt(start - 1))) {
      start--;
    }
    int fromEnd = from.length();
    int toEnd = to.length();
    while (fromEnd > start && toEnd > start && from.charAt(fromEnd - 1) == to.charAt(toEnd - 1)) {
      fromEnd--;
      toEnd--;
    }
    if (fromEnd < from.length() && Character.isLowSurrogate(from.charAt(fromEnd))) {
      fromEnd++;
      toEnd++;
    }
    return new Edit(start, fromEnd - start, to.subSequence(start, toEnd).toString());
  }
}
