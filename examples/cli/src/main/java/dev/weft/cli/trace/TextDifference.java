package dev.weft.cli.trace;

/** Words for where two texts part. */
final class TextDifference {
  private static final int SHOWN = 20;

  private TextDifference() {}

  /** Returns where the texts, which differ, part and what stands there in each. */
  static String describe(String expected, String actual) {
    int at = 0;
    int shorter = Math.min(expected.length(), actual.length());
    while (at < shorter && expected.charAt(at) == actual.charAt(at)) {
      at++;
    }
    return "the texts part at index "
        + at
        + ": expected "
        + excerpt(expected, at)
        + ", actual "
        + excerpt(actual, at);
  }

  private static String excerpt(String text, int at) {
    if (at == text.length()) {
      return "the end";
    }
    int end = Math.min(text.length(), at + SHOWN);
    String shown = text.substring(at, end).replace("\\", "\\\\").replace("\n", "\\n");
    return "\"" + shown + (end < text.length() ? "..." : "") + "\"";
  }
}
