package dev.weft.bench;

import dev.weft.relay.RelayServer;
import dev.weft.store.ChangeStore;
import dev.weft.store.SqliteChangeStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A relay with its store on disk, set up as anybody's is, in a JVM of its own: what it collects and
 * compiles is not what the clients do. Not thread-safe.
 */
public final class RelayProcess implements AutoCloseable {
  /** A heap of one size, so that none is measured while it grows. */
  private static final List<String> HEAP = List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch");

  private final ChildProcess process;
  private final URI uri;

  private RelayProcess(ChildProcess process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  /**
   * Starts a relay on a free port of the loopback interface. What the environment variable
   * WEFT_RELAY_JAVA_OPTS says is given to its JVM, such as an option for a profile.
   *
   * @param directory where its store is
   */
  public static RelayProcess start(Path directory) throws IOException {
    List<String> options = new ArrayList<>(HEAP);
    String more = System.getenv("WEFT_RELAY_JAVA_OPTS");
    if (more != null && !more.isBlank()) {
      options.addAll(List.of(more.strip().split("\\s+")));
    }
    ChildProcess process =
        ChildProcess.startJvm(RelayProcess.class, options, List.of(directory.toString()));
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

  @Override
  public void close() {
    process.close();
  }

  /** Runs a relay whose store is in the directory given, until the standard input ends. */
  public static void main(String[] args) throws IOException {
    try (ChangeStore store = SqliteChangeStore.open(Path.of(args[0]), new SecureRandom());
        RelayServer relay = RelayServer.builder().store(store).build()) {
      relay.start();
      System.out.println(relay.uri());
      while (System.in.read() >= 0) {
        // Nothing is said to it; it only waits for the end.
      }
    }
  }
}
