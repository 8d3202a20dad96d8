package dev.weft.bench.latency;

import java.util.ArrayList;
import java.util.List;

/**
 * Presses the keys of all writers as planned, from one thread. It only calls what returns at once;
 * what comes late nevertheless is late in the times from when it was due. Not thread-safe.
 */
final class Typist {
  private final List<Key> keys = new ArrayList<>();
  private final TypingPlan plan;
  private final long beginNanos;

  /** A writer of the plan. */
  private record Key(Writers writers, int writer) {}

  /**
   * Prepares.
   *
   * @param plan for as many writers as there are
   * @param beginNanos when it begins, in the clock of {@link System#nanoTime}
   */
  Typist(List<? extends Writers> groups, TypingPlan plan, long beginNanos) {
    this.plan = plan;
    this.beginNanos = beginNanos;
    for (Writers group : groups) {
      for (int writer = 0; writer < group.writerCount(); writer++) {
        keys.add(new Key(group, writer));
      }
    }
  }

  /** Has every group expect what it will type. */
  void announce(long countFromNanos) {
    int[] keystrokes = plan.keystrokes(keys.size());
    int next = 0;
    while (next < keys.size()) {
      Writers group = keys.get(next).writers;
      List<Integer> counts = new ArrayList<>();
      for (int writer = 0; writer < group.writerCount(); writer++) {
        counts.add(keystrokes[next++]);
      }
      group.expect(counts, countFromNanos);
    }
  }

  /** Types all of the plan; returns when the last key is pressed. */
  void type() {
    for (TypingPlan.Event event : plan.events()) {
      long due = beginNanos + event.dueNanos();
      Waiting.untilNanos(due);
      Key key = keys.get(event.writer());
      switch (event.kind()) {
        case KEYSTROKE -> key.writers.type(key.writer, event.number(), due);
        case SAVE -> key.writers.save(key.writer, event.number(), due);
      }
    }
  }
}
