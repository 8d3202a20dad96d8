package dev.weft.bench.latency;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Who presses a key, or saves, and when: made before anything is measured, so that what takes long
 * delays nothing that comes after it in the plan, and its wait is measured too. The pauses of each
 * writer are of random length, so that writers do not fall into step. Immutable.
 *
 * @param events in the order in which they are due
 */
record TypingPlan(List<Event> events) {
  TypingPlan {
    events = List.copyOf(events);
  }

  /**
   * Something that a writer does.
   *
   * @param dueNanos when, from the beginning
   * @param number counts the writer's events of this kind, from 0
   */
  record Event(long dueNanos, int writer, Kind kind, int number) {}

  enum Kind {
    KEYSTROKE,
    SAVE
  }

  /**
   * Makes a plan.
   *
   * @param keystrokesPerSecond of each writer, on average
   * @param saveEvery how often each writer saves, on average
   * @param length when it ends
   */
  static TypingPlan of(
      int writers, double keystrokesPerSecond, Duration saveEvery, Duration length, long seed) {
    List<Event> events = new ArrayList<>();
    Random random = new Random(seed);
    double betweenKeystrokes = TimeUnit.SECONDS.toNanos(1) / keystrokesPerSecond;
    for (int writer = 0; writer < writers; writer++) {
      add(events, writer, Kind.KEYSTROKE, betweenKeystrokes, length, random);
      add(events, writer, Kind.SAVE, (double) saveEvery.toNanos(), length, random);
    }
    events.sort(Comparator.comparingLong(Event::dueNanos));
    return new TypingPlan(events);
  }

  /** Pauses are from nothing to twice their mean, all as likely. */
  private static void add(
      List<Event> events,
      int writer,
      Kind kind,
      double meanPauseNanos,
      Duration length,
      Random random) {
    int number = 0;
    double due = 2 * meanPauseNanos * random.nextDouble();
    while (due < length.toNanos()) {
      events.add(new Event((long) due, writer, kind, number++));
      due += 2 * meanPauseNanos * random.nextDouble();
    }
  }

  /** Returns how many keystrokes each of so many writers makes. */
  int[] keystrokes(int writers) {
    int[] keystrokes = new int[writers];
    for (Event event : events) {
      if (event.kind == Kind.KEYSTROKE) {
        keystrokes[event.writer]++;
      }
    }
    return keystrokes;
  }
}
