package dev.weft.store;

/** Big-endian numbers in an array, as SQLite writes them. Stateless. */
final class Bytes {
  private Bytes() {}

  static int unsigned16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  static int signed32(byte[] bytes, int at) {
    return unsigned16(bytes, at) << 16 | unsigned16(bytes, at + 2);
  }

  /** Returns a signed number of {@code width} bytes, 1 to 8. */
  static long signed(byte[] bytes, int at, int width) {
    long value = bytes[at];
    for (int i = 1; i < width; i++) {
      value = value << 8 | (bytes[at + i] & 0xff);
    }
    return value;
  }
}
