package dev.weft.crdt;

import java.util.Arrays;

/**
 * A growable table of four ints a row, side by side, so that whoever looks at all of a row waits
 * for memory once. In pages, so that growing never copies more than one small page and a write
 * never stalls behind a copy of the whole. Not thread-safe.
 */
final class IntRows {
  private static final int WIDTH = 4;
  private static final int PAGE_BITS = 10;
  private static final int PAGE_ROWS = 1 << PAGE_BITS;
  private static final int PAGE_MASK = PAGE_ROWS - 1;

  private int[][] pages = {new int[4 * WIDTH]};
  private int size;

  IntRows() {}

  IntRows(IntRows other) {
    pages = new int[other.pages.length][];
    for (int page = 0; page < pages.length && other.pages[page] != null; page++) {
      pages[page] = other.pages[page].clone();
    }
    size = other.size;
  }

  /** Returns the number of rows. */
  int size() {
    return size;
  }

  int get(int row, int column) {
    return pages[row >>> PAGE_BITS][WIDTH * (row & PAGE_MASK) + column];
  }

  void set(int row, int column, int value) {
    pages[row >>> PAGE_BITS][WIDTH * (row & PAGE_MASK) + column] = value;
  }

  void add(int first, int second, int third, int fourth) {
    int page = size >>> PAGE_BITS;
    int at = WIDTH * (size & PAGE_MASK);
    if (page == pages.length || pages[page] == null || at == pages[page].length) {
      grow(page, at);
    }
    int[] rows = pages[page];
    rows[at] = first;
    rows[at + 1] = second;
    rows[at + 2] = third;
    rows[at + 3] = fourth;
    size++;
  }

  private void grow(int page, int at) {
    if (page == pages.length) {
      pages = Arrays.copyOf(pages, 2 * page);
    }
    if (page == 0) {
      pages[0] = Arrays.copyOf(pages[0], 2 * at);
    } else if (pages[page] == null) {
      pages[page] = new int[WIDTH * PAGE_ROWS];
    }
  }

  /** Returns how many bytes of memory this takes, about. O(pages). */
  long memoryBytes() {
    long bytes = Footprint.ofInts(pages.length);
    for (int page = 0; page < pages.length && pages[page] != null; page++) {
      bytes += Footprint.ofInts(pages[page].length);
    }
    return bytes;
  }

  void truncate(int newSize) {
    size = newSize;
  }

  /**
   * Returns the last row whose {@code column} is at most {@code key}, -1 if there is none; the
   * column must be ascending. O(log distance) from {@code hint}, which may be any number.
   */
  int floor(int column, int key, int hint) {
    int low = Math.min(hint, size - 1);
    int high;
    int step = 1;
    if (low >= 0 && get(low, column) <= key) {
      high = low + 1;
      while (high < size && get(high, column) <= key) {
        low = high;
        high += step;
        step <<= 1;
      }
      high = Math.min(high, size);
    } else {
      high = Math.max(low, 0);
      while (low >= 0 && get(low, column) > key) {
        high = low;
        low -= step;
        step <<= 1;
      }
      low = Math.max(low, -1);
    }
    // The key is at least what stands at low, and less than what stands at high.
    while (high - low > 1) {
      int mid = (low + high) >>> 1;
      if (get(mid, column) <= key) {
        low = mid;
      } else {
        high = mid;
      }
    }
    return low;
  }
}
