package dev.weft.desktop.ranges;

import java.awt.Color;
import org.jspecify.annotations.Nullable;

/** Ranges of a text, in UTF-16 units, from left to right, none overlapping the next. */
public interface Ranges {
  /** Returns how many there are. */
  int size();

  /** Returns where a range begins. */
  int start(int range);

  /** Returns where a range ends, exclusive; its start if it is empty. */
  int end(int range);

  /** Returns the color behind a range; null for none. */
  @Nullable Color fill(int range);

  /** Returns the color of the line around a range; null for none. */
  @Nullable Color edge(int range);

  /** Returns the first range that ends at {@code offset} or behind; {@link #size} if none does. */
  default int firstEndingFrom(int offset) {
    int low = 0;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end(middle) < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
