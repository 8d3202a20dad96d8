package dev.weft.client;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for something that should come, and tells when it has not come for too long: a random time
 * between once and twice the bound, so that those who lost an answer together do not ask again
 * together. Confined to the loop.
 */
final class Patience {
  private final Environment environment;
  private final Duration bound;
  private final LongSupplier progress;
  private final Runnable over;
  private Loop.@Nullable Timer timer;
  private long progressBefore;

  /**
   * Creates a patience that waits for nothing.
   *
   * @param over is told when it is over; it waits for nothing then, unless begun again
   */
  Patience(Environment environment, Duration bound, Runnable over) {
    this(environment, bound, () -> 0, over);
  }

  /**
   * Creates a patience that waits for nothing.
   *
   * @param progress counts what shows that waiting is worthwhile: whenever it has changed within
   *     the bound, the wait begins anew
   * @param over is told when it is over; it waits for nothing then, unless begun again
   */
  Patience(Environment environment, Duration bound, LongSupplier progress, Runnable over) {
    this.environment = environment;
    this.bound = bound;
    this.progress = progress;
    this.over = over;
  }

  /** Begins to wait, unless it does already. */
  void begin() {
    if (timer == null) {
      long nanos = bound.toNanos() + environment.random().nextLong(bound.toNanos());
      progressBefore = progress.getAsLong();
      timer = environment.loop().schedule(nanos, this::check);
    }
  }

  private void check() {
    timer = null;
    if (progress.getAsLong() == progressBefore) {
      over.run();
    } else {
      begin();
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
