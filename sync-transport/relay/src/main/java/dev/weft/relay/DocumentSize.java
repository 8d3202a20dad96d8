package dev.weft.relay;

import dev.weft.crdt.Footprint;
import dev.weft.crdt.TextDocument;

/**
 * About how much memory a document takes, counted with all others. To measure it takes as long as
 * the document is, so it is estimated between. Confined to the document's worker.
 */
final class DocumentSize {
  /** What an open document takes beside its text. */
  static final int BASE_BYTES = 8 << 10;

  /**
   * What a byte of an update may come to, at most about: a span for each character that is typed.
   */
  private static final int BYTES_FOR_BYTE = 4;

  private static final long LEAST_GROWTH_BYTES = 256 << 10;

  private final Load load;
  private long bytes;
  private long measuredBytes;

  DocumentSize(Load load) {
    this.load = load;
  }

  /** Measures the document. O(spans). */
  void measure(TextDocument text) {
    Footprint footprint = text.footprint();
    set(BASE_BYTES + footprint.textBytes() + footprint.orderBytes() + footprint.logBytes());
    measuredBytes = bytes;
  }

  /** An update of so many bytes has come. O(1), but for one in many, which measures. */
  void grew(long updateBytes, TextDocument text) {
    set(bytes + BYTES_FOR_BYTE * updateBytes);
    if (bytes - measuredBytes > Math.max(LEAST_GROWTH_BYTES, measuredBytes / 2)) {
      measure(text);
    }
  }

  /** The document is there no more. */
  void forget() {
    set(0);
  }

  private void set(long newBytes) {
    load.documents(newBytes - bytes);
    bytes = newBytes;
  }
}
