package dev.weft.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * So many keystrokes a second, with pauses in which the thread sleeps, as a person's does: the
 * other threads have the processor, and what was in its caches is not when the next key comes. The
 * pauses are of random length, so that no keystroke always meets what a timer does. One that comes
 * late does not move those after it. Not thread-safe.
 */
public final class Pace {
  private static final long SEED = 1;

  private final Random random = new Random(SEED);
  private final double intervalNanos;
  private final long begun = System.nanoTime();
  private double due;

  /** Begins now. */
  public Pace(int keystrokesPerSecond) {
    intervalNanos = (double) TimeUnit.SECONDS.toNanos(1) / keystrokesPerSecond;
  }

  /**
   * Waits until the next keystroke is due; one of the past is due at once.
   *
   * @return when it was due, of {@link System#nanoTime}
   */
  public long awaitNext() {
    due += 2 * intervalNanos * random.nextDouble();
    long at = begun + (long) due;
    long left = at - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = at - System.nanoTime();
    }
    return at;
  }
}
