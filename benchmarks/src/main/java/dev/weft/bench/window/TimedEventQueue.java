package dev.weft.bench.window;

import java.awt.AWTEvent;
import java.awt.EventQueue;
import java.awt.event.KeyEvent;
import org.HdrHistogram.Histogram;

/**
 * The event queue of the windows, which notes for how long each event keeps the event thread. What
 * it notes is read on the event dispatch thread.
 */
final class TimedEventQueue extends EventQueue {
  /** What the events of a key take together: pressed, typed and released. */
  private final Histogram keys = new Histogram(3);

  /** What all other events take, such as those that bring what others wrote, and paint. */
  private final Histogram others = new Histogram(3);

  private long keyNanos;
  private long busyNanos;

  @Override
  protected void dispatchEvent(AWTEvent event) {
    long begun = System.nanoTime();
    super.dispatchEvent(event);
    long took = System.nanoTime() - begun;
    busyNanos += took;
    if (event instanceof KeyEvent) {
      keyNanos += took;
      if (event.getID() == KeyEvent.KEY_RELEASED) {
        keys.recordValue(keyNanos);
        keyNanos = 0;
      }
    } else {
      others.recordValue(took);
    }
  }

  Histogram keys() {
    return keys;
  }

  Histogram others() {
    return others;
  }

  /** Returns for how long events have kept the event thread in all. */
  long busyNanos() {
    return busyNanos;
  }

  void reset() {
    keys.reset();
    others.reset();
    busyNanos = 0;
  }
}
