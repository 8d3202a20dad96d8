package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A mailbox goes on, whatever is thrown in it. */
class MailboxTest {
  @RegisterExtension final Silence silence = Silence.of(Mailbox.class);

  private final Deque<Runnable> workers = new ArrayDeque<>();
  private final List<String> ran = new ArrayList<>();
  private boolean rejecting;

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
