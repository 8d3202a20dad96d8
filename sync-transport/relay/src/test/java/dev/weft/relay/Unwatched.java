package dev.weft.relay;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;

/** What parts of a relay tell of themselves, where a test does not look at it. */
final class Unwatched {
  static final RelayMetrics METRICS = new RelayMetrics(new SimpleMeterRegistry());

  private Unwatched() {}

  /** Returns the health of a store that is never slow, as far as anybody hears. */
  static StoreHealth health() {
    return new StoreHealth(
        (delay, task) -> () -> {},
        System::nanoTime,
        Duration.ofDays(1),
        Duration.ofMillis(10),
        METRICS,
        state -> {});
  }
}
