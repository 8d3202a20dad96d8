package dev.weft.lab;

import dev.weft.lab.Simulation.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Plays many schedules, several at once, and makes those that fail as small as they go. */
final class Campaign {
  private static final int SHRINKING_TRIES = 400;

  /** So many failures are made small; that takes as long as hundreds of schedules. */
  private static final int SHRUNK_FAILURES = 5;

  private final Simulation simulation;
  private final int threads;

  Campaign(Simulation simulation, int threads) {
    this.simulation = simulation;
    this.threads = threads;
  }

  /**
   * What came of it.
   *
   * @param failures by their seeds, the first of them made small
   */
  record Result(List<Outcome> failures, Tally tally) {}

  /** Plays the schedules of {@code count} seeds from {@code first} on. */
  Result play(long first, long count) throws InterruptedException {
    AtomicLong next = new AtomicLong(first);
    Tally tally = new Tally();
    List<Outcome> failures = new ArrayList<>();
    List<Throwable> defects = new ArrayList<>();
    List<Thread> players = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread player =
          new Thread(
              () -> {
                for (long seed = next.getAndIncrement();
                    seed < first + count;
                    seed = next.getAndIncrement()) {
                  Outcome outcome = simulation.play(Schedule.of(seed), null);
                  synchronized (tally) {
                    tally.add(outcome.tally());
                    if (outcome.isFailure()) {
                      failures.add(outcome);
                    }
                  }
                }
              },
              "player" + i);
      player.setUncaughtExceptionHandler(
          (thread, thrown) -> {
            synchronized (tally) {
              defects.add(thrown);
            }
          });
      players.add(player);
      player.start();
    }
    for (Thread player : players) {
      player.join();
    }
    if (!defects.isEmpty()) {
      throw new AssertionError("the lab itself failed", defects.get(0));
    }
    failures.sort(Comparator.comparingLong(failure -> failure.schedule().seed()));
    for (int i = 0; i < Math.min(SHRUNK_FAILURES, failures.size()); i++) {
      failures.set(i, shrink(failures.get(i)));
    }
    return new Result(failures, tally);
  }

  /** Makes a failure small: one that breaks the same promise. */
  Outcome shrink(Outcome failed) {
    Falsehood failure = failed.failure();
    if (failure == null) {
      return failed;
    }
    Schedule smallest =
        new Shrinker(
                smaller -> simulation.play(smaller, null).breaks(failure.promise()),
                SHRINKING_TRIES)
            .shrink(failed.schedule());
    Outcome again = simulation.play(smallest, null);
    return again.isFailure() ? again : failed;
  }

  /** Tells of failures, each with the command that shows it. */
  static String describe(Result result) {
    return result.failures().stream().map(Campaign::describe).collect(Collectors.joining("\n"));
  }

  static String describe(Outcome failed) {
    Schedule schedule = failed.schedule();
    StringBuilder text = new StringBuilder();
    text.append("seed ").append(schedule.seed()).append(": ").append(failed.failure());
    Throwable cause = failed.failure() == null ? null : failed.failure().getCause();
    while (cause != null) {
      text.append("\n  because of ").append(cause);
      cause = cause.getCause();
    }
    text.append("\n  steps: ")
        .append(
            schedule.steps().stream()
                .map(step -> step.number() + " " + step.action())
                .collect(Collectors.joining(", ")));
    text.append("\n  to see it: ./weft lab --log --seed ")
        .append(schedule.seed())
        .append(" --only ")
        .append(
            schedule.steps().stream()
                .map(step -> Integer.toString(step.number()))
                .collect(Collectors.joining(",")));
    return text.toString();
  }
}
