package dev.weft.bench.window;

import java.awt.EventQueue;
import java.awt.event.KeyEvent;
import java.util.concurrent.TimeUnit;
import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;
import javax.swing.text.BadLocationException;

/**
 * What comes into a text: keys that are typed, and what others write. Confined to the event
 * dispatch thread.
 */
final class Arrivals implements DocumentListener {
  private static final char NONE = 0;

  private char expected = NONE;
  private int keys;
  private long ofOthers;
  private long lastOfOthersNanos;
  private long longestPauseNanos;

  /** Expects a key to be typed next. */
  void expect(char letter) {
    expected = letter;
  }

  @Override
  public void insertUpdate(DocumentEvent e) {
    if (isExpected(e)) {
      expected = NONE;
      keys++;
      return;
    }
    endPause();
    ofOthers += e.getLength();
  }

  private boolean isExpected(DocumentEvent e) {
    if (!(EventQueue.getCurrentEvent() instanceof KeyEvent)) {
      return false;
    }
    try {
      return e.getDocument().getText(e.getOffset(), 1).charAt(0) == expected;
    } catch (BadLocationException unexpected) {
      throw new IllegalStateException("what was inserted is not in the text", unexpected);
    }
  }

  @Override
  public void removeUpdate(DocumentEvent e) {}

  @Override
  public void changedUpdate(DocumentEvent e) {}

  private void endPause() {
    long now = System.nanoTime();
    longestPauseNanos = Math.max(longestPauseNanos, now - lastOfOthersNanos);
    lastOfOthersNanos = now;
  }

  /** Returns how many of the expected keys came. */
  int keys() {
    return keys;
  }

  /** Returns how many UTF-16 units others wrote. */
  long ofOthers() {
    return ofOthers;
  }

  /** Returns for how many seconds nothing of others came, at the longest until now. */
  double longestPauseSeconds() {
    return Math.max(longestPauseNanos, System.nanoTime() - lastOfOthersNanos)
        / (double) TimeUnit.SECONDS.toNanos(1);
  }

  void reset() {
    keys = 0;
    ofOthers = 0;
    longestPauseNanos = 0;
    lastOfOthersNanos = System.nanoTime();
  }
}
