package dev.weft.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/**
 * What is to happen, made of a seed: each step draws from a seed of its own, so that what is left
 * of a schedule from which steps were taken goes on as before. Immutable.
 *
 * @param seed what all of it is made of
 * @param climate under which conditions
 * @param steps in order
 */
record Schedule(long seed, Climate climate, List<Step> steps) {
  private static final int MAX_STEPS = 80;

  /**
   * One thing that happens.
   *
   * @param number counts from 0 in the whole schedule
   * @param seed of what it draws
   * @param pauseNanos how long it is quiet behind it
   */
  record Step(int number, Action action, long seed, long pauseNanos) {}

  static Schedule of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Climate climate = Climate.of(random.split());
    List<Step> steps = new ArrayList<>();
    int count = 10 + random.nextInt(MAX_STEPS - 10);
    for (int i = 0; i < count; i++) {
      steps.add(new Step(i, Action.any(random), random.nextLong(), pause(random)));
    }
    return new Schedule(seed, climate, List.copyOf(steps));
  }

  private static long pause(SplittableRandom random) {
    int millis =
        switch (random.nextInt(8)) {
          case 0 -> random.nextInt(8_000);
          case 1, 2 -> 0;
          case 3, 4 -> random.nextInt(400);
          default -> random.nextInt(60);
        };
    return Duration.ofMillis(millis).toNanos();
  }

  /** Returns the same with only some of the steps. */
  Schedule only(IntPredicate chosen) {
    return new Schedule(
        seed, climate, steps.stream().filter(step -> chosen.test(step.number)).toList());
  }
}
