package dev.weft.relay;

import java.time.Duration;

/**
 * A duration as it is known from the buckets of a histogram. Immutable.
 *
 * @param sense how {@code nanos} is meant
 */
record Percentile(Sense sense, long nanos) {

  /** What a number says of the duration. */
  enum Sense {
    /** It is in the first bucket. */
    AT_MOST,
    /** It is in the bucket that the number is in. */
    ABOUT,
    /** It is in the last bucket, which has no upper edge. */
    MORE_THAN
  }

  /** Returns whether the duration is longer than a bound, which is an edge of the buckets. */
  boolean isLongerThan(Duration bound) {
    return nanos > bound.toNanos() || (sense == Sense.MORE_THAN && nanos >= bound.toNanos());
  }

  /** Returns the duration in words. */
  String words() {
    String amount = Amounts.millis(nanos / 1e6);
    return switch (sense) {
      case AT_MOST -> "at most " + amount;
      case ABOUT -> amount;
      case MORE_THAN -> "over " + amount;
    };
  }
}
