package dev.weft.bench.window;

import java.awt.AWTEvent;
import java.awt.EventQueue;
import java.awt.event.KeyEvent;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.HdrHistogram.Histogram;

/**
 * The event queue of the windows, which notes for how long each event keeps the event thread. What
 * it notes is read on the event dispatch thread.
 */
final class TimedEventQueue extends EventQueue {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** What the events of a key take together: pressed, typed and released. */
  private final Histogram keys = new Histogram(3);

  /** For how long of that the event thread has had a processor. */
  private final Histogram work = new Histogram(3);

  /** What all other events take, such as those that bring what others wrote, and paint. */
  private final Histogram others = new Histogram(3);

  private long keyNanos;
  private long workNanos;
  private long busyNanos;

  @Override
  protected void dispatchEvent(AWTEvent event) {
    if (Typist.isMark(event)) {
      super.dispatchEvent(event);
      return;
    }
    boolean key = event instanceof KeyEvent;
    // Asked for keys alone: it is a call of the system.
    long workBefore = key ? THREADS.getCurrentThreadCpuTime() : 0;
    long begun = System.nanoTime();
    super.dispatchEvent(event);
    long took = System.nanoTime() - begun;
    busyNanos += took;
    if (key) {
      keyNanos += took;
      workNanos += THREADS.getCurrentThreadCpuTime() - workBefore;
      if (event.getID() == KeyEvent.KEY_RELEASED) {
        keys.recordValue(keyNanos);
        work.recordValue(workNanos);
        keyNanos = 0;
        workNanos = 0;
      }
    } else {
      others.recordValue(took);
    }
  }

  Histogram keys() {
    return keys;
  }

  Histogram work() {
    return work;
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
    work.reset();
    others.reset();
    busyNanos = 0;
  }
}
