package dev.weft.crdt;

import java.util.Arrays;

/** A growable column of ints in pages, as {@link IntRows} is a table of four. Not thread-safe. */
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

  /** Returns how many bytes of memory this takes, about. O(pages). */
  long memoryBytes() {
    long bytes = Footprint.ofInts(pages.length);
    for (int number = 0; number < pages.length && pages[number] != null; number++) {
      bytes += Footprint.ofInts(pages[number].length);
    }
    return bytes;
  }

  /** Returns a column of each so many-th value, from the first on. */
  IntColumn every(int step) {
    IntColumn column = new IntColumn();
    for (int index = 0; index < size; index += step) {
      column.add(get(index));
    }
    return column;
  }

  void truncate(int newSize) {
    size = newSize;
    page = pages[Math.max(0, size - 1) >>> PAGE_BITS];
  }
}
