package dev.weft.crdt;

/**
 * One side of an adaptive binary arithmetic coder: {@link RangeEncoder} writes the bits that it is
 * given, {@link RangeDecoder} ignores them and returns those that were written. So a description of
 * what is coded, and of what each bit is likely to be, serves both sides and cannot differ between
 * them.
 *
 * <p>How likely a one is stands in a <i>state</i>, an int that learns from each bit:
 *
 * <pre>
 *   31            10 9      0
 *   +---------------+--------+
 *   | probability   | seen   |    of a one, in 2^-22; how many bits have been seen, up to 30
 *   +---------------+--------+
 * </pre>
 *
 * A bit moves the probability by 1 / (seen + 1.6) of its distance to what it was: fast at first,
 * then slower, but never so slow that it would not follow a change of habit.
 */
interface BinaryCoder {
  /** The state that has seen nothing and expects either bit. */
  int UNKNOWN = 1 << 31;

  /** Codes a bit by {@code states[at]}, which learns from it. */
  int bit(int[] states, int at, int bit);

  /** Codes the lowest {@code count} bits of a number, at most 30, of which nothing is known. */
  int bits(int value, int count);

  /** Codes a truth by {@code states[at]}. */
  default boolean flag(int[] states, int at, boolean flag) {
    return bit(states, at, flag ? 1 : 0) != 0;
  }

  /** Codes the lowest {@code count} bits of a number by 2^count states from {@code base} on. */
  default int tree(int[] states, int base, int count, int value) {
    int node = 1;
    for (int i = count - 1; i >= 0; i--) {
      node = node << 1 | bit(states, base + node, (value >>> i) & 1);
    }
    return node - (1 << count);
  }
}
