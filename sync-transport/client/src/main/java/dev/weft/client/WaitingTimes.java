package dev.weft.client;

import dev.weft.protocol.ClientMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long the user has waited for the relay lately, which is told to it now and then: what users
 * perceive is not known anywhere else. Confined to the loop.
 */
final class WaitingTimes {
  private static final long REPORT_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final List<Integer> keystrokes = new ArrayList<>();
  private final List<Integer> saves = new ArrayList<>();
  private boolean reportedBefore;
  private long reportedNanos;

  /** An answer came that had to come behind all edits of a text. */
  void keystroke(long nanos) {
    add(keystrokes, nanos);
  }

  /** Somebody who had waited for a save was given its receipt. */
  void save(long nanos) {
    add(saves, nanos);
  }

  /** What does not fit is left out: while nothing can be reported, the newest says least. */
  private static void add(List<Integer> times, long nanos) {
    if (times.size() < ClientMessage.MAX_REPORTED_TIMES) {
      times.add((int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMicros(nanos)));
    }
  }

  /** Returns what is to be reported now, and forgets it; null if nothing is. */
  ClientMessage.@Nullable Report take(long nowNanos) {
    if ((keystrokes.isEmpty() && saves.isEmpty())
        || (reportedBefore && nowNanos - reportedNanos < REPORT_EVERY_NANOS)) {
      return null;
    }
    ClientMessage.Report report = new ClientMessage.Report(keystrokes, saves);
    keystrokes.clear();
    saves.clear();
    reportedBefore = true;
    reportedNanos = nowNanos;
    return report;
  }
}
