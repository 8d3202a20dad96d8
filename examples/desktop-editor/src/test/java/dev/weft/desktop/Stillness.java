package dev.weft.desktop;

import java.util.concurrent.atomic.AtomicLong;

/** Measures how long the event dispatch thread did not come to the next event. */
final class Stillness {
  private final AtomicLong longestNanos = new AtomicLong();
  private final Thread asker = new Thread(this::ask, "stillness");
  private volatile boolean stopped;

  Stillness() {
    asker.setDaemon(true);
    asker.start();
  }

  private void ask() {
    while (!stopped) {
      long asked = System.nanoTime();
      EventThread.run(() -> {});
      longestNanos.accumulateAndGet(System.nanoTime() - asked, Math::max);
    }
  }

  /** Returns the longest time, in milliseconds. */
  long stop() {
    stopped = true;
    try {
      asker.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return longestNanos.get() / 1_000_000;
  }
}
