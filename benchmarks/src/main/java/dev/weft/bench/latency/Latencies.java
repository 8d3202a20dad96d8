package dev.weft.bench.latency;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * The times of one group of clients, in nanoseconds. Those from when something was due hold the
 * wait of what its predecessors delayed, so no slow moment is left out for being slow; those from
 * the call say what the library alone took. How late the keys were pressed is told beside: it is
 * what the machine takes to wake one thread, and in a keystroke several are woken. Thread-safe.
 */
final class Latencies {
  private final ConcurrentHistogram keystrokesFromDue = histogram();
  private final ConcurrentHistogram keystrokesFromCall = histogram();
  private final ConcurrentHistogram pressedLate = histogram();
  private final ConcurrentHistogram savesFromDue = histogram();
  private final ConcurrentHistogram savesFromCall = histogram();

  private static ConcurrentHistogram histogram() {
    return new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(10), 3);
  }

  /** A key was pressed. */
  void pressed(long sinceDueNanos) {
    pressedLate.recordValue(sinceDueNanos);
  }

  /** A reader has seen a keystroke. */
  void keystroke(long sinceDueNanos, long sinceCallNanos) {
    keystrokesFromDue.recordValue(sinceDueNanos);
    keystrokesFromCall.recordValue(sinceCallNanos);
  }

  /** A save has its receipt. */
  void save(long sinceDueNanos, long sinceCallNanos) {
    savesFromDue.recordValue(sinceDueNanos);
    savesFromCall.recordValue(sinceCallNanos);
  }

  ConcurrentHistogram keystrokesFromDue() {
    return keystrokesFromDue;
  }

  ConcurrentHistogram keystrokesFromCall() {
    return keystrokesFromCall;
  }

  ConcurrentHistogram pressedLate() {
    return pressedLate;
  }

  ConcurrentHistogram savesFromDue() {
    return savesFromDue;
  }

  ConcurrentHistogram savesFromCall() {
    return savesFromCall;
  }
}
