package dev.weft.crdt;

import java.util.Arrays;
import java.util.Objects;

/**
 * The text of every unit ever inserted into a document, deleted ones included, in order of arrival.
 * A unit's index in here, its <i>unit number</i>, is its identity inside the document. Append-only
 * but for {@link #rollBack}. Not thread-safe.
 *
 * <p>Representation: chunks of 4,096 units, each of bytes as long as all its units are Latin-1 and
 * of chars from the first one that is not; so growing copies one chunk at most.
 */
final class UnitText {
  private static final int CHUNK_BITS = 12;
  private static final int CHUNK_SIZE = 1 << CHUNK_BITS;
  private static final int CHUNK_MASK = CHUNK_SIZE - 1;
  private static final int SMALLEST = 64;
  private static final int PIECE_SIZE = 128;

  // Of each pair of chunks at one index exactly one is there; null elements are nobody's business
  // but this class's.
  private byte[][] narrow = new byte[1][];
  private char[][] wide = new char[1][];
  private final char[] piece = new char[PIECE_SIZE];
  private int size;
  private boolean surrogates;

  UnitText() {}

  UnitText(UnitText other) {
    narrow = other.narrow.clone();
    wide = other.wide.clone();
    for (int chunk = 0; chunk < narrow.length; chunk++) {
      if (narrow[chunk] != null) {
        narrow[chunk] = narrow[chunk].clone();
      } else if (wide[chunk] != null) {
        wide[chunk] = wide[chunk].clone();
      }
    }
    size = other.size;
    surrogates = other.surrogates;
  }

  int size() {
    return size;
  }

  /** Returns whether a surrogate was ever appended; while not, no edit can split a pair. */
  boolean hasSurrogates() {
    return surrogates;
  }

  char charAt(int unit) {
    int chunk = unit >>> CHUNK_BITS;
    byte[] bytes = narrow[chunk];
    return bytes != null
        ? (char) (bytes[unit & CHUNK_MASK] & 0xff)
        : wide[chunk][unit & CHUNK_MASK];
  }

  void append(String text) {
    int length = text.length();
    if (length == 1) {
      append(text.charAt(0));
      return;
    }
    int from = 0;
    while (from < length) {
      int to = Math.min(length, from + PIECE_SIZE);
      text.getChars(from, to, piece, 0);
      append(piece, 0, to - from);
      from = to;
    }
  }

  void append(char[] text, int start, int end) {
    int from = start;
    while (from < end) {
      int at = size & CHUNK_MASK;
      int count = Math.min(end - from, CHUNK_SIZE - at);
      append(text, from, count, at);
      from += count;
    }
  }

  /** Appends what fits in one chunk. */
  private void append(char[] text, int start, int count, int at) {
    int chunk = size >>> CHUNK_BITS;
    if (at == 0) {
      open(chunk);
    }
    if (narrow[chunk] != null && !appendNarrow(text, start, count, chunk, at)) {
      widen(chunk, at);
    }
    if (narrow[chunk] == null) {
      appendWide(text, start, count, chunk, at);
    }
    size += count;
  }

  /** Returns false if not all units are Latin-1, which is looked at in the end: once for all. */
  private boolean appendNarrow(char[] text, int start, int count, int chunk, int at) {
    byte[] bytes = narrow[chunk];
    if (at + count > bytes.length) {
      bytes = narrow[chunk] = Arrays.copyOf(bytes, capacityFor(at + count));
    }
    int bits = 0;
    for (int i = 0; i < count; i++) {
      char unit = text[start + i];
      bytes[at + i] = (byte) unit;
      bits |= unit;
    }
    return bits <= 0xff;
  }

  private void appendWide(char[] text, int start, int count, int chunk, int at) {
    char[] chars = wide[chunk];
    if (at + count > chars.length) {
      chars = wide[chunk] = Arrays.copyOf(chars, capacityFor(at + count));
    }
    for (int i = 0; i < count; i++) {
      char unit = text[start + i];
      chars[at + i] = unit;
      surrogates |= Character.isSurrogate(unit);
    }
  }

  private static int capacityFor(int units) {
    return units <= SMALLEST
        ? SMALLEST
        : Math.min(CHUNK_SIZE, 2 * Integer.highestOneBit(units - 1));
  }

  private void append(char unit) {
    int chunk = size >>> CHUNK_BITS;
    int at = size & CHUNK_MASK;
    if (at == 0) {
      open(chunk);
    }
    byte[] bytes = narrow[chunk];
    if (bytes != null && unit > 0xff) {
      widen(chunk, at);
      bytes = null;
    }
    if (bytes != null) {
      if (at == bytes.length) {
        bytes = narrow[chunk] = Arrays.copyOf(bytes, Math.min(2 * at, CHUNK_SIZE));
      }
      bytes[at] = (byte) unit;
    } else {
      char[] chars = wide[chunk];
      if (at == chars.length) {
        chars = wide[chunk] = Arrays.copyOf(chars, Math.min(2 * at, CHUNK_SIZE));
      }
      chars[at] = unit;
      surrogates |= Character.isSurrogate(unit);
    }
    size++;
  }

  private void open(int chunk) {
    if (chunk == narrow.length) {
      narrow = Arrays.copyOf(narrow, 2 * chunk);
      wide = Arrays.copyOf(wide, 2 * chunk);
    }
    // A small document stays small; a later chunk is soon full.
    narrow[chunk] = new byte[chunk == 0 ? SMALLEST : CHUNK_SIZE];
    wide[chunk] = null;
  }

  private void widen(int chunk, int used) {
    byte[] bytes = narrow[chunk];
    char[] chars = new char[bytes.length];
    for (int i = 0; i < used; i++) {
      chars[i] = (char) (bytes[i] & 0xff);
    }
    wide[chunk] = chars;
    narrow[chunk] = null;
  }

  /** Copies {@code length} units from {@code unit} on to {@code target}. */
  void copy(int unit, int length, char[] target, int targetStart) {
    int from = unit;
    int to = targetStart;
    int left = length;
    while (left > 0) {
      int chunk = from >>> CHUNK_BITS;
      int at = from & CHUNK_MASK;
      int count = Math.min(left, CHUNK_SIZE - at);
      byte[] bytes = narrow[chunk];
      if (bytes != null) {
        for (int i = 0; i < count; i++) {
          target[to + i] = (char) (bytes[at + i] & 0xff);
        }
      } else {
        System.arraycopy(wide[chunk], at, target, to, count);
      }
      from += count;
      to += count;
      left -= count;
    }
  }

  /** Returns how many bytes of memory this takes, about. O(chunks). */
  long memoryBytes() {
    long bytes = 2L * Footprint.ofInts(narrow.length) + Footprint.ARRAY_BYTES + 2L * PIECE_SIZE;
    for (int chunk = 0; chunk < narrow.length; chunk++) {
      if (narrow[chunk] != null) {
        bytes += Footprint.ARRAY_BYTES + narrow[chunk].length;
      } else if (wide[chunk] != null) {
        bytes += Footprint.ARRAY_BYTES + 2L * wide[chunk].length;
      }
    }
    return bytes;
  }

  /** Returns some units as text, read from here when they are asked for. */
  CharSequence view(int unit, int length) {
    return new View(this, unit, length);
  }

  private record View(UnitText text, int unit, int length) implements CharSequence {
    @Override
    public char charAt(int index) {
      Objects.checkIndex(index, length);
      return text.charAt(unit + index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      Objects.checkFromToIndex(start, end, length);
      return new View(text, unit + start, end - start);
    }

    @Override
    public String toString() {
      char[] units = new char[length];
      text.copy(unit, length, units, 0);
      return new String(units);
    }
  }

  /** Forgets what was appended since it had so many units, and surrogates among them or not. */
  void rollBack(int earlierSize, boolean hadSurrogates) {
    size = earlierSize;
    surrogates = hadSurrogates;
  }
}
