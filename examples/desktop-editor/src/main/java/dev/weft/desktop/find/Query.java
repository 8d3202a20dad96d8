package dev.weft.desktop.find;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What to look for. Immutable.
 *
 * @param words the words, or a regular expression as {@link Pattern} has it, in which {@code ^} and
 *     {@code $} are the ends of each line
 * @param matchCase whether capitals differ from small letters
 * @param wholeWords whether neither a letter, a digit nor an underscore may stand beside it
 * @param regex whether the words are a regular expression
 */
record Query(String words, boolean matchCase, boolean wholeWords, boolean regex) {
  private static final String OF_WORD = "[\\p{L}\\p{N}_]";

  /**
   * Repeating nothing reads no text, and so neither sees that it is to stop nor ends by itself
   * where the text does: between two looks at the clock there is to be less than a second of it.
   */
  private static final long MOST_REPEATS = 1_000_000;

  private static final Pattern REPEAT = Pattern.compile("\\{(\\d+)");

  /**
   * Returns the query as a pattern.
   *
   * @throws SearchException if it is not a regular expression, or one that repeats too much
   */
  Pattern pattern() {
    String expression = regex ? words : Pattern.quote(words);
    if (regex) {
      requireFewRepeats();
    }
    try {
      // By itself first, so that what is wrong is told of what was typed.
      Pattern alone = Pattern.compile(expression, flags());
      return wholeWords
          ? Pattern.compile(
              "(?<!" + OF_WORD + ")(?:" + expression + ")(?!" + OF_WORD + ")", flags())
          : alone;
    } catch (PatternSyntaxException e) {
      throw new SearchException(
          "Not a regular expression: " + e.getDescription() + place(e.getIndex()), e);
    }
  }

  private String place(int index) {
    if (index < 0) {
      return "";
    }
    return index < words.length() ? ", at character " + (index + 1) : ", at its end";
  }

  /** Counts as if each was within the one before, which is rather too much. */
  private void requireFewRepeats() {
    long repeats = 1;
    for (MatchResult each : REPEAT.matcher(words).results().toList()) {
      String digits = each.group(1);
      long least = digits.length() > 9 ? MOST_REPEATS + 1 : Long.parseLong(digits);
      repeats *= Math.max(1, least);
      if (repeats > MOST_REPEATS) {
        throw new SearchException(
            String.format("The regular expression repeats something %,d times or more", repeats),
            null);
      }
    }
  }

  private int flags() {
    return Pattern.MULTILINE | (matchCase ? 0 : Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  /**
   * Returns what {@link Matcher#appendReplacement} is to be given for what a person typed: with a
   * regular expression, groups as {@code $1}, and line ends and tabs as {@code \n} and {@code \t}.
   */
  String template(String typed) {
    if (!regex) {
      return Matcher.quoteReplacement(typed);
    }
    StringBuilder template = new StringBuilder();
    for (int i = 0; i < typed.length(); i++) {
      char c = typed.charAt(i);
      char next = i + 1 < typed.length() ? typed.charAt(i + 1) : '\0';
      if (c != '\\' || next == '\0') {
        template.append(c);
      } else {
        i++;
        switch (next) {
          case 'n' -> template.append('\n');
          case 't' -> template.append('\t');
          default -> template.append(c).append(next);
        }
      }
    }
    return template.toString();
  }
}
