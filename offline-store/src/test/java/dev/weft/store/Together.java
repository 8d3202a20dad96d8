package dev.weft.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Does several things at once, each on a thread of its own, and waits for all. So plain that a
 * model checker follows it.
 */
public final class Together {
  private Together() {}

  /** What may throw anything. */
  @FunctionalInterface
  public interface Part {
    void run() throws Exception;
  }

  /**
   * Runs all parts.
   *
   * @throws AssertionError if one has thrown
   */
  public static void run(Part... parts) {
    Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (Part part : parts) {
      threads.add(
          new Thread(
              () -> {
                try {
                  part.run();
                } catch (Throwable e) {
                  thrown.add(e);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      join(thread);
    }
    Throwable first = thrown.peek();
    if (first != null) {
      throw new AssertionError("failed beside others: " + first, first);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for others", e);
    }
  }
}
