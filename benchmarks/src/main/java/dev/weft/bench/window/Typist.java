package dev.weft.bench.window;

import dev.weft.bench.Pace;
import java.awt.AWTEvent;
import java.awt.EventQueue;
import java.awt.Toolkit;
import java.awt.event.InvocationEvent;
import java.awt.event.KeyEvent;
import javax.swing.text.JTextComponent;
import org.HdrHistogram.Histogram;

/**
 * Types into a component, by events of keys as a keyboard's are, and notes how long it takes until
 * a key is painted. What it notes is read on the event dispatch thread.
 */
final class Typist {
  /** After so many letters a line is ended. */
  private static final int LINE = 58;

  private final JTextComponent text;
  private final Arrivals arrivals;
  private final int keysPerSecond;
  private final EventQueue queue = Toolkit.getDefaultToolkit().getSystemEventQueue();

  /** From the press of a key to the end of what it brought about. */
  private final Histogram painted = new Histogram(3);

  /** From when a key was due to the same. */
  private final Histogram seen = new Histogram(3);

  Typist(JTextComponent text, Arrivals arrivals, int keysPerSecond) {
    this.text = text;
    this.arrivals = arrivals;
    this.keysPerSecond = keysPerSecond;
  }

  /** Posts so many keys, at moments that do not depend on how long each of them takes. */
  void type(int count) {
    Pace pace = new Pace(keysPerSecond);
    for (int i = 0; i < count; i++) {
      long due = pace.awaitNext();
      char letter = i % (LINE + 1) == LINE ? '\n' : (char) ('a' + i % 26);
      int code = KeyEvent.getExtendedKeyCodeForChar(letter);
      Stroke stroke = new Stroke(letter, due);
      queue.postEvent(new Mark(stroke::begins));
      queue.postEvent(event(KeyEvent.KEY_PRESSED, code, letter));
      queue.postEvent(event(KeyEvent.KEY_TYPED, KeyEvent.VK_UNDEFINED, letter));
      queue.postEvent(event(KeyEvent.KEY_RELEASED, code, letter));
      // What the key brings about is queued when it is typed: behind that it has been painted.
      queue.postEvent(new Mark(() -> queue.postEvent(new Mark(stroke::ends))));
    }
  }

  private KeyEvent event(int id, int code, char letter) {
    return new KeyEvent(text, id, System.currentTimeMillis(), 0, code, letter);
  }

  Histogram painted() {
    return painted;
  }

  Histogram seen() {
    return seen;
  }

  void reset() {
    painted.reset();
    seen.reset();
  }

  /** Returns whether an event is none of the window's: it only tells when those around it are. */
  static boolean isMark(AWTEvent event) {
    return event instanceof Mark;
  }

  private static final class Mark extends InvocationEvent {
    private static final long serialVersionUID = 1L;

    Mark(Runnable runnable) {
      super(Toolkit.getDefaultToolkit(), runnable);
    }
  }

  /** One key, from when it is due until it is painted. Confined to the event dispatch thread. */
  private final class Stroke {
    private final char letter;
    private final long dueNanos;
    private long begunNanos;

    Stroke(char letter, long dueNanos) {
      this.letter = letter;
      this.dueNanos = dueNanos;
    }

    void begins() {
      arrivals.expect(letter);
      begunNanos = System.nanoTime();
    }

    void ends() {
      long now = System.nanoTime();
      painted.recordValue(now - begunNanos);
      seen.recordValue(now - dueNanos);
    }
  }
}
