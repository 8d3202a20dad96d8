package dev.weft.crdt;

/**
 * How much a compressed section may stand for, so that a few bytes from outside cannot claim any
 * amount of memory: so much free, and so much for each byte. What repeats itself more than that is
 * padded with zeros until it has paid.
 */
enum Expansion {
  /** Bytes of text. */
  TEXT(1 << 16, 64),
  /** Runs and operations, which take about 60 bytes of memory each. */
  HISTORY(1 << 10, 4);

  private final int free;
  private final int perByte;

  Expansion(int free, int perByte) {
    this.free = free;
    this.perByte = perByte;
  }

  private long most(int storedBytes) {
    return free + (long) perByte * storedBytes;
  }

  /** Writes a section that stands for {@code size} things, padded if need be. */
  void write(ByteWriter out, ByteWriter section, long size) {
    while (size > most(section.size())) {
      section.writeByte(0);
    }
    out.writeVarint(section.size());
    out.writeAll(section);
  }

  /** Requires that nothing but padding stands from an index on. */
  static void requireZeros(byte[] section, int start, int at) throws MalformedUpdateException {
    for (int i = start; i < section.length; i++) {
      if (section[i] != 0) {
        throw ByteReader.malformedAt(
            at, "nothing but zeros behind the end of a section", "byte " + (section[i] & 0xff));
      }
    }
  }

  /** Reads a section that claims to stand for {@code size} things. */
  ByteReader read(ByteReader in, String what, long size) throws MalformedUpdateException {
    int at = in.position();
    ByteReader section = in.readSection(what);
    long most = most(section.remaining());
    if (size > most) {
      throw ByteReader.malformedAt(
          at,
          what + " of a size up to " + most + " in " + section.remaining() + " bytes",
          Long.toString(size));
    }
    return section;
  }
}
