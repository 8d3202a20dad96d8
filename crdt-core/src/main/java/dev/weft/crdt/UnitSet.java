package dev.weft.crdt;

import java.util.Arrays;

/**
 * A set of units, or of events: a bit each, in pages of 4,096, of which those without any are not
 * there and full ones are passed over in one step. Not thread-safe.
 */
final class UnitSet {
  private static final int PAGE_BITS = 12;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;
  private static final int PAGE_MASK = PAGE_SIZE - 1;
  private static final int WORDS = 1 << (PAGE_BITS - 6);

  // Of all full pages, so that many of them take next to nothing; never changed.
  private static final long[] FULL = new long[WORDS];

  static {
    Arrays.fill(FULL, -1L);
  }

  // Null where a page has no bits; nobody's business but this class's.
  private long[][] pages = new long[1][];
  // By page: how many of its units are not in the set.
  private int[] absent = {PAGE_SIZE};

  UnitSet() {}

  UnitSet(UnitSet other) {
    pages = other.pages.clone();
    for (int page = 0; page < pages.length; page++) {
      if (pages[page] != null && pages[page] != FULL) {
        pages[page] = pages[page].clone();
      }
    }
    absent = other.absent.clone();
  }

  /**
   * Adds {@code count} units from {@code unit} on. O(count / 64), less where all are there already.
   */
  void add(int unit, int count) {
    int end = unit + count;
    int from = unit;
    while (from < end) {
      int page = from >>> PAGE_BITS;
      makeRoomFor(page);
      int to = Math.min(end, (from | PAGE_MASK) + 1);
      if (to - from == PAGE_SIZE) {
        pages[page] = FULL;
        absent[page] = 0;
      } else if (absent[page] > 0) {
        add(page, from, to);
      }
      from = to;
    }
  }

  private void add(int page, int start, int end) {
    if (pages[page] == null) {
      pages[page] = new long[WORDS];
    }
    long[] words = pages[page];
    int from = start;
    while (from < end) {
      int to = Math.min(end, (from | 63) + 1);
      int at = (from & PAGE_MASK) >>> 6;
      long added = bits(from, to) & ~words[at];
      words[at] |= added;
      absent[page] -= Long.bitCount(added);
      from = to;
    }
    if (absent[page] == 0) {
      pages[page] = FULL;
    }
  }

  /** Removes {@code count} units from {@code unit} on. O(count / 64). */
  void remove(int unit, int count) {
    int end = unit + count;
    int from = unit;
    while (from < end) {
      int page = from >>> PAGE_BITS;
      int to = Math.min(end, (from | PAGE_MASK) + 1);
      if (page < pages.length && pages[page] != null) {
        if (to - from == PAGE_SIZE) {
          pages[page] = null;
          absent[page] = PAGE_SIZE;
        } else {
          remove(page, from, to);
        }
      }
      from = to;
    }
  }

  private void remove(int page, int start, int end) {
    if (pages[page] == FULL) {
      pages[page] = FULL.clone();
    }
    long[] words = pages[page];
    int from = start;
    while (from < end) {
      int to = Math.min(end, (from | 63) + 1);
      int at = (from & PAGE_MASK) >>> 6;
      long removed = bits(from, to) & words[at];
      words[at] &= ~removed;
      absent[page] += Long.bitCount(removed);
      from = to;
    }
  }

  /** Returns how many bytes of memory this takes, about. O(pages). */
  long memoryBytes() {
    long bytes = 2L * Footprint.ofInts(pages.length);
    for (long[] page : pages) {
      bytes += page == null || page == FULL ? 0 : Footprint.ARRAY_BYTES + (long) Long.BYTES * WORDS;
    }
    return bytes;
  }

  boolean contains(int unit) {
    int page = unit >>> PAGE_BITS;
    return page < pages.length
        && pages[page] != null
        && (pages[page][(unit & PAGE_MASK) >>> 6] >>> unit & 1) != 0;
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
      if (absent[page] == 0) {
        from = (from | PAGE_MASK) + 1;
        continue;
      }
      int to = Math.min(end, (from | 63) + 1);
      long missing = ~pages[page][(from & PAGE_MASK) >>> 6] & bits(from, to);
      if (missing != 0) {
        return (from & ~63) + Long.numberOfTrailingZeros(missing);
      }
      from = to;
    }
    return end;
  }

  /** Returns the bits of [from, to), all in one word and at least one. */
  private static long bits(int from, int to) {
    return -1L >>> (64 - (to - from)) << from;
  }

  private void makeRoomFor(int page) {
    if (page >= pages.length) {
      int before = pages.length;
      pages = Arrays.copyOf(pages, Math.max(page + 1, 2 * before));
      absent = Arrays.copyOf(absent, pages.length);
      Arrays.fill(absent, before, absent.length, PAGE_SIZE);
    }
  }
}
