package dev.weft.lab.day;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The relay: {@code weft relay} on one port and one store, as one process after the other. Confined
 * to a thread.
 */
final class Relay implements AutoCloseable {
  private static final String READY = "listening on ws://127.0.0.1:";
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration DRAINED_WITHIN = Duration.ofSeconds(30);

  private final Path store;
  private final Path log;
  private int port;
  private @Nullable DayProcess process;

  Relay(Path store, Path directory) {
    this.store = store;
    this.log = directory.resolve("relay.log");
  }

  Path store() {
    return store;
  }

  /** Returns what all its processes logged. */
  Path log() {
    return log;
  }

  int port() {
    return port;
  }

  /** Starts a process, on the port of those before it; returns when clients can connect. */
  void start() throws IOException {
    CompletableFuture<Integer> ready = new CompletableFuture<>();
    process =
        DayProcess.start(
            "relay",
            RelayMain.class,
            log,
            line -> {
              if (line.startsWith(READY)) {
                ready.complete(Integer.valueOf(line.substring(READY.length())));
              }
            },
            List.of("relay", "--port", Integer.toString(port), "--data", store.toString()));
    port = DayProcess.await(ready, READY_WITHIN, "the relay is ready");
  }

  private DayProcess running() {
    DayProcess running = process;
    if (running == null) {
      throw new IllegalStateException("the relay has not been started");
    }
    return running;
  }

  void freeze(boolean frozen) throws IOException, InterruptedException {
    running().freeze(frozen);
  }

  void kill() throws IOException, InterruptedException {
    if (!running().isAlive()) {
      throw new IOException("the relay has ended by itself");
    }
    running().kill();
  }

  /** Drains it. */
  void stop() throws IOException, InterruptedException {
    running().terminate();
    OptionalInt status = running().awaitEnd(DRAINED_WITHIN);
    if (status.isEmpty() || status.getAsInt() != 0) {
      throw new IOException("the relay, asked to drain, ended so: " + status);
    }
  }

  @Override
  public void close() {
    DayProcess.killQuietly(process);
  }
}
