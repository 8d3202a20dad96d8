package dev.weft.crdt;

import java.util.Arrays;
import java.util.zip.CRC32C;

/** Writes the primitives of the binary format into a growing array. Not thread-safe. */
final class ByteWriter {
  private byte[] bytes;
  private int size;

  ByteWriter(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  void writeByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /** Writes an unsigned LEB128 number; {@code value} must not be negative. */
  void writeVarint(long value) {
    reserve(10);
    long rest = value;
    while (rest >= 0x80) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** Writes 32 bits, most significant byte first. */
  void writeFixed32(int value) {
    reserve(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  /** Writes 64 bits, most significant byte first. */
  void writeFixed64(long value) {
    reserve(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  /** Takes back the zeros at the end of what was written. */
  void dropZeros() {
    while (size > 0 && bytes[size - 1] == 0) {
      size--;
    }
  }

  void writeBytes(byte[] source, int start, int end) {
    reserve(end - start);
    System.arraycopy(source, start, bytes, size, end - start);
    size += end - start;
  }

  /** Appends all that another writer holds. */
  void writeAll(ByteWriter other) {
    writeBytes(other.bytes, 0, other.size);
  }

  /** Writes well-formed UTF-16 text in UTF-8, without its length. */
  void writeUtf8(char[] text, int start, int end) {
    reserve(3 * (end - start));
    int at = size;
    for (int i = start; i < end; i++) {
      int unit = text[i];
      if (unit < 0x80) {
        bytes[at++] = (byte) unit;
      } else if (unit < 0x800) {
        bytes[at++] = (byte) (0xc0 | (unit >> 6));
        bytes[at++] = (byte) (0x80 | (unit & 0x3f));
      } else if (!Character.isSurrogate((char) unit)) {
        bytes[at++] = (byte) (0xe0 | (unit >> 12));
        bytes[at++] = (byte) (0x80 | ((unit >> 6) & 0x3f));
        bytes[at++] = (byte) (0x80 | (unit & 0x3f));
      } else {
        int point = Character.toCodePoint((char) unit, text[++i]);
        bytes[at++] = (byte) (0xf0 | (point >> 18));
        bytes[at++] = (byte) (0x80 | ((point >> 12) & 0x3f));
        bytes[at++] = (byte) (0x80 | ((point >> 6) & 0x3f));
        bytes[at++] = (byte) (0x80 | (point & 0x3f));
      }
    }
    size = at;
  }

  /** Appends the CRC32C of all bytes so far, least significant byte first. */
  void writeChecksum() {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, size);
    int value = (int) checksum.getValue();
    for (int shift = 0; shift < 32; shift += 8) {
      writeByte(value >>> shift);
    }
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  byte[] array() {
    return bytes;
  }

  private void reserve(int count) {
    if (count > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(size, count)));
    }
  }
}
