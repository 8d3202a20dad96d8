package dev.weft.crdt;

/**
 * Writes bits in as many bytes as their probabilities let expect: a range coder with carry (Martin,
 * "Range encoding", 1979, in the form that LZMA made common). Not thread-safe.
 *
 * <p>All that can still be written is a number in [low, low + range). A bit takes its share of the
 * range; bytes of {@code low} that can change no more, but for a carry, are written.
 */
final class RangeEncoder implements BinaryCoder {
  /** The range at first. */
  static final long WHOLE = (1L << 32) - 1;

  /** A range is never smaller, so that it can be parted precisely. */
  static final long LEAST = 1L << 24;

  private final ByteWriter out = new ByteWriter(1024);
  private long low;
  private long range = WHOLE;
  // The last byte that a carry can still change, and how many bytes ff follow it.
  private int pending;
  private int pendingCount;
  private boolean started;

  @Override
  public int bit(int[] states, int at, int bit) {
    int state = states[at];
    long bound = BitStates.bound(range, state);
    if (bit != 0) {
      range = bound;
    } else {
      low += bound;
      range -= bound;
    }
    states[at] = BitStates.learn(state, bit);
    normalize();
    return bit;
  }

  @Override
  public int bits(int value, int count) {
    for (int i = count - 1; i >= 0; i--) {
      range >>>= 1;
      if (((value >>> i) & 1) == 0) {
        low += range;
      }
      normalize();
    }
    return value & ((1 << count) - 1);
  }

  private void normalize() {
    while (range < LEAST) {
      range <<= 8;
      shift();
    }
  }

  private void shift() {
    int top = (int) (low >>> 24);
    if (top != 0xff) {
      int carry = top >>> 8;
      if (started) {
        out.writeByte(pending + carry);
      }
      for (; pendingCount > 0; pendingCount--) {
        out.writeByte(0xff + carry);
      }
      started = true;
      pending = top & 0xff;
    } else {
      pendingCount++;
    }
    low = (low & 0xff_ffffL) << 8;
  }

  /**
   * Returns what was written. What is left goes into as few bytes as tell it: of the numbers in the
   * range that with the most zeros at its end, and these are left out, for the decoder reads zeros
   * beyond the end.
   */
  ByteWriter finish() {
    long highest = low + range - 1;
    long chosen = highest;
    for (int zeros = 1; zeros <= 32; zeros++) {
      long rounded = highest >>> zeros << zeros;
      if (rounded < low) {
        break;
      }
      chosen = rounded;
    }
    low = chosen;
    for (int i = 0; i < 5; i++) {
      shift();
    }
    out.dropZeros();
    return out;
  }
}
