package dev.weft.crdt;

import java.util.Arrays;

/**
 * Tells which leaf of a {@link SpanTree} holds a unit: a map from ranges of unit numbers to leaf
 * numbers. Not thread-safe.
 *
 * <p>Units that arrive together mostly stay together, so the map is kept by blocks of 256 unit
 * numbers. A block whose units all stand in one leaf is a single int; any other has a short sorted
 * array of entries, each an offset in the block (8 bits) and the leaf (24 bits) from there on.
 * Looking up is O(1) for a uniform block and a search among at most 256 entries otherwise; setting
 * a range costs one step a block, so no operation depends on the length of the document.
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

  private int[] uniform = new int[4];
  private int[][] mixed = new int[4][];
  private final int[] scratch = new int[BLOCK_SIZE + 2];
  private int unitCount;
  // How many entries of the block of the last unit are in the scratch array yet.
  private int appended;

  LeafIndex() {}

  LeafIndex(LeafIndex other) {
    uniform = other.uniform.clone();
    // The arrays of entries are never changed, only replaced.
    mixed = other.mixed.clone();
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
   * such calls that {@link #endAppending} ends; until then nothing can be looked up.
   */
  void append(int count, int leaf) {
    int end = unitCount + count;
    while (unitCount < end) {
      int offset = unitCount & BLOCK_MASK;
      if (appended == 0 || (scratch[appended - 1] & LEAF_MASK) != leaf) {
        scratch[appended++] = offset << LEAF_BITS | leaf;
      }
      unitCount = Math.min(end, unitCount - offset + BLOCK_SIZE);
      if ((unitCount & BLOCK_MASK) == 0) {
        endBlock((unitCount >>> BLOCK_BITS) - 1);
      }
    }
  }

  void endAppending() {
    if (appended > 0) {
      endBlock(unitCount >>> BLOCK_BITS);
    }
  }

  private void endBlock(int block) {
    makeRoomFor(block);
    if (appended == 1) {
      uniform[block] = scratch[0] & LEAF_MASK;
      mixed[block] = NO_ENTRIES;
    } else {
      uniform[block] = MIXED;
      mixed[block] = Arrays.copyOf(scratch, appended);
    }
    appended = 0;
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
    int[] entries = uniform[block] == MIXED ? mixed[block] : new int[] {uniform[block]};
    if (to == BLOCK_SIZE
        && (entries[entries.length - 1] & LEAF_MASK) == leaf
        && entries[entries.length - 1] >>> LEAF_BITS <= from) {
      return;
    }
    int[] replaced = replace(entries, from, to, leaf);
    if (replaced.length == 1) {
      uniform[block] = leaf;
      mixed[block] = NO_ENTRIES;
    } else {
      uniform[block] = MIXED;
      mixed[block] = replaced;
    }
  }

  /** Returns the entries with those of [from, to) replaced by one, equal neighbours joined. */
  private int[] replace(int[] entries, int from, int to, int leaf) {
    int size = 0;
    int i = 0;
    while (i < entries.length && entries[i] >>> LEAF_BITS < from) {
      scratch[size++] = entries[i++];
    }
    if (size == 0 || (scratch[size - 1] & LEAF_MASK) != leaf) {
      scratch[size++] = from << LEAF_BITS | leaf;
    }
    if (to < BLOCK_SIZE) {
      int after = entries[entryAt(entries, to)] & LEAF_MASK;
      if (after != leaf) {
        scratch[size++] = to << LEAF_BITS | after;
      }
      while (i < entries.length && entries[i] >>> LEAF_BITS <= to) {
        i++;
      }
      while (i < entries.length) {
        int entry = entries[i++];
        if ((scratch[size - 1] & LEAF_MASK) != (entry & LEAF_MASK)) {
          scratch[size++] = entry;
        }
      }
    }
    return Arrays.copyOf(scratch, size);
  }

  private static int entryAt(int[] entries, int offset) {
    int low = 0;
    int high = entries.length - 1;
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
