package dev.weft.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code weft relay} as a process of its own, which can be killed. */
final class RelayProcess implements AutoCloseable {
  private static final String READY = "listening on ";
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final URI uri;

  private RelayProcess(Process process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  /** Starts a relay on a free port and returns when it is ready. */
  static RelayProcess start(Path data) throws Exception {
    return start(data, 0);
  }

  /** Starts a relay on a port and returns when it is ready. */
  static RelayProcess start(Path data, int port) throws Exception {
    return start(Weft.class, "relay", "--port", String.valueOf(port), "--data", data.toString());
  }

  /** Starts a program that says as a relay does when it is ready, and returns then. */
  static RelayProcess start(Class<?> program, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dweft.log=WARN",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      return new RelayProcess(process, awaitReady(process));
    } catch (Exception e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static URI awaitReady(Process process) throws Exception {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line =
        CompletableFuture.supplyAsync(() -> readLine(out)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!line.startsWith(READY)) {
      throw new AssertionError("the relay did not say that it listens but: " + line);
    }
    return URI.create(line.substring(READY.length()));
  }

  private static String readLine(BufferedReader out) {
    try {
      return String.valueOf(out.readLine());
    } catch (IOException e) {
      return e.toString();
    }
  }

  String uri() {
    return uri.toString();
  }

  int port() {
    return uri.getPort();
  }

  long pid() {
    return process.pid();
  }

  /** Kills the process as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
    exitStatus();
  }

  /** Asks the process to end, as {@code kill} does, and returns its exit status. */
  int terminate() {
    process.destroy();
    return exitStatus();
  }

  /** Waits for the process to end by itself, and returns its exit status. */
  int exitStatus() {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the relay did not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
