package dev.weft.bench.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class PercentilesTest {
  private final Histogram nanos = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);

  @Test
  void shouldTellEveryPercentileOfAThousandTimes() {
    record(1_000);

    assertThat(Percentiles.head()).containsExactly("samples", "p50", "p95", "p99", "p99.9", "max");
    assertThat(Percentiles.cells(nanos))
        .containsExactly("1,000", "500", "950", "990", "999", "1,000");
  }

  @Test
  void shouldNotTellAPercentileThatIsTheLongestOfFewTimes() {
    record(99);

    assertThat(Percentiles.cells(nanos)).containsExactly("99", "50.0", "95.0", "-", "-", "99.0");
  }

  @Test
  void shouldTellNothingOfNothing() {
    assertThat(Percentiles.cells(nanos)).containsExactly("0", "-", "-", "-", "-", "-");
  }

  /** Takes in 1 ms, 2 ms, and so on. */
  private void record(int count) {
    for (int millis = 1; millis <= count; millis++) {
      nanos.recordValue(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }
}
