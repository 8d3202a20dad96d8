package dev.weft.crdt;

/**
 * Sums of the first values of a row of numbers, none negative, in O(log values) each: a Fenwick
 * tree (Fenwick, "A new data structure for cumulative frequency tables", 1994). Not thread-safe.
 */
final class SumTree {
  // At i + 1: the sum of the values from i + 1 - lowestOneBit(i + 1) to i.
  private final int[] sums;
  private final int top;

  SumTree(int[] values) {
    sums = new int[values.length + 1];
    for (int i = 1; i < sums.length; i++) {
      sums[i] += values[i - 1];
      int above = i + Integer.lowestOneBit(i);
      if (above < sums.length) {
        sums[above] += sums[i];
      }
    }
    top = Integer.highestOneBit(values.length);
  }

  /** Adds a number to a value. */
  void add(int index, int delta) {
    for (int i = index + 1; i < sums.length; i += Integer.lowestOneBit(i)) {
      sums[i] += delta;
    }
  }

  /** Returns the sum of the values before an index. */
  int before(int index) {
    int sum = 0;
    for (int i = index; i > 0; i -= Integer.lowestOneBit(i)) {
      sum += sums[i];
    }
    return sum;
  }

  /** Returns the index of the value in which a position below the sum of all lies. */
  int find(int position) {
    int index = 0;
    int rest = position;
    for (int step = top; step > 0; step >>= 1) {
      int next = index + step;
      if (next < sums.length && sums[next] <= rest) {
        index = next;
        rest -= sums[next];
      }
    }
    return index;
  }
}
