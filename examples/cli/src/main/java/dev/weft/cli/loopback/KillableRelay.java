package dev.weft.cli.loopback;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.weft.desktop.DemoRelay;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A relay in a process of its own, on a free port of the loopback address, with its store in a
 * temporary directory, where its clients' stores find a place too. It can be killed, and started
 * again on the same port with the same store. Process and files are gone when this is closed, and
 * also when the process of this ends without closing it. Thread-safe.
 */
public final class KillableRelay implements DemoRelay, AutoCloseable {
  private static final int END_WITHIN_SECONDS = 7;

  /** The options of this Java that one like it needs, and none that two must not have at once. */
  private static final List<String> PASSED_ON =
      List.of(
          "-Xshare",
          "-Xlog:disable",
          "-XX:SharedArchiveFile",
          "--enable-native-access",
          "--sun-misc-unsafe-memory-access");

  private final Path directory;

  // Guarded by this.
  private Process process;

  /** One for all who ask: each that {@link Process#onExit} returns is complete at its own time. */
  private CompletableFuture<Process> ended;

  private URI uri;
  private boolean closed;

  private KillableRelay(Path directory) throws IOException {
    this.directory = directory;
    process = launch(0);
    ended = process.onExit();
    uri = awaitReady(process);
  }

  /**
   * Starts a relay, and returns when clients can connect.
   *
   * @throws IOException if there is no place for its files, or it does not start
   */
  public static KillableRelay open() throws IOException {
    Path directory = Files.createTempDirectory("weft-demo");
    try {
      return new KillableRelay(directory);
    } catch (IOException e) {
      delete(directory);
      throw e;
    }
  }

  private Process launch(int port) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> PASSED_ON.stream().anyMatch(option::startsWith))
        .forEach(command::add);
    // It is not to take the processors from the windows while it starts.
    Stream.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp").forEach(command::add);
    command.add(System.getProperty("java.class.path"));
    command.add(RelayChild.class.getName());
    command.add(Integer.toString(port));
    command.add(directory.toString());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static URI awaitReady(Process process) throws IOException {
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    String line = lines.readLine();
    while (line != null && !line.startsWith(RelayChild.READY)) {
      if (line.startsWith(RelayChild.FAILED)) {
        throw new IOException("the relay " + line);
      }
      // Java may have something to say about its options.
      line = lines.readLine();
    }
    if (line == null) {
      throw new IOException(
          "the relay's process ended as it started, with exit status "
              + process.onExit().join().exitValue());
    }
    return URI.create(line.substring(RelayChild.READY.length()));
  }

  @Override
  public synchronized URI uri() {
    return uri;
  }

  /** Returns a place for what a client keeps. */
  public Path storeDirectory(String name) {
    return directory.resolve(name);
  }

  @Override
  public void start() throws IOException {
    Process starting;
    synchronized (this) {
      if (closed || isRunning()) {
        throw new IllegalStateException(closed ? "it is closed" : "it runs");
      }
      starting = launch(uri.getPort());
      process = starting;
      ended = starting.onExit();
    }
    // Not while others wait: closing ends a start that takes long.
    awaitReady(starting);
  }

  @Override
  public void kill() {
    CompletableFuture<Process> end;
    synchronized (this) {
      process.destroyForcibly();
      end = ended;
    }
    end.join();
  }

  @Override
  public synchronized CompletableFuture<?> ended() {
    return ended.copy();
  }

  /** Ends the process, by force if it takes long, and deletes all files. */
  @Override
  public void close() throws IOException {
    Process running;
    CompletableFuture<Process> end;
    synchronized (this) {
      closed = true;
      running = process;
      end = ended;
    }
    try {
      running.getOutputStream().close();
      if (!running.waitFor(END_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        running.destroyForcibly();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    end.join();
    if (Files.exists(directory)) {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    // Nobody else writes there, so no symbolic link can lead out of it.
    MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
  }
}
