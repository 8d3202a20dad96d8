package dev.weft.relay;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a relay's meters say now, and how they have changed in the last minute, or since somebody
 * began to look, if that is less. Immutable.
 *
 * @param before the sample that changes are counted from; null if there is none yet
 */
record Lately(Sample now, @Nullable Sample before) {

  /**
   * Keeps the samples that a minute needs: none that is closer to the one before than what a
   * bounded number of them allows, however often one is taken. Not thread-safe.
   */
  static final class Keeper {
    /** How many are kept at most: one a second, and both ends. */
    static final int MAX = 62;

    private static final long KEPT_NANOS = Duration.ofSeconds(61).toNanos();
    private static final long APART_NANOS = KEPT_NANOS / (MAX - 1);

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** Returns what is to be told now that a sample is taken. */
    Lately add(Sample sample) {
      while (!samples.isEmpty() && sample.nanos() - samples.getFirst().nanos() > KEPT_NANOS) {
        samples.remove();
      }
      Lately lately = new Lately(sample, samples.peek());
      if (samples.isEmpty() || sample.nanos() - samples.getLast().nanos() >= APART_NANOS) {
        samples.add(sample);
      }
      return lately;
    }

    /** Returns how many are kept. */
    int size() {
      return samples.size();
    }
  }

  /** Returns over how many seconds changes are counted; 0 if there is nothing to compare with. */
  double seconds() {
    return before == null ? 0 : (now.nanos() - before.nanos()) / 1e9;
  }

  /** Returns by how much a meter has grown; nothing if there is nothing to compare with. */
  OptionalDouble growth(String key) {
    return before == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(now.value(key) - before.value(key));
  }

  /** Returns how much a meter grows in a second. */
  OptionalDouble perSecond(String key) {
    OptionalDouble growth = growth(key);
    double seconds = seconds();
    return growth.isPresent() && seconds > 0
        ? OptionalDouble.of(growth.getAsDouble() / seconds)
        : OptionalDouble.empty();
  }

  /** Returns the durations that a timer has recorded; none if there is nothing to compare with. */
  BucketCounts times(String key) {
    BucketCounts recorded = now.times(key);
    return recorded.since(before == null ? recorded : before.times(key));
  }
}
