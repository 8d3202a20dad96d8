package dev.weft.crdt;

import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The visible text of a snapshot in UTF-8, compressed by Deflate where that makes it smaller, for
 * this is what unpacks fastest: its length, its stored length, the stored bytes. The two lengths
 * are equal exactly if it is not compressed.
 */
final class DeflatedText {
  private DeflatedText() {}

  static void write(ByteWriter out, ByteWriter utf8) {
    ByteWriter packed = deflated(utf8);
    out.writeVarint(utf8.size());
    Expansion.TEXT.write(out, packed.size() < utf8.size() ? packed : utf8, utf8.size());
  }

  private static ByteWriter deflated(ByteWriter utf8) {
    ByteWriter packed = new ByteWriter(utf8.size() / 2);
    byte[] buffer = new byte[1 << 13];
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(utf8.array(), 0, utf8.size());
      deflater.finish();
      while (!deflater.finished()) {
        packed.writeBytes(buffer, 0, deflater.deflate(buffer));
      }
    } finally {
      deflater.end();
    }
    return packed;
  }

  /** Returns the text's bytes, which may be any. */
  static byte[] read(ByteReader in, int maxBytes) throws MalformedUpdateException {
    int at = in.position();
    int length = in.readInt("text length (maxUpdateBytes)", maxBytes);
    ByteReader stored = Expansion.TEXT.read(in, "text", length);
    if (length <= stored.remaining()) {
      if (length < stored.remaining()) {
        throw ByteReader.malformedAt(
            at, "a text no longer than it would be plain", stored.remaining() + " for " + length);
      }
      return stored.readRest();
    }
    byte[] deflated = stored.readRest();
    byte[] bytes = new byte[length];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(deflated);
      int filled = 0;
      while (filled < length) {
        int count = inflater.inflate(bytes, filled, length - filled);
        if (count == 0) {
          throw ByteReader.malformedAt(at, length + " bytes of text", filled + " bytes");
        }
        filled += count;
      }
      if (!inflater.finished() && inflater.inflate(new byte[1]) != 0) {
        throw ByteReader.malformedAt(at, length + " bytes of text", "more");
      }
      if (!inflater.finished()) {
        throw ByteReader.malformedAt(at, "Deflate data with an end", "none");
      }
      Expansion.requireZeros(deflated, deflated.length - inflater.getRemaining(), at);
    } catch (DataFormatException e) {
      throw ByteReader.malformedAt(at, "well-formed Deflate data", String.valueOf(e.getMessage()));
    } finally {
      inflater.end();
    }
    return bytes;
  }
}
