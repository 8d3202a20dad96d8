package dev.weft.crdt;

/**
 * Codes numbers whose distribution is learned, each in a <i>context</i> of its own: how many binary
 * digits {@code number + 1} has, then the digits below the first. The length and the first three
 * digits are modelled, the rest are taken for random. Not thread-safe.
 */
final class NumberModel {
  private static final int LENGTH_BITS = 5;
  private static final int MODELLED = 3;
  private static final int STATES = (1 << LENGTH_BITS) << MODELLED;
  private static final int CONTEXT = (1 << LENGTH_BITS) + STATES;

  private final int[] states;

  NumberModel(int contexts) {
    states = BitStates.create(contexts * CONTEXT);
  }

  /**
   * Codes a number from 0 to 2^31 - 2. What is decoded may be negative, if the bytes are nothing
   * that was ever encoded.
   */
  int code(BinaryCoder coder, int context, int number) {
    int base = context * CONTEXT;
    int value = number + 1;
    int length = coder.tree(states, base, LENGTH_BITS, 31 - Integer.numberOfLeadingZeros(value));
    int digits = base + (1 << LENGTH_BITS) + (length << MODELLED);
    int modelled = Math.min(MODELLED, length);
    int node = 1;
    for (int i = 1; i <= modelled; i++) {
      node = node << 1 | coder.bit(states, digits + node, (value >>> (length - i)) & 1);
    }
    int rest = length - modelled;
    return (rest == 0 ? node : node << rest | coder.bits(value, rest)) - 1;
  }
}
