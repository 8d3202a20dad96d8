package dev.weft.cli;

/** Text from outside as it may be shown on a terminal. Stateless. */
final class Shown {
  private Shown() {}

  /** Returns {@code text} on one line, without anything that a terminal would obey. */
  static String line(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              boolean harmless =
                  !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
              shown.appendCodePoint(harmless ? c : '\ufffd');
            });
    return shown.toString();
  }
}
