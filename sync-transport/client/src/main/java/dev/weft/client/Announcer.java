package dev.weft.client;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has something told on the listener executor whenever it has changed: once at a time, and once
 * more if it changed while it was told. So however often it changes, one task waits at most, and
 * the last state is always told. What telling throws goes to its thread's uncaught exception
 * handler, and the next change is told nevertheless. Thread-safe.
 */
final class Announcer {
  private final Executor listeners;
  private final Runnable tell;
  private final AtomicInteger untold = new AtomicInteger();

  /**
   * Creates an announcer of something that has not changed yet.
   *
   * @param tell tells how it is now; called by one thread at a time
   */
  Announcer(Executor listeners, Runnable tell) {
    this.listeners = listeners;
    this.tell = tell;
  }

  void changed() {
    if (untold.getAndIncrement() == 0) {
      try {
        listeners.execute(this::tellAll);
      } catch (RejectedExecutionException e) {
        // Whoever shut the executor down does not listen any more.
        untold.set(0);
      } catch (RuntimeException | Error e) {
        untold.set(0);
        DaemonThreads.report(e);
      }
    }
  }

  private void tellAll() {
    int seen;
    do {
      seen = untold.get();
      try {
        tell.run();
      } catch (Throwable e) {
        // Left to escape, it would leave the count as it is, and nothing would be told any more.
        DaemonThreads.report(e);
      }
    } while (!untold.compareAndSet(seen, 0));
  }
}
