package dev.weft.client;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What was known when the relay was asked for something, by the question's nonce, until the answer
 * comes. An answer may be lost; what comes for a later question answers those before it as well, as
 * far as they were answered at all. Confined to one thread.
 *
 * @param <T> what is known
 */
final class Questions<T> {
  /** Those after so many are not remembered: whoever does not listen asks for hours. */
  private static final int MAX_OPEN = 64;

  private final Deque<Question<T>> open = new ArrayDeque<>();

  /** The relay is asked. Each nonce is higher than the last. */
  void ask(long nonce, T known) {
    if (open.size() < MAX_OPEN) {
      open.add(new Question<>(nonce, known));
    }
  }

  /**
   * The relay has answered. Returns what was known when it was asked, or, if that is not
   * remembered, at the last question before; null if there is none.
   */
  @Nullable T answered(long nonce) {
    T known = null;
    while (!open.isEmpty() && open.element().nonce <= nonce) {
      known = open.remove().known;
    }
    return known;
  }

  /** Nobody waits for the answers any more. */
  void forget() {
    open.clear();
  }

  private record Question<T>(long nonce, T known) {}
}
