package dev.weft.cli.trace;

import java.util.Arrays;

/**
 * Where a text holds code points of two UTF-16 units, so that a code point position becomes a
 * UTF-16 index without looking at the text. Follows the text through its edits. Not thread-safe.
 *
 * <p>The positions stand in one ascending array. Looking one up is a binary search, an edit shifts
 * those behind it: nothing at all for text of the basic plane, and few where emoji are few.
 */
final class AstralPositions {
  private int[] positions = new int[8];
  private int count;
  private int length;

  /** Starts from {@code text}. O(length). */
  AstralPositions(CharSequence text) {
    replace(0, 0, text);
  }

  /** Returns the text's length in code points. */
  int length() {
    return length;
  }

  /** Returns the UTF-16 index at which the code point number {@code position} starts. */
  int toUtf16(int position) {
    return position + before(position);
  }

  /** Returns the number of the code point at a UTF-16 index, or of that which is cut by it. */
  int toCodePoint(int index) {
    int low = 0;
    int high = count;
    // How many astral code points begin before the index.
    while (low < high) {
      int mid = (low + high) >>> 1;
      if (positions[mid] + mid < index) {
        low = mid + 1;
      } else {
        high = mid;
      }
    }
    return index - low;
  }

  /**
   * Takes in that {@code deleted} code points at {@code position} made way for {@code inserted}.
   */
  void replace(int position, int deleted, CharSequence inserted) {
    int from = before(position);
    int to = before(position + deleted);
    int astral = 0;
    for (int i = 0; i + 1 < inserted.length(); i++) {
      if (isPair(inserted, i)) {
        astral++;
      }
    }
    int shift = inserted.length() - astral - deleted;
    length += shift;
    if (count == 0 && astral == 0) {
      return;
    }
    int moved = count - to;
    int countAfter = from + astral + moved;
    if (countAfter > positions.length) {
      positions = Arrays.copyOf(positions, Math.max(countAfter, 2 * positions.length));
    }
    System.arraycopy(positions, to, positions, from + astral, moved);
    for (int i = from + astral; i < countAfter; i++) {
      positions[i] += shift;
    }
    count = countAfter;
    int codePoint = position;
    for (int i = 0; i < inserted.length(); i++, codePoint++) {
      if (isPair(inserted, i)) {
        positions[from++] = codePoint;
        i++;
      }
    }
  }

  /** How many astral code points stand before the position. */
  private int before(int position) {
    int at = Arrays.binarySearch(positions, 0, count, position);
    return at < 0 ? -at - 1 : at;
  }

  private static boolean isPair(CharSequence text, int index) {
    return Character.isHighSurrogate(text.charAt(index))
        && index + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(index + 1));
  }
}
