package dev.weft.relay;

import dev.weft.protocol.Refusal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Words for people, within the bounds of the protocol. */
final class Sentences {
  /** How many characters of a name stand in a line of a log. */
  private static final int MAX_NAME = 64;

  private Sentences() {}

  /** Returns the text, cut where it is longer than a reason may be. */
  static String within(@Nullable String text) {
    String given = text == null ? "" : text;
    int max = Refusal.MAX_REASON_BYTES / 3;
    return given.length() <= max ? given : given.substring(0, max - 1) + "…";
  }

  /**
   * Returns the text for a line of a log: without line ends, other control characters, and what
   * turns the order of the line round or cannot be seen in it.
   */
  static String printable(String text) {
    StringBuilder line = new StringBuilder(text.length());
    within(text).codePoints().forEach(each -> line.appendCodePoint(isUnseen(each) ? '?' : each));
    return line.toString();
  }

  /** Returns whether a character is none that is seen: see "General Category" of Unicode. */
  static boolean isUnseen(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  /**
   * Returns whose something is for a line of a log, {@code of "NAME"} behind a space; nothing if
   * the name is empty. Names come from outside: in quotes no one can look like more of the line.
   */
  static String of(String name) {
    if (name.isEmpty()) {
      return "";
    }
    String shown = printable(name).replace('"', '?');
    boolean fits = shown.codePointCount(0, shown.length()) <= MAX_NAME;
    return " of \""
        + (fits ? shown : shown.substring(0, shown.offsetByCodePoints(0, MAX_NAME)) + "…")
        + '"';
  }

  /** Returns a number of machines as one would say it. */
  static String machines(int count) {
    return count == 1 ? "one machine" : count + " machines";
  }

  /** Returns a duration as one would say it. */
  static String of(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
  }
}
