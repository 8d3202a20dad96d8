package dev.weft.crdt;

/**
 * The frame that updates and snapshots share, normative in {@code docs/FORMAT.md}.
 *
 * <pre>
 *   0      1      2         3      4                     length - 4
 *   +------+------+---------+------+---- ... ------------+------------------+
 *   | 0x57 | 0xEF | version | kind | body                | CRC32C, LE       |
 *   +------+------+---------+------+---- ... ------------+------------------+
 * </pre>
 */
final class BinaryFormat {
  private static final int MAGIC_0 = 0x57;
  private static final int MAGIC_1 = 0xef;
  static final int VERSION = 1;

  /** How many bytes of the frame stand before the body, and behind it. */
  static final int HEAD_BYTES = 4;

  static final int TAIL_BYTES = 4;

  static final int UPDATE = 1;
  static final int SNAPSHOT = 2;
  static final int SHALLOW = 3;

  private BinaryFormat() {}

  static ByteWriter begin(int kind, int capacity) {
    ByteWriter out = new ByteWriter(capacity);
    out.writeByte(MAGIC_0);
    out.writeByte(MAGIC_1);
    out.writeByte(VERSION);
    out.writeByte(kind);
    return out;
  }

  static byte[] finish(ByteWriter out) {
    out.writeChecksum();
    return out.toBytes();
  }

  /**
   * Checks the frame of {@code in}, leaves it at the body, and returns the kind.
   *
   * @throws MalformedUpdateException if the bytes are something else, damaged, or of another
   *     version
   */
  static int open(ByteReader in, int maxBytes) throws MalformedUpdateException {
    if (in.remaining() > maxBytes) {
      throw in.malformed(
          "at most " + maxBytes + " bytes (maxUpdateBytes)", in.remaining() + " bytes");
    }
    int magic0 = in.readByte("the magic byte 57");
    int magic1 = in.readByte("the magic byte ef");
    if (magic0 != MAGIC_0 || magic1 != MAGIC_1) {
      throw ByteReader.malformedAt(
          0,
          "the magic bytes 57 ef",
          String.format("%02x %02x: not a Weft update", magic0, magic1));
    }
    int version = in.readByte("the format version");
    if (version != VERSION) {
      throw ByteReader.malformedAt(
          2,
          "format version " + VERSION,
          version > VERSION ? version + ": written by a newer Weft" : Integer.toString(version));
    }
    int kind = in.readByte("the kind");
    if (kind < UPDATE || kind > SHALLOW) {
      throw ByteReader.malformedAt(
          3, "kind 1 (update), 2 (snapshot) or 3 (shallow snapshot)", Integer.toString(kind));
    }
    in.checkAndDropChecksum(0);
    return kind;
  }
}
