package dev.weft.bench.latency;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * When one writer's keystrokes were due and made. A writer types a letter of its own, and what it
 * typed reaches everybody in the order in which it was typed, so a reader who has seen n of these
 * letters knows which n keystrokes it has seen. Thread-safe.
 */
final class KeystrokeLog {
  private final long countedFromNanos;
  private final AtomicLongArray dueNanos;
  private final AtomicLongArray calledNanos;

  /**
   * Creates a log in which nothing was pressed.
   *
   * @param keystrokes how many there will be
   * @param countedFromNanos what was due before that is not counted, in the clock of {@link
   *     System#nanoTime}
   */
  KeystrokeLog(int keystrokes, long countedFromNanos) {
    this.countedFromNanos = countedFromNanos;
    this.dueNanos = new AtomicLongArray(keystrokes);
    this.calledNanos = new AtomicLongArray(keystrokes);
  }

  /** Notes that a keystroke is made now, right before it is. */
  void pressed(int number, long due, Latencies latencies) {
    long now = System.nanoTime();
    dueNanos.set(number, due);
    calledNanos.set(number, now);
    if (due - countedFromNanos >= 0) {
      latencies.pressed(now - due);
    }
  }

  /** A reader has seen a keystroke. */
  void seen(int number, long nowNanos, Latencies latencies) {
    long due = dueNanos.get(number);
    if (due - countedFromNanos >= 0) {
      latencies.keystroke(nowNanos - due, nowNanos - calledNanos.get(number));
    }
  }

  /** Returns how many keystrokes there will be. */
  int size() {
    return dueNanos.length();
  }
}
