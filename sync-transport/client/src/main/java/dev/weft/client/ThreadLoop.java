package dev.weft.client;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A loop that is one daemon thread. Thread-safe. */
final class ThreadLoop implements Loop {
  private static final Timer NOTHING = () -> {};

  private final ScheduledThreadPoolExecutor thread;

  ThreadLoop(String name) {
    thread = new ScheduledThreadPoolExecutor(1, DaemonThreads.named(name));
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    thread.setRejectedExecutionHandler((task, executor) -> {});
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(reported(task));
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    if (thread.isShutdown()) {
      return NOTHING;
    }
    Future<?> future = thread.schedule(reported(task), delayNanos, TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public void close() {
    thread.shutdown();
  }

  /** The pool keeps what a task throws to itself; a defect must not go unseen. */
  private static Runnable reported(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        DaemonThreads.report(e);
      }
    };
  }
}
