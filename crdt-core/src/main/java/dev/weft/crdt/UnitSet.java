package dev.weft.crdt;

import java.util.Arrays;

/**
 * A set of units that only grows: a bit each, in pages of 4,096, of which those without any are not
 * there. Not thread-safe.
 */
final class UnitSet {
  private static final int PAGE_BITS = 12;
  private static final int PAGE_MASK = (1 << PAGE_BITS) - 1;
  private static final int WORDS = 1 << (PAGE_BITS - 6);

  // Null where a page has no bits; nobody's business but this class's.
  private long[][] pages = new long[1][];

  UnitSet() {}

  UnitSet(UnitSet other) {
    pages = other.pages.clone();
    for (int page = 0; page < pages.length; page++) {
      if (pages[page] != null) {
        pages[page] = pages[page].clone();
      }
    }
  }

  /** Adds {@code count} units from {@code unit} on. O(count / 64). */
  void add(int unit, int count) {
    int end = unit + count;
    int from = unit;
    while (from < end) {
      int to = Math.min(end, (from | 63) + 1);
      long[] words = pageOf(from);
      words[(from & PAGE_MASK) >>> 6] |= bits(from, to);
      from = to;
    }
  }

  boolean contains(int unit) {
    return nextAbsent(unit, unit + 1) > unit;
  }

  /** Returns the first unit of [unit, end) that is in the set, {@code end} if none is. */
  int nextPresent(int unit, int end) {
    int from = unit;
    while (from < end) {
      int page = from >>> PAGE_BITS;
      if (page >= pages.length) {
        return end;
      }
      if (pages[page] == null) {
        from = (page + 1) << PAGE_BITS;
        continue;
      }
      int to = Math.min(end, (from | 63) + 1);
      long present = pages[page][(from & PAGE_MASK) >>> 6] & bits(from, to);
      if (present != 0) {
        return (from & ~63) + Long.numberOfTrailingZeros(present);
      }
      from = to;
    }
    return end;
  }

  /** Returns the first unit of [unit, end) that is not in the set, {@code end} if all are. */
  int nextAbsent(int unit, int end) {
    int from = unit;
    while (from < end) {
      int page = from >>> PAGE_BITS;
      if (page >= pages.length || pages[page] == null) {
        return from;
      }
      int to = Math.min(end, (from | 63) + 1);
      long absent = ~pages[page][(from & PAGE_MASK) >>> 6] & bits(from, to);
      if (absent != 0) {
        return (from & ~63) + Long.numberOfTrailingZeros(absent);
      }
      from = to;
    }
    return end;
  }

  /** Returns the bits of [from, to), all in one word and at least one. */
  private static long bits(int from, int to) {
    return -1L >>> (64 - (to - from)) << from;
  }

  private long[] pageOf(int unit) {
    int page = unit >>> PAGE_BITS;
    if (page >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(page + 1, 2 * pages.length));
    }
    long[] words = pages[page];
    if (words == null) {
      words = pages[page] = new long[WORDS];
    }
    return words;
  }
}
