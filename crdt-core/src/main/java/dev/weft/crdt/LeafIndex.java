package dev.weft.crdt;

import java.util.Arrays;

/**
 * Tells which leaf of a {@link SpanTree} holds a unit: a map from ranges of unit numbers to leaf
 * numbers. Not thread-safe.
 *
 * <p>Units that arrive together mostly stay together, so the map is kept by blocks of 256 unit
 * numbers. A block whose units all stand in one leaf is a single int; any other has a short sorted
 * array: how many entries it has, then the entries, each an offset in the block (8 bits) and the
 * leaf (24 bits) from there on, neighbours of different leaves, then room for more. Looking up is
 * O(1) for a uniform block and a search among at most 256 entries otherwise; setting a range costs
 * one step a block, so no operation depends on the length of the document.
 */
final class LeafIndex {
  private static final int BLOCK_BITS = 8;
  private static final int BLOCK_SIZE = 1 << BLOCK_BITS;
  private static final int BLOCK_MASK = BLOCK_SIZE - 1;
  private static final int LEAF_BITS = 24;
  private static final int LEAF_MASK = (1 << LEAF_BITS) - 1;

  /** The most leaves that can be told apart. */
  static final int MAX_LEAVES = 1 << LEAF_BITS;

  private static final int MIXED = -1;
  private static final int[] NO_ENTRIES = {};
  private static final int FIRST_ROOM = 4;

  private int[] uniform = new int[4];
  private int[][] mixed = new int[4][];
  private int unitCount;
  // While units are appended: the entries of the last one's block, as they stand in a mixed block.
  private int[] appended = NO_ENTRIES;

  LeafIndex() {}

  LeafIndex(LeafIndex other) {
    uniform = other.uniform.clone();
    mixed = other.mixed.clone();
    for (int block = 0; block < mixed.length; block++) {
      if (uniform[block] == MIXED) {
        mixed[block] = mixed[block].clone();
      }
    }
    unitCount = other.unitCount;
  }

  int leafOf(int unit) {
    int block = unit >>> BLOCK_BITS;
    int leaf = uniform[block];
    if (leaf != MIXED) {
      return leaf;
    }
    int[] entries = mixed[block];
    return entries[entryAt(entries, unit & BLOCK_MASK)] & LEAF_MASK;
  }

  /**
   * Says that {@code count} units from {@code unit} on, known ones or the next new ones, stand in a
   * leaf.
   */
  void set(int unit, int count, int leaf) {
    int end = unit + count;
    boolean last = end >= unitCount;
    unitCount = Math.max(unitCount, end);
    int from = unit;
    while (from < end) {
      int block = from >>> BLOCK_BITS;
      int blockStart = block << BLOCK_BITS;
      int to = Math.min(end, blockStart + BLOCK_SIZE);
      // Beyond the last unit nothing is known yet: let the block's last entry reach to its end, so
      // that appending in the same leaf changes nothing here.
      boolean toBlockEnd = to == blockStart + BLOCK_SIZE || last;
      setInBlock(block, from - blockStart, toBlockEnd ? BLOCK_SIZE : to - blockStart, leaf);
      from = to;
    }
  }

  /** Says that the next {@code count} new units stand in the same leaf as the last one. */
  void extend(int count, int leaf) {
    int unit = unitCount;
    int offset = unit & BLOCK_MASK;
    if (offset > 0 && offset + count <= BLOCK_SIZE) {
      // The block's last entry reaches to its end already.
      unitCount += count;
    } else {
      set(unit, count, leaf);
    }
  }

  /**
   * Says that the next {@code count} new units stand in a leaf, as {@link #set} does, in a row of
   * such calls from an empty index on that {@link #endAppending} ends; until then nothing can be
   * looked up.
   */
  void append(int count, int leaf) {
    if (appended == NO_ENTRIES) {
      appended = new int[1 + BLOCK_SIZE];
    }
    int end = unitCount + count;
    while (unitCount < end) {
      int offset = unitCount & BLOCK_MASK;
      int last = appended[0];
      if (last == 0 || (appended[last] & LEAF_MASK) != leaf) {
        appended[++appended[0]] = offset << LEAF_BITS | leaf;
      }
      unitCount = Math.min(end, unitCount - offset + BLOCK_SIZE);
      if ((unitCount & BLOCK_MASK) == 0) {
        endBlock((unitCount >>> BLOCK_BITS) - 1);
      }
    }
  }

  void endAppending() {
    if ((unitCount & BLOCK_MASK) != 0) {
      endBlock(unitCount >>> BLOCK_BITS);
    }
    appended = NO_ENTRIES;
  }

  private void endBlock(int block) {
    makeRoomFor(block);
    if (appended[0] == 1) {
      uniform[block] = appended[1] & LEAF_MASK;
      mixed[block] = NO_ENTRIES;
    } else {
      uniform[block] = MIXED;
      mixed[block] = Arrays.copyOf(appended, 1 + appended[0]);
    }
    appended[0] = 0;
  }

  /** Returns how many bytes of memory this takes, about. O(blocks). */
  long memoryBytes() {
    long bytes = 2L * Footprint.ofInts(uniform.length);
    for (int block = 0; block << BLOCK_BITS < unitCount; block++) {
      bytes += uniform[block] == MIXED ? Footprint.ofInts(mixed[block].length) : 0;
    }
    return bytes;
  }

  private void makeRoomFor(int block) {
    if (block >= uniform.length) {
      uniform = Arrays.copyOf(uniform, 2 * uniform.length);
      mixed = Arrays.copyOf(mixed, 2 * mixed.length);
    }
  }

  private void setInBlock(int block, int from, int to, int leaf) {
    makeRoomFor(block);
    if (from == 0 && to == BLOCK_SIZE) {
      uniform[block] = leaf;
      mixed[block] = NO_ENTRIES;
      return;
    }
    if (uniform[block] == leaf) {
      return;
    }
    if (uniform[block] != MIXED) {
      int[] entries = new int[1 + FIRST_ROOM];
      entries[0] = 1;
      entries[1] = uniform[block];
      mixed[block] = entries;
      uniform[block] = MIXED;
    }
    setInMixed(block, from, to, leaf);
    if (mixed[block][0] == 1) {
      uniform[block] = leaf;
      mixed[block] = NO_ENTRIES;
    }
  }

  /** Replaces the entries of [from, to) by one, which is joined with neighbours of its leaf. */
  private void setInMixed(int block, int from, int to, int leaf) {
    int[] entries = mixed[block];
    int first = entryAt(entries, from);
    int last = end(entries, first) >= to ? first : entryAt(entries, to - 1);
    int lastLeaf = entries[last] & LEAF_MASK;
    if (first == last && lastLeaf == leaf) {
      return;
    }
    boolean keepsHead = entries[first] >>> LEAF_BITS < from;
    int before = keepsHead ? first : first - 1;
    int behind = last + 1;
    boolean keepsTail = end(entries, last) > to && lastLeaf != leaf;
    if (!keepsTail && behind <= entries[0] && (entries[behind] & LEAF_MASK) == leaf) {
      behind++;
    }
    int at = before + 1;
    boolean joins = before > 0 && (entries[before] & LEAF_MASK) == leaf;
    int added = (joins ? 0 : 1) + (keepsTail ? 1 : 0);
    entries = resize(block, at, behind, added);
    if (!joins) {
      entries[at++] = from << LEAF_BITS | leaf;
    }
    if (keepsTail) {
      entries[at] = to << LEAF_BITS | lastLeaf;
    }
  }

  /**
   * Makes the entries of [start, end) in a block {@code added} ones, whose values are left open.
   */
  private int[] resize(int block, int start, int end, int added) {
    int[] entries = mixed[block];
    int more = added - (end - start);
    if (more == 0) {
      return entries;
    }
    int size = entries[0];
    int[] target = entries;
    if (size + more >= entries.length) {
      target = new int[1 + size + more + (size >>> 2)];
      System.arraycopy(entries, 0, target, 0, start);
      mixed[block] = target;
    }
    System.arraycopy(entries, end, target, end + more, size + 1 - end);
    target[0] = size + more;
    return target;
  }

  /** Returns the offset in the block at which an entry ends. */
  private static int end(int[] entries, int entry) {
    return entry == entries[0] ? BLOCK_SIZE : entries[entry + 1] >>> LEAF_BITS;
  }

  private static int entryAt(int[] entries, int offset) {
    int low = 1;
    int high = entries[0];
    if (entries[high] >>> LEAF_BITS <= offset) {
      // As of all units that come in new.
      return high;
    }
    while (low < high) {
      int mid = (low + high + 1) >>> 1;
      if (entries[mid] >>> LEAF_BITS <= offset) {
        low = mid;
      } else {
        high = mid - 1;
      }
    }
    return low;
  }
}
