package dev.weft.relay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An executor whose threads are whoever calls {@link #work}, several at once: a pool that a model
 * checker follows. Thread-safe.
 */
final class Turns implements Executor {
  // Guarded by this.
  private final Deque<Runnable> tasks = new ArrayDeque<>();

  @Override
  public synchronized void execute(Runnable task) {
    tasks.addLast(task);
  }

  /** Runs tasks until none waits. */
  void work() {
    for (Runnable task = next(); task != null; task = next()) {
      task.run();
    }
  }

  private synchronized @Nullable Runnable next() {
    return tasks.pollFirst();
  }
}
