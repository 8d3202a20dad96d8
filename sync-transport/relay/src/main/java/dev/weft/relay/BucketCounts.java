package dev.weft.relay;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many durations fell into which bucket of a histogram. What came within a time is the
 * difference of two of these; what percentiles are told from it are as good as the buckets are
 * fine. Immutable.
 */
final class BucketCounts {
  private final long[] edgesNanos;

  /** How many were at most as long as each edge, and in the last place, how many there were. */
  private final long[] upTo;

  private BucketCounts(long[] edgesNanos, long[] upTo) {
    this.edgesNanos = edgesNanos;
    this.upTo = upTo;
  }

  /**
   * Returns what a histogram holds.
   *
   * @param edgesNanos the upper edges of the buckets, growing; what is longer than the last is in a
   *     bucket that is open
   * @param upTo how many are at most as long as each edge, and how many there are
   */
  static BucketCounts of(long[] edgesNanos, long[] upTo) {
    if (upTo.length != edgesNanos.length + 1) {
      throw new IllegalArgumentException(
          "one count more than edges is needed, edges="
              + edgesNanos.length
              + ", counts="
              + upTo.length);
    }
    return new BucketCounts(edgesNanos.clone(), upTo.clone());
  }

  /** Returns what a timer with edges of its own has recorded so far. */
  static BucketCounts of(Timer timer) {
    HistogramSnapshot snapshot = timer.takeSnapshot();
    CountAtBucket[] buckets = snapshot.histogramCounts();
    long[] edges = new long[buckets.length];
    long[] upTo = new long[buckets.length + 1];
    for (int i = 0; i < buckets.length; i++) {
      edges[i] = (long) buckets[i].bucket(TimeUnit.NANOSECONDS);
      upTo[i] = (long) buckets[i].count();
    }
    // Others record meanwhile, so the sum may have been read before the last bucket was.
    long inBuckets = buckets.length == 0 ? 0 : upTo[buckets.length - 1];
    upTo[buckets.length] = Math.max(snapshot.count(), inBuckets);
    return new BucketCounts(edges, upTo);
  }

  /** Returns what has come since an earlier time, of the same histogram. */
  BucketCounts since(BucketCounts earlier) {
    if (!Arrays.equals(edgesNanos, earlier.edgesNanos)) {
      throw new IllegalArgumentException("histograms with other buckets cannot be compared");
    }
    long[] difference = new long[upTo.length];
    long most = 0;
    for (int i = 0; i < upTo.length; i++) {
      // Buckets are read one after the other, so a difference may be out of step by a few.
      most = Math.max(most, upTo[i] - earlier.upTo[i]);
      difference[i] = most;
    }
    return new BucketCounts(edgesNanos, difference);
  }

  /** Returns how many durations there are. */
  long count() {
    return upTo[edgesNanos.length];
  }

  /**
   * Returns how many durations are longer than an edge.
   *
   * @throws IllegalArgumentException if it is no edge of the buckets
   */
  long longerThan(Duration edge) {
    int bucket = Arrays.binarySearch(edgesNanos, edge.toNanos());
    if (bucket < 0) {
      throw new IllegalArgumentException("no bucket ends at " + edge);
    }
    return count() - upTo[bucket];
  }

  /**
   * Returns how long the shortest duration is that at least that part of all are not longer than;
   * null if there is none at all. Within a bucket they are taken to lie evenly.
   *
   * @param part more than 0, at most 1
   */
  @Nullable Percentile percentile(double part) {
    if (!(part > 0 && part <= 1)) {
      throw new IllegalArgumentException("part must be in (0, 1], part=" + part);
    }
    if (count() == 0) {
      return null;
    }
    long rank = Math.max(1, (long) Math.ceil(part * count()));
    int bucket = 0;
    while (bucket < edgesNanos.length && upTo[bucket] < rank) {
      bucket++;
    }
    if (bucket == edgesNanos.length) {
      long last = bucket == 0 ? 0 : edgesNanos[bucket - 1];
      return new Percentile(Percentile.Sense.MORE_THAN, last);
    }
    if (bucket == 0) {
      return new Percentile(Percentile.Sense.AT_MOST, edgesNanos[0]);
    }
    long from = edgesNanos[bucket - 1];
    long below = upTo[bucket - 1];
    double share = (double) (rank - below) / (upTo[bucket] - below);
    return new Percentile(
        Percentile.Sense.ABOUT, from + Math.round(share * (edgesNanos[bucket] - from)));
  }
}
