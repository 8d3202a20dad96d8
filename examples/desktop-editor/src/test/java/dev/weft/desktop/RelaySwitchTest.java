package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said of a relay that takes its time, fails and ends. */
class RelaySwitchTest {
  private final SlowRelay relay = new SlowRelay();
  private final RelaySwitch relaySwitch = EventThread.call(() -> new RelaySwitch(relay, List.of()));

  @AfterEach
  void close() {
    relay.begun.complete(null);
    EventThread.run(relaySwitch::close);
  }

  @Test
  void shouldSayKilledOnlyWhenItHasEnded() {
    EventThread.run(relaySwitch::kill);
    EventThread.settle();
    assertSays("Running", false, false);

    relay.ended.complete(null);
    awaitWords("Killed");
    assertSays("Killed", false, true);
  }

  @Test
  void shouldSayRunningOnlyWhenItHasStarted() {
    relay.ended.complete(null);
    awaitWords("Ended by itself");

    EventThread.run(relaySwitch::start);
    assertSays("Starting", false, false);
    EventThread.settle();
    assertSays("Starting", false, false);

    relay.begun.complete(null);
    awaitWords("Running");
    assertSays("Running", true, false);
  }

  @Test
  void shouldSayWhyItDoesNotStartAndTryAgain() {
    relay.ended.complete(null);
    awaitWords("Ended by itself");
    relay.failure = new IOException("the port is taken");
    relay.begun.complete(null);

    EventThread.run(relaySwitch::start);
    awaitWords("Does not start");
    assertSays("Does not start", false, true);
    assertThat(EventThread.call(relaySwitch::state).explanation()).isEqualTo("the port is taken");

    relay.failure = null;
    EventThread.run(relaySwitch::start);
    awaitWords("Running");
  }

  @Test
  void shouldSayThatItEndedAgainAfterStart() {
    relay.ended.complete(null);
    awaitWords("Ended by itself");
    relay.begun.complete(null);
    EventThread.run(relaySwitch::start);
    awaitWords("Running");

    relay.ended.complete(null);
    awaitWords("Ended by itself");
  }

  private void assertSays(String words, boolean canKill, boolean canStart) {
    EventThread.run(
        () -> {
          assertThat(relaySwitch.state().text()).isEqualTo(words);
          assertThat(relaySwitch.canKill()).isEqualTo(canKill);
          assertThat(relaySwitch.canStart()).isEqualTo(canStart);
        });
  }

  private void awaitWords(String words) {
    Screen.await(words, () -> relaySwitch.state().text().equals(words));
  }

  /** Starts when it is told to, or fails, and ends when it is told to. */
  private static final class SlowRelay implements DemoRelay {
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private volatile @Nullable IOException failure;
    private volatile CompletableFuture<Void> ended = new CompletableFuture<>();

    @Override
    public URI uri() {
      return URI.create("ws://127.0.0.1:1/v1/sync");
    }

    @Override
    public void start() throws IOException {
      begun.join();
      IOException reason = failure;
      if (reason != null) {
        throw reason;
      }
      ended = new CompletableFuture<>();
    }

    @Override
    public void kill() {
      ended.join();
    }

    @Override
    public CompletableFuture<?> ended() {
      return ended;
    }
  }
}
