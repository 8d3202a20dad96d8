package dev.weft.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.store.Together;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever changes while it is told, and whatever the executor refuses meanwhile: the last state is
 * told, by one thread at a time.
 *
 * <p>Found when broken: with {@code tellAll} ending by {@code set(0)}, or looking at the count only
 * after it has told, or with a refused task counted as told only after it is tried again, a last
 * state that is never told; with each change handed over, two threads that tell at once.
 */
class AnnouncerConcurrencyTest {
  private static final int SCHEDULES = 150;

  @Test
  void shouldTellLastStateByOneThreadAtOnce() {
    Lincheck.runConcurrentTest(SCHEDULES, AnnouncerConcurrencyTest::changeOnTwoThreads);
  }

  private static void changeOnTwoThreads() {
    Threads listeners = new Threads(1);
    Threads loop = new Threads(0);
    AtomicInteger state = new AtomicInteger();
    int[] told = {0};
    boolean[] telling = {false};
    String[] fault = {""};
    Announcer announcer =
        new Announcer(
            listeners,
            loop,
            () -> {
              if (telling[0]) {
                fault[0] = "told by two threads at once";
              }
              telling[0] = true;
              told[0] = state.get();
              telling[0] = false;
            });
    Together.run(
        () -> {
          state.incrementAndGet();
          announcer.changed();
          listeners.work();
        },
        () -> {
          state.incrementAndGet();
          announcer.changed();
          loop.work();
          listeners.work();
        });
    loop.work();
    listeners.work();

    assertEquals("", fault[0]);
    assertEquals(2, told[0]);
  }

  /** An executor, or a loop, that is whoever works on it, and refuses the first tasks. */
  private static final class Threads implements Loop, Executor {
    // Guarded by this.
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private int refuses;

    Threads(int refuses) {
      this.refuses = refuses;
    }

    @Override
    public synchronized void execute(Runnable task) {
      if (refuses > 0) {
        refuses--;
        throw new RejectedExecutionException("refused by a test");
      }
      tasks.addLast(task);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
      execute(task);
      return () -> {};
    }

    @Override
    public void close() {}

    void work() {
      for (Runnable task = next(); task != null; task = next()) {
        task.run();
      }
    }

    private synchronized @Nullable Runnable next() {
      return tasks.pollFirst();
    }
  }
}
