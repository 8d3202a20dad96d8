package dev.weft.crdt;

import java.util.Arrays;

/**
 * A growable column of ints in pages, so that growing never copies more than one small page and a
 * write never stalls behind a copy of the whole. Not thread-safe.
 */
final class IntColumn {
  private static final int PAGE_BITS = 12;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;
  private static final int PAGE_MASK = PAGE_SIZE - 1;

  private int[][] pages = {new int[16]};
  // The page of the last value, or of the next one.
  private int[] page = pages[0];
  private int size;

  IntColumn() {}

  IntColumn(IntColumn other) {
    pages = new int[other.pages.length][];
    for (int page = 0; page < pages.length && other.pages[page] != null; page++) {
      pages[page] = other.pages[page].clone();
    }
    truncate(other.size);
  }

  int size() {
    return size;
  }

  int get(int index) {
    return pages[index >>> PAGE_BITS][index & PAGE_MASK];
  }

  void set(int index, int value) {
    pages[index >>> PAGE_BITS][index & PAGE_MASK] = value;
  }

  void add(int value) {
    int at = size & PAGE_MASK;
    if (at == 0 || at == page.length) {
      page = pageFor(size >>> PAGE_BITS, at);
    }
    page[at] = value;
    size++;
  }

  private int[] pageFor(int number, int at) {
    if (number == pages.length) {
      pages = Arrays.copyOf(pages, 2 * number);
    }
    if (pages[number] == null) {
      pages[number] = new int[PAGE_SIZE];
    } else if (at == pages[number].length) {
      pages[number] = Arrays.copyOf(pages[number], 2 * at);
    }
    return pages[number];
  }

  void truncate(int newSize) {
    size = newSize;
    page = pages[Math.max(0, size - 1) >>> PAGE_BITS];
  }

  /**
   * Returns the last index below {@code size} whose value is at most {@code key}, -1 if there is
   * none; the column must be ascending. O(log distance) from {@code hint}, which may be any index.
   */
  int floor(int key, int hint) {
    int low = Math.min(hint, size - 1);
    int high;
    int step = 1;
    if (low >= 0 && get(low) <= key) {
      high = low + 1;
      while (high < size && get(high) <= key) {
        low = high;
        high += step;
        step <<= 1;
      }
      high = Math.min(high, size);
    } else {
      high = Math.max(low, 0);
      while (low >= 0 && get(low) > key) {
        high = low;
        low -= step;
        step <<= 1;
      }
      low = Math.max(low, -1);
    }
    // The value at low is at most the key, that at high is not.
    while (high - low > 1) {
      int mid = (low + high) >>> 1;
      if (get(mid) <= key) {
        low = mid;
      } else {
        high = mid;
      }
    }
    return low;
  }
}
