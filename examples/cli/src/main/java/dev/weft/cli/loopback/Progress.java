package dev.weft.cli.loopback;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Waiting, in one thread, for what others bring about. They say that something has happened, which
 * costs them nothing but a moment of a lock that nobody keeps. Thread-safe.
 */
public final class Progress {
  /** Long past anything that a loopback connection takes, however busy the machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private long happened;

  /** Says that something has happened that a condition may depend on. */
  public synchronized void made() {
    happened++;
    notifyAll();
  }

  /**
   * Waits for a condition, which is asked without a lock.
   *
   * @param what names it in the error
   * @throws TimeoutException if it does not come true in time
   */
  public void await(String what, BooleanSupplier condition)
      throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long seen = count();
    while (!condition.getAsBoolean()) {
      seen = awaitMoreThan(seen, what, deadline);
    }
  }

  private synchronized long count() {
    return happened;
  }

  private synchronized long awaitMoreThan(long seen, String what, long deadline)
      throws InterruptedException, TimeoutException {
    while (happened == seen) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new TimeoutException(what + " did not happen within " + PATIENCE.toSeconds() + " s");
      }
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
    return happened;
  }
}
