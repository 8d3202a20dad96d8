package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import org.jspecify.annotations.Nullable;

/** Percentiles from buckets, against those of all durations one by one. */
class BucketCountsProperties {
  private static final long[] EDGES = {10, 20, 50, 100, 1_000};

  private static BucketCounts counted(List<Long> durations) {
    long[] upTo = new long[EDGES.length + 1];
    for (int i = 0; i < EDGES.length; i++) {
      long edge = EDGES[i];
      upTo[i] = durations.stream().filter(each -> each <= edge).count();
    }
    upTo[EDGES.length] = durations.size();
    return BucketCounts.of(EDGES, upTo);
  }

  /** Returns the shortest duration that so many are not longer than, by sorting them all. */
  private static long naive(List<Long> durations, double part) {
    long[] sorted = durations.stream().mapToLong(Long::longValue).sorted().toArray();
    int atLeast = (int) Math.ceil(part * sorted.length);
    return sorted[Math.max(1, atLeast) - 1];
  }

  private static Percentile known(@Nullable Percentile percentile) {
    if (percentile == null) {
      throw new AssertionError("there is no percentile of what there is");
    }
    return percentile;
  }

  @Property
  void shouldBeInTheBucketOfTheTruePercentile(
      @ForAll @NotEmpty List<@LongRange(min = 0, max = 2_000) Long> durations,
      @ForAll @DoubleRange(min = 0.01, max = 1) double part) {
    long truth = naive(durations, part);
    Percentile told = known(counted(durations).percentile(part));

    int bucket = 0;
    while (bucket < EDGES.length && EDGES[bucket] < truth) {
      bucket++;
    }
    if (bucket == EDGES.length) {
      assertThat(told).isEqualTo(new Percentile(Percentile.Sense.MORE_THAN, 1_000));
    } else if (bucket == 0) {
      assertThat(told).isEqualTo(new Percentile(Percentile.Sense.AT_MOST, 10));
    } else {
      assertThat(told.sense()).isEqualTo(Percentile.Sense.ABOUT);
      assertThat(told.nanos()).isBetween(EDGES[bucket - 1], EDGES[bucket]);
    }
  }

  /** Whether a budget is kept is no estimate, for a budget that is an edge. */
  @Property
  void shouldKnowForCertainWhetherAnEdgeWasPassed(
      @ForAll @NotEmpty List<@LongRange(min = 0, max = 2_000) Long> durations) {
    BucketCounts counts = counted(durations);
    Percentile told = known(counts.percentile(0.99));

    for (long edge : EDGES) {
      assertThat(told.isLongerThan(Duration.ofNanos(edge)))
          .as("longer than %s", edge)
          .isEqualTo(naive(durations, 0.99) > edge);
      assertThat(counts.longerThan(Duration.ofNanos(edge)))
          .isEqualTo(durations.stream().filter(each -> each > edge).count());
    }
  }

  @Property
  void shouldNotFallWithAGreaterPart(
      @ForAll @NotEmpty List<@LongRange(min = 0, max = 2_000) Long> durations,
      @ForAll @DoubleRange(min = 0.01, max = 1) double one,
      @ForAll @DoubleRange(min = 0.01, max = 1) double other) {
    Percentile low = known(counted(durations).percentile(Math.min(one, other)));
    Percentile high = known(counted(durations).percentile(Math.max(one, other)));

    assertThat(low.nanos()).isLessThanOrEqualTo(high.nanos());
  }

  /** What came before is no part of it. */
  @Property
  void shouldTellOfADifferenceWhatItTellsOfTheDurationsInIt(
      @ForAll List<@LongRange(min = 0, max = 2_000) Long> earlier,
      @ForAll List<@LongRange(min = 0, max = 2_000) Long> later,
      @ForAll @DoubleRange(min = 0.01, max = 1) double part) {
    List<Long> all = new ArrayList<>(earlier);
    all.addAll(later);

    BucketCounts difference = counted(all).since(counted(earlier));

    assertThat(difference.count()).isEqualTo(later.size());
    assertThat(difference.percentile(part)).isEqualTo(counted(later).percentile(part));
  }

  /** The buckets that the relay's timers have are those that are read. */
  @Property(tries = 50)
  void shouldReadWhatATimerHasRecorded(
      @ForAll List<@LongRange(min = 0, max = 40_000_000_000L) Long> nanos) {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    RelayMetrics metrics = new RelayMetrics(meters);
    nanos.forEach(metrics::workerWait);

    BucketCounts read = BucketCounts.of(meters.get("weft.worker.wait").timer());

    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    assertThat(read.count()).isEqualTo(sorted.length);
    if (sorted.length == 0) {
      assertThat(read.percentile(1)).isNull();
    } else {
      Percentile most = known(read.percentile(1));
      long longest = Arrays.stream(sorted).max().orElseThrow();
      Duration last = Duration.ofSeconds(30);
      assertThat(most.isLongerThan(last)).isEqualTo(longest > last.toNanos());
      if (longest <= last.toNanos()) {
        assertThat(most.nanos()).isGreaterThanOrEqualTo(longest);
      }
    }
    meters.close();
  }
}
