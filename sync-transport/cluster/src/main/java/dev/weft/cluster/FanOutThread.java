package dev.weft.cluster;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

/** The thread on which a fan-out keeps its time. Stateless. */
final class FanOutThread {
  private FanOutThread() {}

  static ScheduledExecutorService start() {
    ScheduledThreadPoolExecutor scheduler =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "weft-fan-out");
              thread.setDaemon(true);
              return thread;
            },
            // Once it is closed there is nothing left to do.
            new ThreadPoolExecutor.DiscardPolicy());
    scheduler.setRemoveOnCancelPolicy(true);
    return scheduler;
  }
}
