package dev.weft.cli.trace;

import java.util.Arrays;

/** A growing row of ints. Not thread-safe. */
final class IntColumn {
  private int[] values = new int[8];
  private int size;

  int size() {
    return size;
  }

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  int get(int index) {
    return values[index];
  }

  int last() {
    return values[size - 1];
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }

  /**
   * The index of the last value that is not above {@code value}, in an ascending row; -1 if none.
   */
  int floorIndex(int value) {
    int at = Arrays.binarySearch(values, 0, size, value);
    return at < 0 ? -at - 2 : at;
  }
}
