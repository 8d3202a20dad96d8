package dev.weft.bench.load;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the highest rate that holds: twice as much each time until one does not hold, then between
 * the two until they are close, and in the end the highest once more for longer. What does not hold
 * once, for whatever the machine did at that moment, is tried again. Whoever has it tries the rates
 * that it asks for. Not thread-safe.
 */
final class CapacitySearch {
  /** How close the highest that holds and the lowest that does not have to come. */
  private static final double CLOSE = 1.1;

  private static final int ROUND_TO = 50;

  /** No server here takes so many; what does would show a mistake of the measurement. */
  private static final double MOST = 1_000_000;

  /** How often a rate is tried before it is believed that it does not hold. */
  private static final int TRIES = 2;

  private static final int TRIES_DISTURBED = 6;

  private final double least;
  private final List<Trial> trials = new ArrayList<>();
  private @Nullable Trial confirmed;
  private double highestHeld;
  private double lowestFailed = Double.POSITIVE_INFINITY;
  private double next;
  private int failures;
  private boolean confirming;
  private boolean done;

  /**
   * Creates a search.
   *
   * @param first the first rate that is tried
   * @param least below which is not searched
   */
  CapacitySearch(double first, double least) {
    this.least = least;
    this.next = first;
  }

  /**
   * What came of a rate.
   *
   * @param rate edits a second
   * @param held whether it did what was wanted
   * @param longer whether it was to confirm
   * @param outcome what came out; null if it came to an early end
   * @param why it did not hold, for a person; empty if it did
   * @param disturbed whether the clients did not get the processor in time, so that a rate that did
   *     not hold says little of the server
   */
  record Trial(
      double rate,
      boolean held,
      boolean longer,
      @Nullable LoadOutcome outcome,
      String why,
      boolean disturbed) {}

  boolean isDone() {
    return done;
  }

  /** Returns the rate that is to be tried. */
  double next() {
    return next;
  }

  /** Returns whether that is to be tried for longer. */
  boolean isConfirming() {
    return confirming;
  }

  /** Takes note of what came of the rate that was asked for. */
  void tried(Trial trial) {
    trials.add(trial);
    failures = trial.held ? 0 : failures + 1;
    if (!trial.held && failures < (trial.disturbed ? TRIES_DISTURBED : TRIES)) {
      return;
    }
    failures = 0;
    if (trial.held) {
      highestHeld = Math.max(highestHeld, trial.rate);
    } else {
      lowestFailed = Math.min(lowestFailed, trial.rate);
    }
    if (!confirming) {
      goOn();
    } else if (trial.held) {
      confirmed = trial;
      done = true;
    } else {
      confirmLower(trial.rate);
    }
  }

  private void goOn() {
    double between =
        highestHeld == 0
            ? lowestFailed / 2
            : lowestFailed == Double.POSITIVE_INFINITY
                ? 2 * highestHeld
                : Math.sqrt(highestHeld * lowestFailed);
    double rate = rounded(between);
    boolean found =
        highestHeld > 0
            && (lowestFailed <= highestHeld * CLOSE
                || rate == highestHeld
                || rate == lowestFailed
                || rate > MOST);
    if (found) {
      confirming = true;
      next = highestHeld;
    } else {
      next = rate;
      done = between < least;
    }
  }

  /** What holds for a moment only does not count. */
  private void confirmLower(double rate) {
    double lower = rounded(rate / CLOSE);
    for (Trial each : trials) {
      if (each.held && each.rate < rate) {
        lower = Math.max(lower, each.rate);
      }
    }
    next = lower;
    done = lower < least || lower >= rate;
  }

  private static double rounded(double rate) {
    return Math.max(ROUND_TO, Math.rint(rate / ROUND_TO) * ROUND_TO);
  }

  /** Returns the highest rate that held, for longer too; null if there is none. */
  @Nullable Trial confirmed() {
    return confirmed;
  }

  /** Returns what was tried, in its order. */
  List<Trial> trials() {
    return trials;
  }

  /** Returns the last trial of the next lower rate; null if there is none. */
  @Nullable Trial before(Trial trial) {
    return trials.stream()
        .filter(each -> each.rate < trial.rate)
        .reduce((one, other) -> other.rate >= one.rate ? other : one)
        .orElse(null);
  }

  /** Returns the last trial of the next higher rate; null if there is none. */
  @Nullable Trial after(Trial trial) {
    return trials.stream()
        .filter(each -> each.rate > trial.rate)
        .reduce((one, other) -> other.rate <= one.rate ? other : one)
        .orElse(null);
  }
}
