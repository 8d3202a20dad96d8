package dev.weft.crdt;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The three parts of a snapshot: visible text, deleted text, both taken out of their compression,
 * and history, as it is. Lets snapshots be made that the library would never write. Immutable as
 * long as nobody changes the arrays.
 */
record SnapshotParts(List<byte[]> parts) {
  static final int VISIBLE = 0;
  static final int DELETED = 1;
  static final int HISTORY = 2;

  private static final int HEADER_BYTES = 4;
  private static final int CHECKSUM_BYTES = 4;

  /** Takes apart a valid snapshot. */
  static SnapshotParts of(byte[] snapshot) throws MalformedUpdateException {
    int[] at = {HEADER_BYTES};
    int length = varint(snapshot, at);
    byte[] stored = section(snapshot, at);
    byte[] visible = stored.length == length ? stored : inflated(stored, length);
    length = varint(snapshot, at);
    stored = section(snapshot, at);
    byte[] texts = Arrays.copyOf(visible, visible.length + length);
    RepeatReader.read(new RangeDecoder(stored, 0, stored.length), texts, visible.length);
    byte[] deleted = Arrays.copyOfRange(texts, visible.length, texts.length);
    byte[] history = Arrays.copyOfRange(snapshot, at[0], snapshot.length - CHECKSUM_BYTES);
    return new SnapshotParts(List.of(visible, deleted, history));
  }

  /** Returns the same snapshot with another part in one place. */
  SnapshotParts with(int index, byte[] part) {
    List<byte[]> changed = new ArrayList<>(parts);
    changed.set(index, part);
    return new SnapshotParts(changed);
  }

  /**
   * Returns a snapshot with these parts, the visible text not compressed, and the right checksum.
   */
  byte[] toBytes() {
    byte[] visible = parts.get(VISIBLE);
    byte[] deleted = parts.get(DELETED);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x57, (byte) 0xef, 1, 2});
    writeVarint(out, visible.length);
    writeVarint(out, visible.length);
    out.writeBytes(visible);
    byte[] texts = Arrays.copyOf(visible, visible.length + deleted.length);
    System.arraycopy(deleted, 0, texts, visible.length, deleted.length);
    byte[] stored = RepeatWriter.write(texts, visible.length).toBytes();
    writeVarint(out, deleted.length);
    writeVarint(out, stored.length);
    out.writeBytes(stored);
    out.writeBytes(parts.get(HISTORY));
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

  private static byte[] section(byte[] snapshot, int[] at) {
    int length = varint(snapshot, at);
    at[0] += length;
    return Arrays.copyOfRange(snapshot, at[0] - length, at[0]);
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
