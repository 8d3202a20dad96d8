package dev.weft.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Waits for something that should come, and tells when it has not come for too long: a random time
 * between once and twice the bound, so that those who lost an answer together do not ask again
 * together. Confined to the loop.
 */
final class Patience {
  private final Environment environment;
  private final Duration bound;
  private final Runnable over;
  private Loop.@Nullable Timer timer;

  /**
   * Creates a patience that waits for nothing.
   *
   * @param over is told when it is over; it waits for nothing then, unless begun again
   */
  Patience(Environment environment, Duration bound, Runnable over) {
    this.environment = environment;
    this.bound = bound;
    this.over = over;
  }

  /** Begins to wait, unless it does already. */
  void begin() {
    if (timer == null) {
      long nanos = bound.toNanos() + environment.random().nextLong(bound.toNanos());
      timer =
          environment
              .loop()
              .schedule(
                  nanos,
                  () -> {
                    timer = null;
                    over.run();
                  });
    }
  }

  /** Begins to wait, from now. */
  void beginAnew() {
    end();
    begin();
  }

  /** Waits no more: it has come, or does not matter. */
  void end() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
