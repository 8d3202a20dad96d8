package dev.weft.crdt;

import java.util.Arrays;

/** The arithmetic of the states of a {@link BinaryCoder}. */
final class BitStates {
  private static final int SEEN_BITS = 10;
  private static final int SEEN_MASK = (1 << SEEN_BITS) - 1;
  private static final int MAX_SEEN = 30;
  private static final int ONE = (1 << 22) - 1;

  // No bit is ever taken for certain: each costs at least a thousandth of a bit.
  private static final int LEAST = 1 << 6;
  private static final int MOST = (1 << 16) - LEAST;

  /** 65536 / (seen + 1.6), by how many bits have been seen. */
  private static final int[] RATES = new int[MAX_SEEN + 1];

  static {
    for (int seen = 0; seen <= MAX_SEEN; seen++) {
      RATES[seen] = 655_360 / (10 * seen + 16);
    }
  }

  private BitStates() {}

  static int[] create(int count) {
    int[] states = new int[count];
    Arrays.fill(states, BinaryCoder.UNKNOWN);
    return states;
  }

  /** Returns the part of a range that stands for a one. */
  static long bound(long range, int state) {
    return (range >>> 16) * Math.min(MOST, Math.max(LEAST, state >>> 16));
  }

  static int learn(int state, int bit) {
    int seen = state & SEEN_MASK;
    int probability = state >>> SEEN_BITS;
    int target = bit == 0 ? 0 : ONE;
    int moved = probability + (int) (((long) (target - probability) * RATES[seen]) >> 16);
    return moved << SEEN_BITS | Math.min(MAX_SEEN, seen + 1);
  }
}
