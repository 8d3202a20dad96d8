package dev.weft.desktop.layout;

import java.awt.FontMetrics;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How wide words are in the few styles of one RSyntaxTextArea. To find one place in a wrapped line
 * it measures all words before that, by the metrics of their style, and so measures the same words
 * over and over. For the event dispatch thread.
 */
public final class WordMemory {
  private static final int MOST_STYLES = 8;

  /** The one used last is first. */
  private final Deque<RememberingMetrics> styles = new ArrayDeque<>();

  /** Creates one that remembers nothing yet. */
  public WordMemory() {}

  /**
   * Returns the same metrics, whose font remembers what it measures.
   *
   * @param metrics of a style; null, as before the area is shown, is returned
   */
  public @Nullable FontMetrics of(@Nullable FontMetrics metrics) {
    if (metrics == null) {
      return null;
    }
    RememberingMetrics last = styles.peekFirst();
    if (last != null && last.isOf(metrics)) {
      return last;
    }
    RememberingMetrics known = null;
    for (RememberingMetrics style : styles) {
      if (style.isOf(metrics)) {
        known = style;
      }
    }
    if (known == null) {
      known = new RememberingMetrics(metrics);
      if (styles.size() == MOST_STYLES) {
        styles.removeLast().forget();
      }
    } else {
      styles.remove(known);
    }
    styles.addFirst(known);
    return known;
  }
}
