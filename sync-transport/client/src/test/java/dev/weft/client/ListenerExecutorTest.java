package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.Workshop.Device;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a text whose embedder's executor refuses a task. */
class ListenerExecutorTest {
  @TempDir Path directory;
  private Workshop workshop;
  private Device ann;
  private Device bob;

  @BeforeEach
  void setUp() {
    workshop = new Workshop(directory, 47);
    ann = workshop.device("ann");
    bob = workshop.device("bob");
    ann.awaitLive();
    bob.awaitLive();
  }

  private void awaitRefusal(String reason) {
    workshop.await(bob::toString, () -> bob.text.status().connection() == Connection.REFUSED);
    assertThat(bob.text.status().reason()).contains(reason);
  }

  private void awaitAllOnceAskedAgain() {
    bob.refuseListeners(null);
    bob.client.reconnect();
    workshop.await(bob::toString, () -> bob.text.version().equals(ann.text.version()));
    bob.awaitLive();
  }

  /** Each in its own way, as a pool that is full, and the event thread of JavaFX. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldGoOnWhenAskedAgainAfterTheExecutorRefusedATask(boolean asPoolsDo) {
    try (Reports reports = new Reports()) {
      bob.refuseListeners(
          asPoolsDo
              ? new RejectedExecutionException("full")
              : new IllegalStateException("Toolkit not initialized"));
      ann.text.insert(0, "abc");
      awaitRefusal(
          asPoolsDo ? "the listener executor takes no more tasks" : "Toolkit not initialized");

      awaitAllOnceAskedAgain();
      assertThat(reports.thrown).allMatch(IllegalStateException.class::isInstance);
    }
  }

  @Test
  void shouldGoOnWhenAskedAgainAfterTheExecutorRefusedTheRestOfWhatWaited() {
    bob.holdListeners(true);
    for (int i = 0; i < 8; i++) {
      ann.text.insert(0, "x".repeat(200_000) + i);
      workshop.await(ann.text.delivered());
    }
    workshop.run(Duration.ofSeconds(1));
    bob.refuseListeners(new RejectedExecutionException("full"));
    bob.holdListeners(false);
    awaitRefusal("the listener executor takes no more tasks");
    assertThat(bob.text.length()).isPositive();

    awaitAllOnceAskedAgain();
  }

  /** What was given up no longer keeps the client from reading. */
  @Test
  void shouldReadOnAfterTheExecutorRefusedMoreThanMayWait() {
    bob.refuseListeners(new RejectedExecutionException("full"));
    ann.text.insert(0, "x".repeat(5 << 20));
    awaitRefusal("the listener executor takes no more tasks");
    workshop.await(ann.text.delivered());

    awaitAllOnceAskedAgain();
    ann.text.insert(0, "and on");
    workshop.await(bob::toString, () -> bob.text.version().equals(ann.text.version()));
  }
}
