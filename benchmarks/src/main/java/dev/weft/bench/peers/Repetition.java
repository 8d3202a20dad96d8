package dev.weft.bench.peers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How often a run is repeated: first to warm up, then to count. {@code peers.mjs} has the same rule
 * and the same numbers, so that all libraries are given the same time.
 *
 * @param warmUpSeconds after how many seconds no further run that warms up is begun
 * @param repeats how many runs count; if empty, {@link #LEAST_RUNS}, and more until they have taken
 *     a second, or fewer if they take more than {@link #TOO_LONG_SECONDS}
 */
record Repetition(double warmUpSeconds, OptionalInt repeats) {
  static final int LEAST_RUNS = 5;
  static final int MOST_RUNS = 200;
  static final int MOST_WARM_UP_RUNS = 500;
  static final int ENOUGH_SECONDS = 1;
  static final int TOO_LONG_SECONDS = 10;

  /** What repeating gave. */
  record Timing(int runs, int warmUpRuns, long medianNanos, long minNanos, int done, int of) {}

  /** Something to repeat. */
  @FunctionalInterface
  interface Attempt {
    Run run() throws Exception;
  }

  /** Repeats an attempt. */
  Timing time(Attempt attempt) throws Exception {
    return time(attempt, System::nanoTime);
  }

  /** Repeats an attempt, by a clock in nanoseconds. */
  Timing time(Attempt attempt, LongSupplier clock) throws Exception {
    List<Run> counted = new ArrayList<>();
    int warmUpRuns = 0;
    long startedAt = clock.getAsLong();
    while (warmUpRuns < MOST_WARM_UP_RUNS && seconds(clock, startedAt) < warmUpSeconds) {
      Run run = attempt.run();
      if (warmUpRuns == 0 && seconds(clock, startedAt) >= TOO_LONG_SECONDS && repeats.isEmpty()) {
        counted.add(run); // it has warmed itself up
        return summary(counted, warmUpRuns);
      }
      warmUpRuns++;
    }
    startedAt = clock.getAsLong();
    do {
      counted.add(attempt.run());
    } while (repeats.isPresent()
        ? counted.size() < repeats.getAsInt()
        : wantsMore(counted.size(), seconds(clock, startedAt)));
    return summary(counted, warmUpRuns);
  }

  private static boolean wantsMore(int runs, double seconds) {
    return seconds < TOO_LONG_SECONDS
        && runs < MOST_RUNS
        && (runs < LEAST_RUNS || seconds < ENOUGH_SECONDS);
  }

  /** A run that was stopped stands for itself: the one that got furthest is told of. */
  static Timing summary(List<Run> counted, int warmUpRuns) {
    long[] ascending = counted.stream().mapToLong(Run::nanos).sorted().toArray();
    int middle = ascending.length / 2;
    long median =
        ascending.length % 2 == 1
            ? ascending[middle]
            : (ascending[middle - 1] + ascending[middle]) / 2;
    Run furthest = counted.stream().max(Comparator.comparingInt(Run::done)).orElseThrow();
    boolean stopped = furthest.done() < furthest.of();
    return new Timing(
        counted.size(),
        warmUpRuns,
        stopped ? furthest.nanos() : median,
        stopped ? furthest.nanos() : ascending[0],
        furthest.done(),
        furthest.of());
  }

  private static double seconds(LongSupplier clock, long since) {
    return (double) (clock.getAsLong() - since) / TimeUnit.SECONDS.toNanos(1);
  }
}
