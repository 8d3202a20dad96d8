package dev.weft.crdt;

/** Checks of UTF-16 text. */
final class Utf16 {
  private Utf16() {}

  /**
   * Requires that every surrogate in {@code text} is part of a pair.
   *
   * @throws IllegalArgumentException if one is not
   */
  static void requireWellFormed(String text) {
    int length = text.length();
    int bits = 0;
    for (int i = 0; i < length; i++) {
      bits |= text.charAt(i);
    }
    // Most text has no unit that comes near; then nothing needs to be looked at one by one.
    if (bits >= Character.MIN_SURROGATE) {
      requirePairs(text, length);
    }
  }

  private static void requirePairs(String text, int length) {
    int i = 0;
    while (i < length) {
      char unit = text.charAt(i);
      if (!Character.isSurrogate(unit)) {
        i++;
      } else if (Character.isHighSurrogate(unit)
          && i + 1 < length
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i += 2;
      } else {
        throw new IllegalArgumentException(
            String.format("text has an unpaired surrogate U+%04X at index %d", (int) unit, i));
      }
    }
  }
}
