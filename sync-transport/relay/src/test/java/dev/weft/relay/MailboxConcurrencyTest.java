package dev.weft.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.store.Together;
import java.util.Set;
import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A mailbox runs every task once, one at a time, in order, whoever posts, resumes and works when.
 *
 * <p>Found when broken: without looking at {@code scheduled} in {@code post}, or with {@code
 * resume} adding at the end, tasks before the first; with {@code scheduled} cleared outside of the
 * lock at the end of a turn, or without looking there for more, tasks that nobody runs; with tasks
 * taken outside of the lock, an exception.
 */
class MailboxConcurrencyTest {
  private static final int SCHEDULES = 150;

  @Test
  void shouldRunEachTaskOnceInOrder() {
    Lincheck.runConcurrentTest(SCHEDULES, MailboxConcurrencyTest::postAndResume);
  }

  private static void postAndResume() {
    Turns workers = new Turns();
    Desk desk = new Desk();
    Mailbox mailbox = new Mailbox(workers, () -> {}, desk::failed, () -> 0, waited -> {});
    Runnable withdrawn = () -> desk.work("w");
    Together.run(
        () -> {
          mailbox.post(() -> desk.work("a"));
          mailbox.post(withdrawn);
          mailbox.post(() -> desk.work("b"));
          workers.work();
        },
        () -> {
          mailbox.post(() -> desk.work("c"));
          mailbox.withdraw(Set.of(withdrawn));
          workers.work();
        },
        () -> {
          mailbox.resume(() -> desk.work("*"));
          workers.work();
        });

    assertNull(desk.fault);
    String done = desk.done;
    assertTrue(done.startsWith("*"), done);
    assertTrue(done.indexOf('a') < done.indexOf('b'), done);
    assertEquals(4, done.replace("w", "").length(), done);
    assertTrue(done.indexOf('w') == done.lastIndexOf('w'), done);
  }

  /** Where the tasks work; not thread-safe. */
  private static final class Desk {
    private boolean busy;
    private String done = "";
    private @Nullable Throwable fault;

    void work(String task) {
      if (busy) {
        throw new AssertionError("two tasks at once, one of them " + task);
      }
      busy = true;
      done += task;
      busy = false;
    }

    void failed(Throwable thrown) {
      fault = thrown;
    }
  }
}
