package dev.weft.desktop.find;

import java.time.Duration;

/**
 * A text in which a search can be stopped, by whoever wants another or because it takes too long: a
 * regular expression may take longer than a life. Read by one thread; {@link #stop} is called by
 * any.
 */
final class StoppableText implements CharSequence {
  /** So many units are read between two looks at the clock. */
  private static final int STRIDE = 1 << 8;

  private final String text;
  private final Duration patience;
  private final long startedNanos = System.nanoTime();
  private volatile boolean stopped;
  private int reads;

  /**
   * Creates a text.
   *
   * @param patience how long it can be read, from now on
   */
  StoppableText(String text, Duration patience) {
    this.text = text;
    this.patience = patience;
  }

  /** Makes whoever reads it give up. */
  void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }

  /**
   * Does nothing while the search may go on.
   *
   * @throws SearchException if it may not
   */
  void requireTime() {
    if (stopped) {
      throw new SearchException("The search was stopped", null);
    }
    if (System.nanoTime() - startedNanos > patience.toNanos()) {
      throw new SearchException(
          "The search was given up: it takes longer than " + patience.toSeconds() + " s", null);
    }
  }

  @Override
  public char charAt(int index) {
    if ((++reads & (STRIDE - 1)) == 0) {
      requireTime();
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
