package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A mailbox goes on, whatever is thrown in it, and lets others have their turns. */
class MailboxTest {
  @RegisterExtension final Silence silence = Silence.of(Mailbox.class);

  private final Deque<Runnable> workers = new ArrayDeque<>();
  private final List<String> ran = new ArrayList<>();
  private boolean rejecting;
  private long nowNanos;
  private int looks;
  private int tasks;

  @Test
  void shouldGoOnWhenTaskAndTurnEndAndFailureThrow() {
    Mailbox mailbox =
        new Mailbox(this::execute, MailboxTest::fail, e -> fail(), () -> 0, waited -> {});
    mailbox.resume(MailboxTest::fail);
    mailbox.post(() -> ran.add("first"));
    settle();
    mailbox.post(() -> ran.add("second"));
    settle();

    assertThat(ran).containsExactly("first", "second");
  }

  @Test
  void shouldGoOnWhenWorkersHaveRejectedTurn() {
    Mailbox mailbox = new Mailbox(this::execute, () -> {}, e -> fail(), () -> 0, waited -> {});
    mailbox.resume(() -> {});
    settle();
    rejecting = true;
    assertThatThrownBy(() -> mailbox.post(() -> ran.add("first")))
        .isInstanceOf(RejectedExecutionException.class);
    rejecting = false;
    mailbox.post(() -> ran.add("second"));
    settle();

    assertThat(ran).containsExactly("first", "second");
  }

  @Test
  void shouldEndTurnOnceItHasTakenItsTimeOrManyTasks() {
    Mailbox mailbox = mailbox();
    mailbox.resume(() -> {});
    for (int i = 0; i < 3; i++) {
      mailbox.post(() -> work(3));
    }
    for (int i = 0; i < 64; i++) {
      mailbox.post(() -> work(0));
    }
    List<Integer> done = new ArrayList<>();
    while (!workers.isEmpty()) {
      workers.remove().run();
      done.add(tasks);
    }

    // Two of three milliseconds are more than five; then one, and 63 that take no time.
    assertThat(done).containsExactly(2, 66, 67);
    assertThat(ran).containsExactly("end", "end", "end");
  }

  @Test
  void shouldRunTaskThatTakesLongerThanATurn() {
    Mailbox mailbox = mailbox();
    mailbox.resume(() -> nowNanos += TimeUnit.SECONDS.toNanos(1));
    mailbox.post(() -> ran.add("next"));
    settle();

    assertThat(ran).containsExactly("end", "next", "end");
  }

  /** Most turns have one task, and the clock costs as much as a short one. */
  @Test
  void shouldReadClockOnceForAskingAndOnceForATurnOfOneTask() {
    Mailbox mailbox = mailbox();
    mailbox.resume(() -> {});
    settle();
    looks = 0;
    mailbox.post(() -> {});
    settle();

    assertThat(looks).isEqualTo(2);
  }

  private Mailbox mailbox() {
    return new Mailbox(this::execute, () -> ran.add("end"), e -> fail(), this::look, waited -> {});
  }

  private void work(int millis) {
    tasks++;
    nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private long look() {
    looks++;
    return nowNanos;
  }

  private void execute(Runnable turn) {
    if (rejecting) {
      throw new RejectedExecutionException("rejected by a test");
    }
    workers.add(turn);
  }

  private void settle() {
    while (!workers.isEmpty()) {
      workers.remove().run();
    }
  }

  private static void fail() {
    throw new AssertionError("thrown by a test");
  }
}
