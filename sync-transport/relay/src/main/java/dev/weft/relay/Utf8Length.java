package dev.weft.relay;

import dev.weft.crdt.TextDocument;
import java.util.function.Consumer;

/** Counts the bytes of a text in UTF-8 without writing it. Not thread-safe. */
final class Utf8Length implements Consumer<CharSequence> {
  private long bytes;

  /** Returns how many bytes the text of a document has. O(length), and nothing of it is copied. */
  static long of(TextDocument text) {
    Utf8Length length = new Utf8Length();
    text.forEachChunk(0, text.length(), length);
    return length.bytes();
  }

  /** Counts a piece, in which no surrogate pair is cut. */
  @Override
  public void accept(CharSequence piece) {
    int units = piece.length();
    long sum = 0;
    for (int i = 0; i < units; i++) {
      char unit = piece.charAt(i);
      if (unit < 0x80) {
        sum++;
      } else if (unit < 0x800) {
        sum += 2;
      } else if (!Character.isSurrogate(unit)) {
        sum += 3;
      } else if (isPair(piece, i)) {
        sum += 4;
        i++;
      } else {
        // What String writes in its place is a question mark.
        sum++;
      }
    }
    bytes += sum;
  }

  private static boolean isPair(CharSequence piece, int at) {
    return Character.isHighSurrogate(piece.charAt(at))
        && at + 1 < piece.length()
        && Character.isLowSurrogate(piece.charAt(at + 1));
  }

  /** Returns how many bytes the pieces have together. */
  long bytes() {
    return bytes;
  }
}
