package dev.weft.bench.latency;

import dev.weft.bench.Measurements;
import dev.weft.bench.latency.LatencyRun.Outcome;
import dev.weft.bench.latency.Scenario.FloodAt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures how long keystrokes take to their readers, and saves to their receipts. */
@Command(
    name = "latency",
    description = {
      "Has clients type and save through a relay on this machine, and prints how long",
      "it takes until a reader is told of a keystroke, and a save has its receipt:",
      "from the call, and from when it was due. The relay has a process and a store",
      "on disk of its own; the clients share one process. WEFT_RELAY_JAVA_OPTS goes to",
      "the JVM of the relay."
    },
    mixinStandardHelpOptions = true)
public final class LatencyMeasurement implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--clients",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,100,1000",
      description =
          "How many, in groups of four around a document, of which two write; 1 is a writer and its"
              + " reader (default: ${DEFAULT-VALUE}).")
  private List<Integer> clients;

  /**
   * A client has half a dozen threads. A thousand clients in one process do not get by with two
   * processors: what is measured then is how they hand a keystroke from thread to thread, which no
   * device of a user does for so many.
   */
  @Option(
      names = "--whole-clients",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "Of more clients than that, the rest are lean: they say and read what a client does, and"
              + " are not timed (default: ${DEFAULT-VALUE}).")
  private int wholeClients;

  @Option(
      names = "--flood",
      paramLabel = "WHERE",
      split = ",",
      description =
          "Where a neighbour types as fast as it can, of ${COMPLETION-CANDIDATES}: into another"
              + " document, or into one of theirs (default: one after the other).")
  private Set<FloodAt> floods = EnumSet.allOf(FloodAt.class);

  @Option(
      names = "--flood-pace",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The neighbour's keystrokes a second, 0 for as fast as it can (default:"
              + " ${DEFAULT-VALUE}).")
  private int floodPace;

  @Option(
      names = "--pace",
      paramLabel = "N",
      defaultValue = "5",
      description = "Keystrokes a second of each writer (default: ${DEFAULT-VALUE}).")
  private int pace;

  @Option(
      names = "--save-every",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "How often each writer saves (default: ${DEFAULT-VALUE}).")
  private int saveEvery;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long each case is measured (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--settle",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "How long is typed before it counts (default: ${DEFAULT-VALUE}).")
  private int settle;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "20",
      description =
          "How long eight clients type fast before all others connect (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      defaultValue = "${sys:java.io.tmpdir}",
      description = "On whose disk the stores are (default: ${DEFAULT-VALUE}).")
  private Path directory;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "When keys are pressed (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "Prints one JSON object a line instead of tables.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    clients.forEach(count -> requireGroups("--clients", count));
    requireGroups("--whole-clients", wholeClients);
    Measurements.requirePositive(spec, "--pace", pace);
    Measurements.requirePositive(spec, "--save-every", saveEvery);
    Measurements.requirePositive(spec, "--seconds", seconds);
    Measurements.requireNotNegative(spec, "--flood-pace", floodPace);
    Measurements.requireNotNegative(spec, "--settle", settle);
    Measurements.requireNotNegative(spec, "--warm-up", warmUp);
    Conditions conditions =
        new Conditions(
            Duration.ofSeconds(seconds),
            Duration.ofSeconds(warmUp),
            Duration.ofSeconds(settle),
            pace,
            Duration.ofSeconds(saveEvery),
            floodPace,
            directory,
            wholeClients,
            seed);
    LatencyReport report = new LatencyReport(spec.commandLine().getOut(), json);
    boolean failed = false;
    for (int count : clients) {
      for (FloodAt flood : floods) {
        Scenario scenario = new Scenario(count, flood);
        Outcome outcome = new LatencyRun(scenario, conditions).measure();
        report.print(scenario, outcome);
        failed |= outcome.missing() + outcome.savesRefused() > 0;
      }
    }
    return failed ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
  }

  private void requireGroups(String option, int count) {
    if (count != 1 && (count < Crowd.GROUP_SIZE || count % Crowd.GROUP_SIZE != 0)) {
      throw new ParameterException(
          spec.commandLine(),
          option + " must be 1 or a multiple of " + Crowd.GROUP_SIZE + ", is " + count);
    }
  }
}
