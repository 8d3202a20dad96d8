package dev.weft.crdt;

import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A part of a snapshot, compressed by Deflate where that makes it smaller: its length, its stored
 * length, the stored bytes. The two lengths are equal exactly if it is not compressed.
 */
final class CompressedSection {
  /** What Deflate makes of its best input: a section that claims more is a lie. */
  private static final int MAX_RATIO = 1032;

  private CompressedSection() {}

  static void write(ByteWriter out, ByteWriter section) {
    byte[] packed = new byte[section.size()];
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    int length;
    try {
      deflater.setInput(section.array(), 0, section.size());
      deflater.finish();
      length = deflater.deflate(packed);
      if (!deflater.finished() || length == section.size()) {
        packed = section.array();
        length = section.size();
      }
    } finally {
      deflater.end();
    }
    out.writeVarint(section.size());
    out.writeVarint(length);
    out.writeBytes(packed, 0, length);
  }

  static ByteReader read(ByteReader in, String what, int maxBytes) throws MalformedUpdateException {
    int at = in.position();
    int length = in.readInt(what + " length", maxBytes);
    ByteReader stored = in.readSection("stored " + what);
    if (length == stored.remaining()) {
      return stored;
    }
    if (length < stored.remaining() || length / MAX_RATIO > stored.remaining()) {
      throw ByteReader.malformedAt(
          at,
          what + " length between its stored length and " + MAX_RATIO + " times that",
          length + " and " + stored.remaining());
    }
    byte[] bytes = new byte[length];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(stored.readRest());
      int filled = 0;
      while (filled < length) {
        int count = inflater.inflate(bytes, filled, length - filled);
        if (count == 0) {
          throw ByteReader.malformedAt(at, length + " bytes of " + what, filled + " bytes");
        }
        filled += count;
      }
      if (!inflater.finished() && inflater.inflate(new byte[1]) != 0) {
        throw ByteReader.malformedAt(at, length + " bytes of " + what, "more");
      }
    } catch (DataFormatException e) {
      throw ByteReader.malformedAt(at, "well-formed Deflate data", String.valueOf(e.getMessage()));
    } finally {
      inflater.end();
    }
    return new ByteReader(bytes);
  }
}
