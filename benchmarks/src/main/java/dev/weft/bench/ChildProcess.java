package dev.weft.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Another process of a measurement, with a heap and processors' time of its own. It tells what it
 * has to tell on lines of its standard output, and is to end when its standard input does; so it
 * also ends with the process that started it. Not thread-safe.
 */
public final class ChildProcess implements AutoCloseable {
  private static final long BYTES_PER_KB = 1_024;
  private static final Duration END_WITHIN = Duration.ofSeconds(30);

  /**
   * A command before a JVM's that lets it have what others leave of the processors: for a process
   * that stands for another machine.
   */
  public static final List<String> AS_ELSEWHERE = List.of("nice", "-n", "19");

  private final String name;
  private final Process process;
  private final BufferedReader lines;

  private ChildProcess(String name, List<String> command) throws IOException {
    this.name = name;
    this.process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    this.lines = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a command. */
  public static ChildProcess start(String name, List<String> command) throws IOException {
    return new ChildProcess(name, command);
  }

  /** Starts a main class of the benchmarks in a JVM of its own. */
  public static ChildProcess startJvm(
      Class<?> main, List<String> jvmOptions, List<String> arguments) throws IOException {
    return startJvm(List.of(), main, jvmOptions, arguments);
  }

  /**
   * Starts a main class of the benchmarks in a JVM of its own.
   *
   * @param before a command that is given the JVM's, such as one that chooses its processors; empty
   *     for none
   */
  public static ChildProcess startJvm(
      List<String> before, Class<?> main, List<String> jvmOptions, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    return new ChildProcess(main.getSimpleName(), command);
  }

  /**
   * Waits for the next line that it prints.
   *
   * @throws IOException if it ends without one
   */
  public String readLine() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new IOException(
          name + " ended early, with exit status " + process.onExit().join().exitValue());
    }
    return line;
  }

  /** Tells it a line. */
  public void writeLine(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Asks it to end, by ending its input; what it still prints can be read. */
  public void endInput() throws IOException {
    process.getOutputStream().close();
  }

  /** Returns how much of the processors' time it has used, where the system tells it. */
  public Optional<Duration> processorTime() {
    return process.info().totalCpuDuration();
  }

  /** Returns how much memory it has, where the system tells it. */
  public OptionalLong residentBytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!process.isAlive() || !Files.exists(status)) {
      return OptionalLong.empty();
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KB)
        .findFirst();
  }

  /** Returns whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Ends the process, by force if it takes long, and waits for that. */
  @Override
  public void close() {
    try {
      endInput();
      if (!process.waitFor(END_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      // Its input is gone because it is.
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    process.onExit().join();
  }
}
