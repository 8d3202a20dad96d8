package dev.weft.bench;

import dev.weft.relay.RelayServer;
import dev.weft.store.ChangeStore;
import dev.weft.store.SqliteChangeStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A relay with its store on disk, set up as anybody's is, in a JVM of its own: what it collects and
 * compiles is not what the clients do. Not thread-safe.
 */
public final class RelayProcess implements AutoCloseable {
  /** A heap of one size, so that none is measured while it grows. */
  private static final List<String> HEAP = List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch");

  private static final int USUAL_MOST = 10_000;

  private final ChildProcess process;
  private final URI uri;

  private RelayProcess(ChildProcess process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  /**
   * Starts a relay on a free port of the loopback interface, whose heap does not grow.
   *
   * @param directory where its store is
   */
  public static RelayProcess start(Path directory) throws IOException {
    return start(directory, List.of());
  }

  /**
   * Starts such a relay.
   *
   * @param directory where its store is
   * @param before a command that is given the JVM's; empty for none
   */
  public static RelayProcess start(Path directory, List<String> before) throws IOException {
    return start(directory, before, HEAP, USUAL_MOST);
  }

  /**
   * Starts a relay on a free port of the loopback interface. What the environment variable
   * WEFT_RELAY_JAVA_OPTS says is given to its JVM, such as an option for a profile.
   *
   * @param directory where its store is
   * @param before a command that is given the JVM's, such as one that chooses its processors
   * @param jvmOptions further options of the JVM
   * @param most how many connections it takes, and how many documents
   */
  public static RelayProcess start(
      Path directory, List<String> before, List<String> jvmOptions, int most) throws IOException {
    List<String> options = new ArrayList<>(jvmOptions);
    String more = System.getenv("WEFT_RELAY_JAVA_OPTS");
    if (more != null && !more.isBlank()) {
      options.addAll(List.of(more.strip().split("\\s+")));
    }
    ChildProcess process =
        ChildProcess.startJvm(
            before,
            RelayProcess.class,
            options,
            List.of(directory.toString(), Integer.toString(most)));
    try {
      String line = process.readLine();
      while (!line.startsWith("ws:")) {
        // The JVM may have something to say about its options.
        line = process.readLine();
      }
      return new RelayProcess(process, URI.create(line));
    } catch (IOException e) {
      process.close();
      throw e;
    }
  }

  /** Returns where clients connect. */
  public URI uri() {
    return uri;
  }

  /** Returns how much of the processors' time it has used, where the system tells it. */
  public Optional<Duration> processorTime() {
    return process.processorTime();
  }

  /** Returns how much memory it has, where the system tells it. */
  public OptionalLong residentBytes() throws IOException {
    return process.residentBytes();
  }

  /** Has it collect garbage, and returns how much of its heap is in use then. */
  public long liveBytes() throws IOException {
    process.writeLine("live");
    return Long.parseLong(process.readLine());
  }

  /** Returns whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.close();
  }

  /**
   * Runs a relay until the standard input ends; for each line that comes there it tells how much of
   * the heap is in use. Arguments: DIRECTORY MOST_CONNECTIONS_AND_DOCUMENTS.
   */
  public static void main(String[] args) throws IOException {
    int most = Integer.parseInt(args[1]);
    try (ChangeStore store = SqliteChangeStore.open(Path.of(args[0]), new SecureRandom());
        RelayServer relay =
            RelayServer.builder().store(store).connections(most).documents(most).build()) {
      relay.start();
      System.out.println(relay.uri());
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      while (lines.readLine() != null) {
        System.gc();
        System.out.println(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
      }
    }
  }
}
