package dev.weft.lab;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Takes steps from a schedule for as long as it still fails: first halves, then quarters, down to
 * single ones (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input").
 */
final class Shrinker {
  private final Predicate<Schedule> fails;
  private int triesLeft;

  /**
   * Creates a shrinker.
   *
   * @param fails whether a schedule fails
   * @param tries how often that is asked at most
   */
  Shrinker(Predicate<Schedule> fails, int tries) {
    this.fails = fails;
    this.triesLeft = tries;
  }

  /** Returns a schedule that fails too, without steps that it does not need for that. */
  Schedule shrink(Schedule failing) {
    Schedule smallest = failing;
    int chunk = (failing.steps().size() + 1) / 2;
    while (chunk >= 1 && triesLeft > 0) {
      Schedule smaller = withoutChunks(smallest, chunk);
      if (smaller.steps().size() == smallest.steps().size()) {
        chunk /= 2;
      } else {
        chunk = Math.min(chunk, Math.max(1, smaller.steps().size() / 2));
      }
      smallest = smaller;
    }
    return smallest;
  }

  private Schedule withoutChunks(Schedule failing, int chunk) {
    Schedule smallest = failing;
    for (int from = 0; from < smallest.steps().size() && triesLeft > 0; ) {
      List<Schedule.Step> rest = new ArrayList<>(smallest.steps());
      rest.subList(from, Math.min(rest.size(), from + chunk)).clear();
      Set<Integer> numbers = new HashSet<>();
      rest.forEach(step -> numbers.add(step.number()));
      Schedule smaller = smallest.only(numbers::contains);
      triesLeft--;
      if (fails.test(smaller)) {
        smallest = smaller;
      } else {
        from += chunk;
      }
    }
    return smallest;
  }
}
