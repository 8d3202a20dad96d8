package dev.weft.bench.peers;

import dev.weft.bench.RecordedTraces;
import dev.weft.cli.CommandFailure;
import dev.weft.cli.trace.Script;
import dev.weft.cli.trace.TraceFormatException;
import dev.weft.cli.trace.TraceReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft peers}: the same traces through this library and others, side by side. */
@Command(
    name = "peers",
    description = "Measures this library and its peers on recorded traces, side by side.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The traces lie in the folder that WEFT_TRACES names (default",
      "../shared/traces). What comes from npm needs Node 18 or newer and is",
      "installed on first use. After every run its text is compared. Exits 1 if",
      "something failed, or could not be measured for want of Node. All of it",
      "takes the best part of an hour."
    })
final class PeersCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "TRACE",
      arity = "0..*",
      description = "Traces by name, or files (default: all in the folder of traces).")
  private @Nullable List<String> traces;

  @Option(
      names = "--metric",
      paramLabel = "METRIC",
      split = ",",
      description = "Only these of local, remote, bulk, load, edit, size.")
  private @Nullable List<String> metricNames;

  @Option(
      names = "--peer",
      paramLabel = "PEER",
      split = ",",
      description =
          "Beside weft only these of gap-buffer, automerge-jvm, automerge-js, yjs, loro,"
              + " diamond-types.")
  private @Nullable List<String> peerNames;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description =
          "How many runs count (default: "
              + Repetition.LEAST_RUNS
              + " or more until they took "
              + Repetition.ENOUGH_SECONDS
              + " s, fewer if they take "
              + Repetition.TOO_LONG_SECONDS
              + " s).")
  private @Nullable Integer repeats;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "4",
      description = "How long runs before those that count warm up (default: ${DEFAULT-VALUE}).")
  private double warmUpSeconds;

  @Option(
      names = "--limit",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "When a run of 'local' or 'remote' is stopped (default: ${DEFAULT-VALUE}).")
  private double limitSeconds;

  @Option(names = "--json", description = "Prints one JSON object a line instead of tables.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailure, TraceFormatException {
    requireAtLeast("--repeat", 1, repeats == null ? 1 : repeats);
    requireAtLeast("--warm-up", 0, warmUpSeconds);
    requireAtLeast("--limit", 0.001, limitSeconds);
    Set<Metric> metrics = named("--metric", metricNames, Metric.class);
    Set<Library> libraries = named("--peer", peerNames, Library.class);
    libraries.add(Library.WEFT);
    Plan plan = new Plan(metrics, libraries, warmUpSeconds, limitSeconds, repeats);
    List<Path> files = files();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Report report = json ? new JsonReport(out) : new TableReport(plan, out, err);
    @Nullable String obstacle;
    try (Workers workers = Workers.open(plan)) {
      for (Path file : files) {
        measure(workers, file, report);
      }
      report.end(workers.nodeVersion());
      obstacle = workers.obstacle().orElse(null);
    } catch (TraceFormatException e) {
      throw e;
    } catch (IOException e) {
      throw new CommandFailure("the measurement ended early: " + e.getMessage(), e);
    }
    if (obstacle != null) {
      throw new CommandFailure(obstacle);
    }
    return report.failed() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
  }

  private void measure(Workers workers, Path file, Report report)
      throws IOException, TraceFormatException {
    Script script = Script.of(TraceReader.read(file));
    report.begin(script.trace());
    workers.measure(script, file, report::started, report::add);
  }

  private void requireAtLeast(String option, double least, double value) {
    if (!(value >= least)) {
      throw new ParameterException(
          spec.commandLine(),
          option + " must be at least " + plain(least) + ", is " + plain(value));
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /** Returns what the names mean, in the order in which all of it is declared. */
  private <T extends Enum<T>> Set<T> named(
      String option, @Nullable List<String> names, Class<T> type) {
    if (names == null) {
      return EnumSet.allOf(type);
    }
    Set<T> named = EnumSet.noneOf(type);
    for (String name : names) {
      named.add(
          EnumSet.allOf(type).stream()
              .filter(value -> value.toString().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          option + ": '" + name + "' is none of " + EnumSet.allOf(type))));
    }
    return named;
  }

  private List<Path> files() throws CommandFailure {
    try {
      if (traces == null) {
        return RecordedTraces.all();
      }
      List<Path> files = new ArrayList<>();
      for (String trace : traces) {
        files.add(file(trace));
      }
      return files;
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static Path file(String trace) throws IOException {
    Path file = Path.of(trace);
    return Files.exists(file) ? file : RecordedTraces.existing(trace);
  }
}
