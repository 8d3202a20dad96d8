package dev.weft.crdt;

/**
 * Reads what a {@link RangeEncoder} wrote; beyond the end it reads zeros. Any bytes at all are
 * something that could have been written, so that whoever decodes must bound how much it asks for
 * and check what it gets. Not thread-safe.
 */
final class RangeDecoder implements BinaryCoder {
  private final byte[] bytes;
  private final int end;
  private int position;
  // The number read, less the low end of the range; both are below 2^32.
  private long code;
  private long range = RangeEncoder.WHOLE;

  RangeDecoder(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.end = end;
    position = start;
    for (int i = 0; i < Integer.BYTES; i++) {
      code = code << 8 | next();
    }
  }

  /** Requires that nothing but zeros stands behind what was read. */
  void requireRestZeros() throws MalformedUpdateException {
    for (int i = position; i < end; i++) {
      if (bytes[i] != 0) {
        throw ByteReader.malformedAt(
            i, "nothing but zeros behind the end of a section", "byte " + (bytes[i] & 0xff));
      }
    }
  }

  private int next() {
    return position < end ? bytes[position++] & 0xff : 0;
  }

  /** Returns an exception that points behind the last byte that was read. */
  MalformedUpdateException malformed(String expected, String actual) {
    return ByteReader.malformedAt(position, expected, actual);
  }

  @Override
  public int bit(int[] states, int at, int ignored) {
    int state = states[at];
    long bound = BitStates.bound(range, state);
    int bit;
    if (code < bound) {
      range = bound;
      bit = 1;
    } else {
      code -= bound;
      range -= bound;
      bit = 0;
    }
    states[at] = BitStates.learn(state, bit);
    // Twice at most, for no share of a range is below a thousandth.
    while (range < RangeEncoder.LEAST) {
      range <<= 8;
      code = code << 8 | next();
    }
    return bit;
  }

  @Override
  public int bits(int ignored, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      range >>>= 1;
      value <<= 1;
      if (code < range) {
        value |= 1;
      } else {
        code -= range;
      }
      if (range < RangeEncoder.LEAST) {
        range <<= 8;
        code = code << 8 | next();
      }
    }
    return value;
  }
}
