package dev.weft.cli.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.client.SharedText;
import dev.weft.client.WeftClient;
import dev.weft.store.DocumentId;
import dev.weft.store.ReservedPort;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.WorkspaceStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A relay in a real process, killed as by {@code kill -9}. */
class KillableRelayTest {
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final int PATIENCE_SECONDS = 60;

  /** Has nobody else be given the port of a relay that was killed before it is started again. */
  private @Nullable ReservedPort kept;

  @Test
  void shouldHaveWhatItAcknowledgedWhenKilledAndStartedAgain() throws Exception {
    try (KillableRelay relay = KillableRelay.open()) {
      URI uri = relay.uri();
      assertThat(relay.isRunning()).isTrue();
      try (Editor ann = new Editor(relay, "ann")) {
        ann.text.insert(0, "acknowledged");
        assertThat(ann.text.save().get(PATIENCE_SECONDS, TimeUnit.SECONDS).guarantee())
            .hasToString("FSYNCED");
      }

      CompletableFuture<?> ended = relay.ended();
      relay.kill();
      kept = ReservedPort.of(uri.getPort());
      assertThat(relay.isRunning()).isFalse();
      ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThatThrownBy(() -> new Socket(uri.getHost(), uri.getPort()).close())
          .isInstanceOf(IOException.class);

      relay.start();
      assertThat(relay.isRunning()).isTrue();
      assertThat(relay.uri()).isEqualTo(uri);
      try (Editor bob = new Editor(relay, "bob")) {
        bob.text.delivered().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        bob.await("acknowledged");
      }
    }
  }

  @Test
  void shouldKeepSaveThatWaitsUntilItIsStartedAgain() throws Exception {
    try (KillableRelay relay = KillableRelay.open();
        Editor ann = new Editor(relay, "ann")) {
      relay.kill();
      kept = ReservedPort.of(relay.uri().getPort());
      ann.text.insert(0, "waits");
      CompletableFuture<?> saved = ann.text.save();
      assertThat(saved).isNotDone();

      relay.start();
      assertThat(saved.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void shouldNotStartTwice() throws IOException {
    try (KillableRelay relay = KillableRelay.open()) {
      assertThatThrownBy(relay::start).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void shouldSayWhyItDoesNotStart() throws IOException {
    try (KillableRelay relay = KillableRelay.open()) {
      int port = relay.uri().getPort();
      relay.kill();
      kept = ReservedPort.of(relay.uri().getPort());
      try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(other.getLocalPort()).isEqualTo(port);
        assertThatThrownBy(relay::start)
            .isInstanceOf(IOException.class)
            .hasMessageContaining(String.valueOf(port));
        relay.ended().join();
      }
      relay.start();
      assertThat(relay.isRunning()).isTrue();
    }
  }

  @Test
  void shouldLeaveNothingBehindWhenClosed() throws IOException {
    KillableRelay relay = KillableRelay.open();
    Path directory = relay.storeDirectory("x").getParent();
    assertThat(directory).isDirectory();
    relay.close();
    assertThat(directory).doesNotExist();
    assertThat(relay.isRunning()).isFalse();

    KillableRelay killed = KillableRelay.open();
    Path directoryOfKilled = killed.storeDirectory("x").getParent();
    killed.kill();
    killed.close();
    assertThat(directoryOfKilled).doesNotExist();
  }

  @Test
  void shouldLeaveNothingBehindWhenItsOwnerIsKilled() throws Exception {
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                RelayOwner.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = owner.inputReader(StandardCharsets.UTF_8)) {
      ProcessHandle relay = ProcessHandle.of(Long.parseLong(lines.readLine())).orElseThrow();
      Path directory = Path.of(lines.readLine());
      assertThat(directory).isDirectory();

      owner.destroyForcibly();

      relay.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(directory).doesNotExist();
    } finally {
      owner.destroyForcibly();
    }
  }

  @AfterEach
  void letPortGo() {
    if (kept != null) {
      kept.close();
    }
  }

  /** A client of the relay with a store of its own. */
  private static final class Editor implements AutoCloseable {
    private final WorkspaceStore store;
    private final WeftClient client;
    private final SharedText text;
    private final Progress progress = new Progress();

    Editor(KillableRelay relay, String name) {
      store = SqliteChangeStore.open(relay.storeDirectory(name), new SecureRandom());
      client =
          WeftClient.builder()
              .relay(relay.uri())
              .store(store)
              .closeWithin(Duration.ofSeconds(30))
              .build();
      text = client.open(NOTES);
      text.observe(change -> progress.made());
    }

    void await(String wanted) throws Exception {
      progress.await(wanted, () -> text.text().equals(wanted));
    }

    @Override
    public void close() {
      try (store) {
        client.close();
      }
    }
  }
}
