package dev.weft.bench.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KeystrokeLogTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Latencies latencies = new Latencies();

  @Test
  void shouldCountTheWaitBeforeTheCallFromWhenItWasDue() {
    long now = System.nanoTime();
    KeystrokeLog log = new KeystrokeLog(1, now - 10 * SECOND);

    log.pressed(0, now - 3 * SECOND, latencies);
    log.seen(0, System.nanoTime(), latencies);

    assertThat(latencies.keystrokesFromDue().getMaxValue()).isGreaterThanOrEqualTo(3 * SECOND);
    assertThat(latencies.pressedLate().getMaxValue()).isGreaterThanOrEqualTo(3 * SECOND);
    assertThat(latencies.keystrokesFromCall().getMaxValue()).isLessThan(3 * SECOND);
  }

  @Test
  void shouldLeaveOutWhatWasDueBeforeItCounts() {
    long now = System.nanoTime();
    KeystrokeLog log = new KeystrokeLog(2, now);

    log.pressed(0, now - 1, latencies);
    log.pressed(1, now, latencies);
    log.seen(0, System.nanoTime(), latencies);
    log.seen(1, System.nanoTime(), latencies);

    assertThat(latencies.keystrokesFromDue().getTotalCount()).isEqualTo(1);
  }
}
