package dev.weft.crdt;

import java.util.Arrays;

/**
 * Finds the insertions that were written into an update by the names of their units. Not
 * thread-safe.
 */
final class InsertionFinder {
  private int[] sequences = new int[4];
  private int[] lengths = new int[4];
  private int size;
  // By replica of the update: the numbers of its insertions, and how many there are.
  private int[][] numbersOf = new int[2][];
  private int[] countOf = new int[2];

  int size() {
    return size;
  }

  /** Returns the sequence number of an insertion's first unit. */
  int sequence(int insertion) {
    return sequences[insertion];
  }

  /** Adds the insertion of {@code length} units by a replica from {@code sequence} on. */
  void add(int replica, int sequence, int length) {
    if (size == sequences.length) {
      sequences = Arrays.copyOf(sequences, 2 * size);
      lengths = Arrays.copyOf(lengths, 2 * size);
    }
    sequences[size] = sequence;
    lengths[size] = length;
    if (replica >= countOf.length) {
      int more = Math.max(replica + 1, 2 * countOf.length);
      numbersOf = Arrays.copyOf(numbersOf, more);
      countOf = Arrays.copyOf(countOf, more);
    }
    int[] numbers = numbersOf[replica];
    int count = countOf[replica];
    if (numbers == null) {
      numbers = numbersOf[replica] = new int[2];
    } else if (count == numbers.length) {
      numbers = numbersOf[replica] = Arrays.copyOf(numbers, 2 * count);
    }
    // What is not told in sequence is not found, and so is referred to by name.
    if (count == 0 || sequences[numbers[count - 1]] < sequence) {
      numbers[count] = size;
      countOf[replica]++;
    }
    size++;
  }

  /**
   * Returns the insertion that has a replica's unit, {@link Insertions#NONE} if none was written.
   * O(log insertions).
   */
  int find(int replica, int sequence) {
    if (replica >= countOf.length || countOf[replica] == 0) {
      return Insertions.NONE;
    }
    int[] numbers = numbersOf[replica];
    int low = 0;
    int high = countOf[replica] - 1;
    if (sequences[numbers[high]] <= sequence) {
      low = high;
    }
    while (low < high) {
      int mid = (low + high + 1) >>> 1;
      if (sequences[numbers[mid]] <= sequence) {
        low = mid;
      } else {
        high = mid - 1;
      }
    }
    int found = numbers[low];
    int offset = sequence - sequences[found];
    return offset >= 0 && offset < lengths[found] ? found : Insertions.NONE;
  }
}
