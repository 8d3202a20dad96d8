package dev.weft.crdt;

import java.util.Arrays;

/**
 * Where the lines of a text begin: the length of each line, its line feed included, in blocks, with
 * sums over blocks that find one in O(log lines). Kept up to date edit by edit. Not thread-safe.
 *
 * <pre>
 *   text     "one\n" "two\n" ""
 *   lengths     4       4     0      as many lines as line feeds, and one more
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>I1: no block is empty, and none has more than {@link #CAPACITY} lines.
 *   <li>I2: only the last line may be of length 0.
 *   <li>I3: the sums are those of the blocks.
 * </ul>
 */
final class LineIndex {
  private static final int CAPACITY = 256;

  /** How many lines a block has that is made when there are many. */
  private static final int FILLED = CAPACITY / 2;

  private int[][] blocks = {new int[CAPACITY]};
  // By block: how many lines and units it has.
  private int[] sizes = {1};
  private int[] units = {0};
  private int blockCount = 1;
  private SumTree lineSums = new SumTree(new int[] {1});
  private SumTree unitSums = new SumTree(new int[] {0});
  private int lineCount = 1;
  private int unitCount;

  /** Returns the number of lines, at least one. */
  int lineCount() {
    return lineCount;
  }

  /** Returns the line in which an index is, from 0 to the length of the text. O(log lines). */
  int lineAt(int index) {
    if (index == unitCount) {
      return lineCount - 1;
    }
    int block = unitSums.find(index);
    int left = index - unitSums.before(block);
    int line = 0;
    while (left >= blocks[block][line]) {
      left -= blocks[block][line++];
    }
    return lineSums.before(block) + line;
  }

  /** Returns the index at which a line begins. O(log lines). */
  int startOf(int line) {
    int block = lineSums.find(line);
    int start = unitSums.before(block);
    int rest = line - lineSums.before(block);
    for (int i = 0; i < rest; i++) {
      start += blocks[block][i];
    }
    return start;
  }

  /**
   * Replaces text. O(log lines + lines that come and go); where a block comes or goes, or lines of
   * two do, one step a block more, of which there is one for 128 lines or more that were typed
   * apart.
   */
  void replace(int index, int deletedLength, CharSequence inserted) {
    int first = lineAt(index);
    int last = deletedLength == 0 ? first : lineAt(index + deletedLength);
    int head = index - startOf(first);
    int end = last + 1 == lineCount ? unitCount : startOf(last + 1);
    int tail = end - index - deletedLength;
    int[] lengths = new int[1];
    int count = 0;
    int length = head;
    for (int i = 0; i < inserted.length(); i++) {
      length++;
      if (inserted.charAt(i) == '\n') {
        if (count + 1 == lengths.length) {
          lengths = Arrays.copyOf(lengths, 2 * lengths.length);
        }
        lengths[count++] = length;
        length = 0;
      }
    }
    lengths[count++] = length + tail;
    replaceLines(first, last + 1, lengths, count);
    unitCount += inserted.length() - deletedLength;
  }

  private void replaceLines(int start, int end, int[] lengths, int count) {
    int firstBlock = lineSums.find(start);
    int lastBlock = lineSums.find(end - 1);
    int from = start - lineSums.before(firstBlock);
    int to = end - lineSums.before(lastBlock);
    int size = from + count + sizes[lastBlock] - to;
    if (firstBlock == lastBlock && size <= CAPACITY) {
      int[] block = blocks[firstBlock];
      int delta = 0;
      for (int i = from; i < to; i++) {
        delta -= block[i];
      }
      System.arraycopy(block, to, block, from + count, sizes[firstBlock] - to);
      for (int i = 0; i < count; i++) {
        block[from + i] = lengths[i];
        delta += lengths[i];
      }
      lineSums.add(firstBlock, size - sizes[firstBlock]);
      unitSums.add(firstBlock, delta);
      sizes[firstBlock] = size;
      units[firstBlock] += delta;
    } else {
      int[] merged = new int[size];
      System.arraycopy(blocks[firstBlock], 0, merged, 0, from);
      System.arraycopy(lengths, 0, merged, from, count);
      System.arraycopy(blocks[lastBlock], to, merged, from + count, sizes[lastBlock] - to);
      replaceBlocks(firstBlock, lastBlock + 1, merged);
    }
    lineCount += count - (end - start);
  }

  private void replaceBlocks(int start, int end, int[] lengths) {
    int count = lengths.length <= CAPACITY ? 1 : (lengths.length + FILLED - 1) / FILLED;
    int newBlockCount = blockCount - (end - start) + count;
    int[][] newBlocks = new int[newBlockCount][];
    int[] newSizes = new int[newBlockCount];
    int[] newUnits = new int[newBlockCount];
    System.arraycopy(blocks, 0, newBlocks, 0, start);
    System.arraycopy(sizes, 0, newSizes, 0, start);
    System.arraycopy(units, 0, newUnits, 0, start);
    System.arraycopy(blocks, end, newBlocks, start + count, blockCount - end);
    System.arraycopy(sizes, end, newSizes, start + count, blockCount - end);
    System.arraycopy(units, end, newUnits, start + count, blockCount - end);
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) lengths.length * i / count);
      int to = (int) ((long) lengths.length * (i + 1) / count);
      newBlocks[start + i] = new int[CAPACITY];
      newSizes[start + i] = to - from;
      for (int line = from; line < to; line++) {
        newBlocks[start + i][line - from] = lengths[line];
        newUnits[start + i] += lengths[line];
      }
    }
    blocks = newBlocks;
    sizes = newSizes;
    units = newUnits;
    blockCount = newBlockCount;
    lineSums = new SumTree(sizes);
    unitSums = new SumTree(units);
  }

  /** Checks the invariants, for tests. */
  void checkInvariants() {
    int lines = 0;
    int units = 0;
    for (int block = 0; block < blockCount; block++) {
      Contents.check(sizes[block] > 0 && sizes[block] <= CAPACITY, "I1: block " + block);
      Contents.check(lineSums.before(block) == lines, "I3: lines before block " + block);
      Contents.check(unitSums.before(block) == units, "I3: units before block " + block);
      for (int i = 0; i < sizes[block]; i++) {
        lines++;
        units += blocks[block][i];
        Contents.check(blocks[block][i] > 0 || lines == lineCount, "I2: line " + lines);
      }
    }
    Contents.check(lines == lineCount, "I3: " + lines + " lines, counted " + lineCount);
    Contents.check(units == unitCount, "I3: " + units + " units, counted " + unitCount);
  }
}
