package dev.weft.bench;

import java.util.Arrays;

/**
 * A plain text buffer as editors have it: an array with a gap where the last edit was. The floor of
 * the benchmarks: what the same edits cost without collaboration. Not thread-safe.
 */
public final class GapBuffer {
  private char[] units;
  private int gapStart;
  private int gapEnd;

  /** Creates an empty buffer. */
  public GapBuffer() {
    units = new char[1024];
    gapEnd = units.length;
  }

  /** Creates a copy of another buffer. */
  public GapBuffer(GapBuffer other) {
    units = other.units.clone();
    gapStart = other.gapStart;
    gapEnd = other.gapEnd;
  }

  /** Returns the length of the text in UTF-16 units. */
  public int length() {
    return units.length - (gapEnd - gapStart);
  }

  /**
   * Puts {@code inserted} in the place of the units from {@code start} to {@code end}.
   *
   * @throws IndexOutOfBoundsException if the range is not within the text
   */
  public void replace(int start, int end, String inserted) {
    if (start < 0 || end < start || end > length()) {
      throw new IndexOutOfBoundsException(
          "range [" + start + ", " + end + ") is not within the length " + length());
    }
    moveGap(start);
    gapEnd += end - start;
    int count = inserted.length();
    if (count > gapEnd - gapStart) {
      widenGap(count);
    }
    inserted.getChars(0, count, units, gapStart);
    gapStart += count;
  }

  private void moveGap(int index) {
    if (index < gapStart) {
      int moved = gapStart - index;
      System.arraycopy(units, index, units, gapEnd - moved, moved);
      gapStart -= moved;
      gapEnd -= moved;
    } else if (index > gapStart) {
      int moved = index - gapStart;
      System.arraycopy(units, gapEnd, units, gapStart, moved);
      gapStart += moved;
      gapEnd += moved;
    }
  }

  private void widenGap(int needed) {
    int behind = units.length - gapEnd;
    int capacity = Math.max(2 * units.length, gapStart + needed + behind);
    units = Arrays.copyOf(units, capacity);
    System.arraycopy(units, gapEnd, units, capacity - behind, behind);
    gapEnd = capacity - behind;
  }

  /** Returns the whole text. */
  public String text() {
    return new StringBuilder(length())
        .append(units, 0, gapStart)
        .append(units, gapEnd, units.length - gapEnd)
        .toString();
  }
}
