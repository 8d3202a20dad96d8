package dev.weft.desktop.find;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;

/**
 * Finds what a query asks for, as {@link Matcher#find()} does; but what begins or ends inside of a
 * surrogate pair is not found, since nothing can be replaced there. Stateless.
 */
final class Searching {
  private Searching() {}

  /**
   * Finds all, or the first {@link Matches#MOST}.
   *
   * @throws SearchException if the query cannot be carried out, or the text is stopped
   */
  static Matches all(Query query, StoppableText text) {
    return carryOut(
        () -> {
          Matcher matcher = query.pattern().matcher(text);
          int[] starts = new int[64];
          int[] ends = new int[64];
          int count = 0;
          while (findWhole(matcher, text)) {
            if (count == Matches.MOST) {
              return new Matches(starts, ends, true);
            }
            if (count == starts.length) {
              int capacity = Math.min(Matches.MOST, 2 * count);
              starts = Arrays.copyOf(starts, capacity);
              ends = Arrays.copyOf(ends, capacity);
            }
            starts[count] = matcher.start();
            ends[count++] = matcher.end();
          }
          return new Matches(Arrays.copyOf(starts, count), Arrays.copyOf(ends, count), false);
        });
  }

  /**
   * Returns what replaces all that is found.
   *
   * @param replacement as a person types it
   * @throws SearchException as of {@link #all}, if the replacement names a group that there is not,
   *     or there are more than {@link Matches#MOST}
   */
  static Replacements replaceAll(Query query, String replacement, StoppableText text) {
    return carryOut(
        () -> {
          String template = query.template(replacement);
          Matcher matcher = query.pattern().matcher(text);
          List<Replacements.Place> places = new ArrayList<>();
          int found = 0;
          int appended = 0;
          while (findWhole(matcher, text)) {
            if (++found > Matches.MOST) {
              throw new SearchException(
                  String.format("More than %,d places match: too many to replace", Matches.MOST),
                  null);
            }
            addPlace(matcher, appended, template, text, places);
            appended = matcher.end();
          }
          return new Replacements(found, places);
        });
  }

  /**
   * Returns what replaces the match that begins at {@code start}; nothing if none does.
   *
   * @throws SearchException as of {@link #replaceAll}
   */
  static Replacements replaceOne(Query query, String replacement, StoppableText text, int start) {
    return carryOut(
        () -> {
          Matcher matcher = query.pattern().matcher(text);
          // What stands around it counts as it did when it was found.
          matcher.region(start, text.length()).useTransparentBounds(true).useAnchoringBounds(false);
          List<Replacements.Place> places = new ArrayList<>();
          boolean found = matcher.lookingAt();
          if (found) {
            addPlace(matcher, 0, query.template(replacement), text, places);
          }
          return new Replacements(found ? 1 : 0, places);
        });
  }

  /**
   * Adds what replaces a match.
   *
   * @param appended where the match before ended, of which the matcher was asked this; 0 for none
   */
  private static void addPlace(
      Matcher matcher,
      int appended,
      String template,
      StoppableText text,
      List<Replacements.Place> places) {
    text.requireTime();
    StringBuilder expanded = new StringBuilder();
    try {
      Matcher unused = matcher.appendReplacement(expanded, template);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new SearchException("That cannot be the replacement: " + e.getMessage(), e);
    }
    // What stands between the two matches comes with it.
    String replaced = expanded.substring(matcher.start() - appended);
    String found = text.toString().substring(matcher.start(), matcher.end());
    if (!replaced.equals(found)) {
      places.add(new Replacements.Place(matcher.start(), matcher.end(), replaced));
    }
  }

  private static boolean findWhole(Matcher matcher, StoppableText text) {
    while (matcher.find()) {
      if (!partsPair(text.toString(), matcher.start())
          && !partsPair(text.toString(), matcher.end())) {
        return true;
      }
    }
    return false;
  }

  private static boolean partsPair(String text, int offset) {
    return offset > 0
        && offset < text.length()
        && Character.isHighSurrogate(text.charAt(offset - 1))
        && Character.isLowSurrogate(text.charAt(offset));
  }

  private static <T> T carryOut(Supplier<T> search) {
    try {
      return search.get();
    } catch (StackOverflowError e) {
      throw new SearchException(
          "The regular expression is nested too deeply for so long a text", e);
    }
  }
}
