package dev.weft.lab.day;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A process that lines are told to and heard from, and that can be frozen and killed. It dies with
 * this one. Thread-safe, but that it is not told two things at once.
 */
final class DayProcess {
  private static final Duration GONE_WITHIN = Duration.ofSeconds(20);

  private final Process process;
  private final Thread listener;

  private DayProcess(String name, Process process, Consumer<String> heard) {
    this.process = process;
    this.listener = new Thread(() -> listen(heard), "listens to " + name);
    listener.setDaemon(true);
    listener.start();
  }

  /**
   * Starts a main class, on this class path.
   *
   * @param log where its standard error goes, behind what is there
   * @param heard is given each line that it prints, on one thread
   */
  static DayProcess start(
      String name, Class<?> main, Path log, Consumer<String> heard, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A short life on few cores.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    String logback = System.getProperty("logback.configurationFile");
    if (logback != null) {
      command.add("-Dlogback.configurationFile=" + logback);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    File errors = log.toFile();
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(errors))
              .start();
      return new DayProcess(name, process, heard);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listen(Consumer<String> heard) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        heard.accept(line);
      }
    } catch (IOException e) {
      // It is gone, and has said what it said.
    }
  }

  /** Tells it a line; one that is gone is told nothing. */
  void tell(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      // It is gone, which its exit status tells.
    }
  }

  void freeze(boolean frozen) throws IOException, InterruptedException {
    signal(frozen ? "STOP" : "CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("no signal " + name + " to process " + process.pid());
    }
  }

  /** Ends it as {@code kill -9} does; returns when it is gone and all it said was heard. */
  void kill() throws InterruptedException {
    // Not through the process itself, which would close the output before it is read to its end.
    process.toHandle().destroyForcibly();
    OptionalInt unused = awaitEnd(GONE_WITHIN);
  }

  /** Asks it to end, as SIGTERM does. */
  void terminate() {
    process.toHandle().destroy();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Returns its exit status when it has ended; empty if it does not within a time. */
  OptionalInt awaitEnd(Duration within) throws InterruptedException {
    if (!process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS)) {
      return OptionalInt.empty();
    }
    listener.join(GONE_WITHIN.toMillis());
    return OptionalInt.of(process.exitValue());
  }

  /** Waits for what a process is to say. */
  static <T> T await(CompletableFuture<T> said, Duration within, String what) throws IOException {
    try {
      return said.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(what + " within " + within.toSeconds() + " s: not so", e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IOException(what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(what, e);
    }
  }

  static void killQuietly(@Nullable DayProcess process) {
    if (process != null) {
      process.process.toHandle().destroyForcibly();
    }
  }
}
