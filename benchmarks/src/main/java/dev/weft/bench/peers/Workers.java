package dev.weft.bench.peers;

import dev.weft.bench.peers.NodePeers.MissingException;
import dev.weft.cli.trace.Script;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts a process for each library and trace, one at a time, so that none of them finds another's
 * garbage, compiled code or memory. Closing it removes the files it handed to them. Not
 * thread-safe.
 */
final class Workers implements AutoCloseable {
  /** Nothing takes so long on a trace unless it hangs. */
  private static final int PATIENCE_MINUTES = 40;

  private static final String PREPARED = "script.json";

  private final Plan plan;
  private final Optional<NodePeers> node;
  private final Optional<MissingException> obstacle;
  private final Path folder;
  private final Path errors;
  private final Thread stopCurrent = new Thread(this::stopCurrent);
  private volatile @Nullable Process current;

  private Workers(Plan plan, Optional<NodePeers> node, Optional<MissingException> obstacle)
      throws IOException {
    this.plan = plan;
    this.node = node;
    this.obstacle = obstacle;
    this.folder = Files.createTempDirectory("weft-peers");
    this.errors = folder.resolve("errors");
    Runtime.getRuntime().addShutdownHook(stopCurrent);
  }

  /** Finds out what can be measured here, and installs what comes from npm where it is missing. */
  static Workers open(Plan plan) throws IOException {
    boolean needsNode =
        plan.libraries().stream().anyMatch(library -> library.npmPackage().isPresent());
    if (!needsNode) {
      return new Workers(plan, Optional.empty(), Optional.empty());
    }
    try {
      return new Workers(plan, Optional.of(NodePeers.open(plan.libraries())), Optional.empty());
    } catch (MissingException e) {
      return new Workers(plan, Optional.empty(), Optional.of(e));
    }
  }

  /** Returns the version of Node that runs the libraries from npm, if there is any to run. */
  Optional<String> nodeVersion() {
    return node.map(NodePeers::version);
  }

  /** Returns why the libraries from npm are not measured, if they are not. */
  Optional<String> obstacle() {
    return obstacle.map(MissingException::sentence);
  }

  /** Measures everything that the plan asks for on one trace, this library first. */
  void measure(Script script, Path trace, Consumer<Library> started, Consumer<Result> results)
      throws IOException {
    Path prepared = folder.resolve(PREPARED);
    if (node.isPresent()) {
      PreparedScript.write(script, prepared);
    }
    for (Library library : plan.libraries()) {
      List<String> command;
      if (library.npmPackage().isEmpty()) {
        command = jvm(library, trace);
      } else if (node.isPresent()) {
        command = node.get().command(library, prepared, plan);
      } else {
        String reason = obstacle.orElseThrow().reason();
        for (Metric metric : plan.metrics()) {
          results.accept(Result.notMeasured(library, metric, reason));
        }
        continue;
      }
      started.accept(library);
      run(library, command, results);
    }
  }

  /** An interrupted command leaves no process behind. */
  private void stopCurrent() {
    Process process = current;
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private List<String> jvm(Library library, Path trace) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(JvmWorker.class.getName());
    command.add(library.toString());
    command.add(trace.toString());
    command.addAll(plan.arguments());
    return command;
  }

  /** Hands on what a worker prints; for what it leaves out, why. */
  private void run(Library library, List<String> command, Consumer<Result> results)
      throws IOException {
    Set<Metric> missing = EnumSet.copyOf(plan.metrics());
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    current = process;
    process.getOutputStream().close();
    CompletableFuture<Boolean> tooLong =
        new CompletableFuture<Boolean>()
            .completeOnTimeout(true, PATIENCE_MINUTES, TimeUnit.MINUTES);
    CompletableFuture<Void> stopped =
        tooLong.thenAccept(
            late -> {
              if (late) {
                process.destroyForcibly();
              }
            });
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Result result = Result.parse(line);
        missing.remove(result.metric());
        results.accept(result);
      }
      process.onExit().join();
    } finally {
      tooLong.complete(false);
      process.destroyForcibly();
    }
    if (!missing.isEmpty()) {
      String reason =
          tooLong.join() && stopped.isDone()
              ? "it was stopped after " + PATIENCE_MINUTES + " minutes"
              : lastWords(process.exitValue());
      for (Metric metric : missing) {
        results.accept(Result.failed(library, metric, reason));
      }
    }
  }

  private String lastWords(int status) throws IOException {
    List<String> said =
        Files.readAllLines(errors, StandardCharsets.UTF_8).stream()
            .filter(line -> !line.isBlank())
            .toList();
    return said.isEmpty()
        ? "its process ended with status " + status + " and said nothing"
        : said.get(said.size() - 1).strip();
  }

  @Override
  public void close() throws IOException {
    Runtime.getRuntime().removeShutdownHook(stopCurrent);
    Files.deleteIfExists(folder.resolve(PREPARED));
    Files.deleteIfExists(errors);
    Files.deleteIfExists(folder);
  }
}
