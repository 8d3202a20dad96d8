package dev.weft.desktop.binding;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The first half of a character outside of the basic plane, when an input method or a keyboard
 * driver sends such a character as two events of one UTF-16 unit each. Text is shared in whole
 * characters only, so the first half waits here for the second. Confined to the event dispatch
 * thread.
 */
final class HalfCharacter {
  private static final char NONE = 0;

  private char waiting = NONE;

  /**
   * Returns what to insert: {@code typed}, after the half that waited; null if it is a first half,
   * which waits from now on.
   *
   * @param lost is told of a half that waited in vain
   */
  @Nullable String complete(String typed, Consumer<? super RuntimeException> lost) {
    char first = waiting;
    waiting = NONE;
    if (first != NONE) {
      if (!typed.isEmpty() && Character.isLowSurrogate(typed.charAt(0))) {
        return first + typed;
      }
      lost.accept(
          new IllegalArgumentException(
              String.format(
                  "half a character (U+%04X) came without its other half and was left out",
                  (int) first)));
    }
    if (typed.length() == 1 && Character.isHighSurrogate(typed.charAt(0))) {
      waiting = typed.charAt(0);
      return null;
    }
    return typed;
  }
}
