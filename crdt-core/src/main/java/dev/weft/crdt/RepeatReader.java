package dev.weft.crdt;

/** Reads what {@link RepeatWriter} wrote. */
final class RepeatReader {
  private RepeatReader() {}

  /**
   * Fills {@code text[start, ...)}, coded after {@code text[0, start)}, which is there already.
   *
   * @throws MalformedUpdateException if a copy comes from before the text or goes beyond its end
   */
  static void read(RangeDecoder coder, byte[] text, int start) throws MalformedUpdateException {
    RepeatModel model = new RepeatModel(coder);
    int lastDistance = 0;
    int at = start;
    while (at < text.length) {
      if (!model.copy(false)) {
        text[at] = (byte) model.literal(at == 0 ? 0 : text[at - 1] & 0xff, 0);
        at++;
        continue;
      }
      boolean same = model.sameDistance(false);
      int length = model.length(same, 0);
      if (length < 1 || length > text.length - at) {
        throw coder.malformed("a copy of 1 to " + (text.length - at) + " bytes", "" + length);
      }
      int distance = same ? lastDistance : model.distance(length, 0);
      if (distance < 1 || distance > at) {
        throw coder.malformed("a distance from 1 to " + at, Integer.toString(distance));
      }
      lastDistance = distance;
      copy(text, at, distance, length);
      at += length;
    }
  }

  /** Copies, byte after byte where the copy reaches into itself. */
  private static void copy(byte[] text, int at, int distance, int length) {
    if (distance >= length) {
      System.arraycopy(text, at - distance, text, at, length);
    } else {
      for (int i = at; i < at + length; i++) {
        text[i] = text[i - distance];
      }
    }
  }
}
