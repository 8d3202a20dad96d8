package dev.weft.crdt;

import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads the primitives of the binary format, each checked against what is left before anything is
 * allocated for it. Not thread-safe.
 */
final class ByteReader {
  private final byte[] bytes;
  private int position;
  private int end;

  ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  ByteReader(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  int position() {
    return position;
  }

  int remaining() {
    return end - position;
  }

  MalformedUpdateException malformed(String expected, String actual) {
    return malformedAt(position, expected, actual);
  }

  static MalformedUpdateException malformedAt(int offset, String expected, String actual) {
    return new MalformedUpdateException(offset, expected, actual);
  }

  private MalformedUpdateException truncated(String what, int needed) {
    return malformed(
        what + " (" + needed + " more bytes)", "the end, after " + remaining() + " bytes");
  }

  int readByte(String what) throws MalformedUpdateException {
    if (position == end) {
      throw truncated(what, 1);
    }
    return bytes[position++] & 0xff;
  }

  long readVarint(String what) throws MalformedUpdateException {
    // Most numbers are small.
    if (position < end && bytes[position] >= 0) {
      return bytes[position++];
    }
    return readLongVarint(what);
  }

  private long readLongVarint(String what) throws MalformedUpdateException {
    int start = position;
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      if (position == end) {
        throw truncated(what, 1);
      }
      byte next = bytes[position++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        if (next == 0 && shift > 0) {
          throw malformedAt(start, what + " in its shortest form", "a padded number");
        }
        return value;
      }
    }
    throw malformedAt(start, what + " below 2^63", "a longer number");
  }

  /** Reads a number from 0 to {@code max}. */
  int readInt(String what, int max) throws MalformedUpdateException {
    int start = position;
    long value = readVarint(what);
    if (value > max) {
      throw malformedAt(start, what + " of at most " + max, Long.toString(value));
    }
    return (int) value;
  }

  /** Reads a count of things that take at least {@code bytesEach} bytes each. */
  int readCount(String what, int bytesEach) throws MalformedUpdateException {
    int start = position;
    long count = readVarint(what);
    if (count > remaining() / bytesEach) {
      throw malformedAt(
          start, what + " of at most " + remaining() / bytesEach, Long.toString(count));
    }
    return (int) count;
  }

  int readFixed32(String what) throws MalformedUpdateException {
    if (remaining() < 4) {
      throw truncated(what, 4);
    }
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value = (value << 8) | (bytes[position++] & 0xff);
    }
    return value;
  }

  long readFixed64(String what) throws MalformedUpdateException {
    if (remaining() < 8) {
      throw truncated(what, 8);
    }
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = (value << 8) | (bytes[position++] & 0xff);
    }
    return value;
  }

  /** Reads a length and returns a reader of so many bytes, which are skipped here. */
  ByteReader readSection(String what) throws MalformedUpdateException {
    int length = readCount(what + " length", 1);
    ByteReader section = new ByteReader(bytes, position, position + length);
    position += length;
    return section;
  }

  /** Returns a decoder of all that is left. */
  RangeDecoder rangeDecoder() {
    return new RangeDecoder(bytes, position, end);
  }

  byte[] readRest() {
    byte[] rest = Arrays.copyOfRange(bytes, position, end);
    position = end;
    return rest;
  }

  void requireEnd(String what) throws MalformedUpdateException {
    if (position != end) {
      throw malformed("the end of the " + what, remaining() + " more bytes");
    }
  }

  /**
   * Checks the CRC32C in the last four bytes against {@code bytes[start, ...)}, and leaves it out.
   */
  void checkAndDropChecksum(int start) throws MalformedUpdateException {
    if (remaining() < 4) {
      throw truncated("a CRC32C", 4);
    }
    end -= 4;
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, start, end - start);
    int actual = (int) checksum.getValue();
    int stored = 0;
    for (int i = 3; i >= 0; i--) {
      stored = (stored << 8) | (bytes[end + i] & 0xff);
    }
    if (stored != actual) {
      throw malformedAt(
          end,
          String.format("CRC32C %08x, that of the bytes before", actual),
          String.format("%08x: the bytes were damaged or cut", stored));
    }
  }

  /**
   * Decodes {@code byteCount} bytes of UTF-8 into {@code target}, which must have room for as many
   * units.
   *
   * @return how many UTF-16 units were written
   * @throws MalformedUpdateException if the bytes are not well-formed UTF-8
   */
  int readUtf8(int byteCount, char[] target) throws MalformedUpdateException {
    int stop = position + byteCount;
    int units = 0;
    while (position < stop) {
      int lead = bytes[position];
      if (lead >= 0) {
        target[units++] = (char) lead;
        position++;
      } else {
        units = readMultiByte(stop, target, units);
      }
    }
    return units;
  }

  private int readMultiByte(int stop, char[] target, int units) throws MalformedUpdateException {
    int lead = bytes[position] & 0xff;
    int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || length > stop - position) {
      throw malformed("well-formed UTF-8", String.format("byte %02x", lead));
    }
    int point = lead & (0x7f >> length);
    for (int i = 1; i < length; i++) {
      int next = bytes[position + i];
      if ((next & 0xc0) != 0x80) {
        throw malformedAt(
            position + i, "a UTF-8 continuation byte", String.format("byte %02x", next & 0xff));
      }
      point = (point << 6) | (next & 0x3f);
    }
    boolean overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    if (overlong || point > Character.MAX_CODE_POINT || isSurrogate(point)) {
      throw malformed("well-formed UTF-8", String.format("the coding of U+%04X", point));
    }
    position += length;
    return units + Character.toChars(point, target, units);
  }

  private static boolean isSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }
}
