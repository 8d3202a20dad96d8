package dev.weft.desktop.characters;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where characters begin and end, as people see them: a letter with its accents, an emoji with all
 * that it is made of. These are the extended grapheme clusters of Unicode (UAX #29). Stateless.
 */
final class Characters {
  /** Nobody sees a character of more units: there a new one begins, though the rules say no. */
  static final int LONGEST = 64;

  /** Of two halves of flags only their row tells which belong together: so far it is read back. */
  static final int LONGEST_ROW = 2_048;

  private static final char ZERO_WIDTH_JOINER = 0x200D;

  private static final Pattern CHARACTER = Pattern.compile("\\X");

  private Characters() {}

  /** Returns whether an offset parts the two halves of one code point. */
  static boolean partsPair(CharSequence text, int offset) {
    return offset > 0
        && offset < text.length()
        && Character.isLowSurrogate(text.charAt(offset))
        && Character.isHighSurrogate(text.charAt(offset - 1));
  }

  /**
   * Returns where the character begins that an offset is inside of; the offset itself if it is
   * between two. O({@value #LONGEST}), among flags O({@value #LONGEST_ROW}).
   */
  static int beginBefore(CharSequence text, int offset) {
    return isPlain(text, offset) ? offset : around(text, offset)[0];
  }

  /**
   * Returns where the character ends that an offset is inside of; the offset itself if it is
   * between two. As {@link #beginBefore}.
   */
  static int endAfter(CharSequence text, int offset) {
    return isPlain(text, offset) ? offset : around(text, offset)[1];
  }

  /** Returns whether a character is known to begin at an offset by what stands there, at once. */
  private static boolean isPlain(CharSequence text, int offset) {
    if (offset <= 0 || offset >= text.length()) {
      return true;
    }
    if (isAscii(text.charAt(offset))) {
      return !isLineEnd(text, offset);
    }
    return text.charAt(offset - 1) != ZERO_WIDTH_JOINER
        && beginsCharacter(Character.codePointAt(text, offset));
  }

  /** Returns whether a code point is one of those of which a long row is likely, and no mark. */
  private static boolean beginsCharacter(int codePoint) {
    boolean symbol = Character.getType(codePoint) == Character.OTHER_SYMBOL;
    boolean eastAsian = codePoint > 0x3040 && codePoint < 0xA000;
    return (symbol && !isHalfFlag(codePoint)) || (eastAsian && Character.isLetter(codePoint));
  }

  private static boolean isHalfFlag(int codePoint) {
    return codePoint >= 0x1F1E6 && codePoint <= 0x1F1FF;
  }

  private static boolean isSecondHalfOfFlag(CharSequence text, int offset) {
    int first = offset;
    while (first >= 2
        && offset - first < LONGEST_ROW
        && isHalfFlag(Character.codePointAt(text, first - 2))) {
      first -= 2;
    }
    return (offset - first) % 4 != 0 && isHalfFlag(Character.codePointAt(text, offset));
  }

  private static boolean isLineEnd(CharSequence text, int offset) {
    return text.charAt(offset) == '\n' && text.charAt(offset - 1) == '\r';
  }

  private static boolean isAscii(char unit) {
    return unit < 0x80;
  }

  /** Returns begin and end of the character that an offset is inside of, or the offset twice. */
  private static int[] around(CharSequence text, int offset) {
    int from = offset - 1;
    while (from > 0 && offset - from < LONGEST && !isAscii(text.charAt(from))) {
      from--;
    }
    if (partsPair(text, from)) {
      from--;
    }
    from -= isSecondHalfOfFlag(text, from) ? 2 : 0;
    int to = Math.min(text.length(), offset + LONGEST);
    if (partsPair(text, to)) {
      to--;
    }
    Matcher characters = CHARACTER.matcher(text).region(from, to);
    while (characters.find() && characters.start() < offset) {
      if (characters.end() > offset) {
        return new int[] {characters.start(), characters.end()};
      }
    }
    return new int[] {offset, offset};
  }
}
