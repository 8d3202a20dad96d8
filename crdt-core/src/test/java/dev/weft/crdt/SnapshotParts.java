package dev.weft.crdt;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The three parts of a snapshot, taken out of their compression: visible text, history, deleted
 * text. Reads and writes docs/FORMAT.md by itself, so that bytes can be made that the library would
 * never write. Immutable as long as nobody changes the arrays.
 */
record SnapshotParts(List<byte[]> parts) {
  private static final int HEADER_BYTES = 4;
  private static final int CHECKSUM_BYTES = 4;

  /** Takes apart a valid snapshot. */
  static SnapshotParts of(byte[] snapshot) {
    List<byte[]> parts = new ArrayList<>();
    int[] at = {HEADER_BYTES};
    while (at[0] < snapshot.length - CHECKSUM_BYTES) {
      int length = varint(snapshot, at);
      int stored = varint(snapshot, at);
      byte[] part = Arrays.copyOfRange(snapshot, at[0], at[0] + stored);
      at[0] += stored;
      parts.add(stored == length ? part : inflated(part, length));
    }
    return new SnapshotParts(parts);
  }

  /** Returns the same snapshot with another part in one place. */
  SnapshotParts with(int index, byte[] part) {
    List<byte[]> changed = new ArrayList<>(parts);
    changed.set(index, part);
    return new SnapshotParts(changed);
  }

  /** Returns a snapshot with these parts, none of them compressed, and the right checksum. */
  byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x57, (byte) 0xef, 1, 2});
    for (byte[] part : parts) {
      writeVarint(out, part.length);
      writeVarint(out, part.length);
      out.writeBytes(part);
    }
    out.writeBytes(new byte[CHECKSUM_BYTES]);
    return Damage.withChecksum(out.toByteArray());
  }

  /** Returns the start of a snapshot whose first part claims a length that it cannot have. */
  static byte[] claiming(int length, byte[] stored) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x57, (byte) 0xef, 1, 2});
    writeVarint(out, length);
    writeVarint(out, stored.length);
    out.writeBytes(stored);
    out.writeBytes(new byte[CHECKSUM_BYTES]);
    return Damage.withChecksum(out.toByteArray());
  }

  private static byte[] inflated(byte[] stored, int length) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(stored);
      byte[] part = new byte[length];
      if (inflater.inflate(part) != length) {
        throw new AssertionError("a snapshot's part is shorter than it says, length=" + length);
      }
      return part;
    } catch (DataFormatException e) {
      throw new AssertionError("a snapshot's part is not Deflate data", e);
    } finally {
      inflater.end();
    }
  }

  private static int varint(byte[] bytes, int[] at) {
    int value = 0;
    int shift = 0;
    int next;
    do {
      next = bytes[at[0]++];
      value |= (next & 0x7f) << shift;
      shift += 7;
    } while (next < 0);
    return value;
  }

  private static void writeVarint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
