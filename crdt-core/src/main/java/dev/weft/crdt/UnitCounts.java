package dev.weft.crdt;

import java.util.Arrays;

/**
 * A count for each unit, or event: zero at first, in pages of 1,024 of which those with only zeros
 * are not there. Not thread-safe.
 */
final class UnitCounts {
  private static final int PAGE_BITS = 10;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;
  private static final int PAGE_MASK = PAGE_SIZE - 1;

  // Null where a page has only zeros; nobody's business but this class's.
  private int[][] pages = new int[1][];

  int get(int unit) {
    int page = unit >>> PAGE_BITS;
    return page < pages.length && pages[page] != null ? pages[page][unit & PAGE_MASK] : 0;
  }

  /** Adds a number to the counts of units from {@code unit} on. O(count). */
  void add(int unit, int count, int delta) {
    int end = unit + count;
    int from = unit;
    while (from < end) {
      int[] page = pageFor(from >>> PAGE_BITS);
      int at = from & PAGE_MASK;
      int stop = Math.min(PAGE_SIZE, at + end - from);
      from += stop - at;
      for (; at < stop; at++) {
        page[at] += delta;
      }
    }
  }

  /** Returns the first unit of [unit, end) whose count is zero, {@code end} if none is. */
  int nextZero(int unit, int end) {
    int at = unit;
    while (at < end && get(at) != 0) {
      at++;
    }
    return at;
  }

  /** Returns the first unit of [unit, end) whose count is not zero, {@code end} if all are. */
  int nextCounted(int unit, int end) {
    int at = unit;
    while (at < end) {
      int page = at >>> PAGE_BITS;
      if (page >= pages.length) {
        return end;
      }
      if (pages[page] == null) {
        at = (at | PAGE_MASK) + 1;
      } else if (pages[page][at & PAGE_MASK] != 0) {
        return at;
      } else {
        at++;
      }
    }
    return end;
  }

  /** Returns how many bytes of memory this takes, about. O(pages). */
  long memoryBytes() {
    long bytes = Footprint.ofInts(pages.length);
    for (int[] page : pages) {
      bytes += page == null ? 0 : Footprint.ofInts(PAGE_SIZE);
    }
    return bytes;
  }

  private int[] pageFor(int number) {
    if (number >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(number + 1, 2 * pages.length));
    }
    if (pages[number] == null) {
      pages[number] = new int[PAGE_SIZE];
    }
    return pages[number];
  }
}
