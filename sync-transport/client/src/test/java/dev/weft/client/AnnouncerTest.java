package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What is told, how often, and that nothing that a listener does ends it. */
class AnnouncerTest {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final VirtualTime time = new VirtualTime(new SplittableRandom(1));
  private final Loop loop = time.line(0);
  private int told;

  private void runAll() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  @Test
  void shouldTellOnceHoweverOftenItChangedBefore() {
    Announcer announcer = new Announcer(tasks::add, loop, () -> told++);
    announcer.changed();
    announcer.changed();
    assertThat(tasks).hasSize(1);
    runAll();

    assertThat(told).isOne();
    announcer.changed();
    runAll();
    assertThat(told).isEqualTo(2);
  }

  @Test
  void shouldTellOnceMoreWhenItChangedWhileItWasTold() {
    Announcer[] announcer = new Announcer[1];
    announcer[0] =
        new Announcer(
            tasks::add,
            loop,
            () -> {
              if (++told < 3) {
                announcer[0].changed();
              }
            });
    announcer[0].changed();
    runAll();

    assertThat(told).isEqualTo(3);
  }

  @Test
  void shouldTellTheNextChangeWhateverTellingThrew() {
    Error error = new AssertionError("a listener's");
    Announcer announcer =
        new Announcer(
            tasks::add,
            loop,
            () -> {
              if (++told == 1) {
                throw error;
              }
            });
    try (Reports reports = new Reports()) {
      announcer.changed();
      runAll();
      assertThat(reports.thrown).containsExactly(error);
    }
    announcer.changed();
    runAll();

    assertThat(told).isEqualTo(2);
  }

  @Test
  void shouldTellTheNextChangeWhenTheHandlerThrowsToo() {
    Announcer announcer =
        new Announcer(
            tasks::add,
            loop,
            () -> {
              if (++told == 1) {
                throw new IllegalStateException("a listener's");
              }
            });
    try (Reports reports = new Reports()) {
      reports.defect = new IllegalStateException("the handler's");
      announcer.changed();
      runAll();
    }
    announcer.changed();
    runAll();

    assertThat(told).isEqualTo(2);
  }

  @Test
  void shouldTellTheNextChangeWhenTheExecutorTookNone() {
    List<RuntimeException> refusals =
        new ArrayList<>(
            List.of(new RejectedExecutionException("full"), new IllegalStateException("broken")));
    Executor executor =
        task -> {
          if (!refusals.isEmpty()) {
            throw refusals.remove(0);
          }
          tasks.add(task);
        };
    Announcer announcer = new Announcer(executor, loop, () -> told++);
    try (Reports reports = new Reports()) {
      announcer.changed();
      assertThat(reports.thrown).isEmpty();
      announcer.changed();
      assertThat(reports.thrown).singleElement().isInstanceOf(IllegalStateException.class);
    }
    announcer.changed();
    runAll();

    assertThat(told).isOne();
  }

  @Test
  void shouldTryAgainWhenTheExecutorTookNone() {
    AtomicBoolean full = new AtomicBoolean(true);
    int[] tried = new int[1];
    Executor executor =
        task -> {
          tried[0]++;
          if (full.get()) {
            throw new RejectedExecutionException("full");
          }
          tasks.add(task);
        };
    Announcer announcer = new Announcer(executor, loop, () -> told++);
    for (int i = 0; i < 10; i++) {
      announcer.changed();
    }
    time.runFor(Duration.ofMinutes(2).toNanos());
    assertThat(tried[0]).isBetween(15, 20);

    full.set(false);
    time.runFor(Duration.ofMinutes(1).toNanos());
    runAll();
    assertThat(told).isOne();
  }

  @Test
  void shouldNotTryAgainOnceItHasEnded() {
    int[] tried = new int[1];
    Executor executor =
        task -> {
          tried[0]++;
          throw new RejectedExecutionException("shut down");
        };
    Announcer announcer = new Announcer(executor, loop, () -> told++);
    announcer.end();
    announcer.changed();
    time.runFor(Duration.ofMinutes(1).toNanos());

    assertThat(tried[0]).isOne();
  }
}
