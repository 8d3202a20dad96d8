package dev.weft.desktop.presence;

import java.nio.charset.StandardCharsets;

/**
 * Makes of a name that came from outside one that can stand in a line without harm: short, visible,
 * and with nothing in it that directs how what is beside it is shown. It is plain text; whoever
 * shows it sees to it that it is not taken for HTML.
 */
final class PersonName {
  /** What somebody is called whose name is empty, or shows nothing. */
  static final String UNNAMED = "Somebody";

  /** The longest name, in code points. */
  static final int LONGEST = 24;

  /** More marks on one letter than a language needs run over the lines beside. */
  private static final int MOST_MARKS = 3;

  private PersonName() {}

  /** Returns a name to show. O(length of the name). */
  static String of(String name) {
    StringBuilder shown = new StringBuilder();
    int length = 0;
    int marks = 0;
    boolean gap = false;
    int i = 0;
    while (i < name.length()) {
      int c = name.codePointAt(i);
      i += Character.charCount(c);
      if (isBlank(c)) {
        gap = length > 0;
        continue;
      }
      boolean mark = isMark(c);
      marks = mark ? marks + 1 : 0;
      if (isHidden(c) || marks > MOST_MARKS || (mark && (length == 0 || gap))) {
        continue;
      }
      int needed = gap ? 2 : 1;
      if (length + needed > LONGEST) {
        return cut(shown);
      }
      if (gap) {
        shown.append(' ');
        gap = false;
      }
      shown.appendCodePoint(c);
      length += needed;
    }
    return length == 0 ? UNNAMED : shown.toString();
  }

  private static String cut(StringBuilder shown) {
    int end = shown.length();
    while (shown.codePointCount(0, end) >= LONGEST || isMark(shown.codePointBefore(end))) {
      end -= Character.charCount(shown.codePointBefore(end));
    }
    return shown.substring(0, end).stripTrailing() + "\u2026";
  }

  private static boolean isBlank(int c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.isISOControl(c)
        // Letters and signs that have no picture.
        || c == 0x115F
        || c == 0x1160
        || c == 0x2800
        || c == 0x3164
        || c == 0xFFA0;
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }

  /** Directions of writing, joiners, halves of characters, and what no font is sure to have. */
  private static boolean isHidden(int c) {
    int type = Character.getType(c);
    return type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.PRIVATE_USE
        || type == Character.UNASSIGNED;
  }

  /** Returns one or two letters that stand for a name to show. */
  static String initials(String shown) {
    int space = shown.lastIndexOf(' ');
    String first = Character.toString(shown.codePointAt(0));
    String last = space < 0 ? "" : Character.toString(shown.codePointAt(space + 1));
    return upperCase(first) + upperCase(last);
  }

  /** Letter by letter, since in words some letters become two. */
  private static String upperCase(String letter) {
    return letter.isEmpty()
        ? letter
        : Character.toString(Character.toUpperCase(letter.codePointAt(0)));
  }

  /**
   * Returns the beginning of a name that has at most so many bytes of UTF-8, in whole characters,
   * and without halves of any, which UTF-8 does not have.
   */
  static String fitting(String name, int maxBytes) {
    StringBuilder fitting = new StringBuilder();
    int bytes = 0;
    int[] whole =
        name.codePoints().filter(c -> Character.getType(c) != Character.SURROGATE).toArray();
    for (int c : whole) {
      bytes += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > maxBytes) {
        break;
      }
      fitting.appendCodePoint(c);
    }
    return fitting.toString();
  }
}
