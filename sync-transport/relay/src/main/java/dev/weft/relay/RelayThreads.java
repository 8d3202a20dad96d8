package dev.weft.relay;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a relay beside Jetty's: a fixed number of workers for documents, two that read the
 * store, one that writes it, and one for time. What comes after {@link #stop} is dropped.
 */
final class RelayThreads {
  private static final int STORE_READERS = 2;

  private final ThreadPoolExecutor workers;
  private final ThreadPoolExecutor storeReads;
  private final ThreadPoolExecutor storeWrites;
  private final ScheduledThreadPoolExecutor timer;

  /**
   * Starts no thread yet.
   *
   * @param workerCount how many documents are worked on at the same time
   * @param documents how many documents may be open: as many tasks may wait
   */
  RelayThreads(int workerCount, int documents) {
    // Twice: a document that has been given up may still have its last task in the line.
    this.workers = fixed("worker", workerCount, 2 * documents);
    this.storeReads = fixed("store-reader", STORE_READERS, 2 * documents + RelayHub.MAX_LOOKUPS);
    this.storeWrites = fixed("store-writer", 1, 1);
    this.timer = new ScheduledThreadPoolExecutor(1, named("timer"));
    this.timer.setRemoveOnCancelPolicy(true);
    this.timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.timer.setRejectedExecutionHandler(RelayThreads::rejected);
  }

  Executor workers() {
    return workers;
  }

  Executor storeReads() {
    return storeReads;
  }

  Executor storeWrites() {
    return storeWrites;
  }

  Timer timer() {
    return (delayNanos, task) -> {
      Future<?> scheduled = timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
      return () -> scheduled.cancel(false);
    };
  }

  /** Returns how many tasks wait for their time. */
  int scheduled() {
    return timer.getQueue().size();
  }

  /** Lets what runs come to its end, within a bound, and drops the rest. */
  void stop(Duration within) throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    for (ThreadPoolExecutor each :
        new ThreadPoolExecutor[] {timer, workers, storeReads, storeWrites}) {
      each.shutdown();
      if (!each.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        each.shutdownNow();
      }
    }
  }

  private static ThreadPoolExecutor fixed(String name, int threads, int capacity) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(capacity),
            named(name),
            RelayThreads::rejected);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static void rejected(Runnable task, ThreadPoolExecutor executor) {
    if (!executor.isShutdown()) {
      throw new RejectedExecutionException(
          "more tasks than there can be documents: " + executor.getQueue().size());
    }
  }

  private static ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "weft-relay-" + name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
