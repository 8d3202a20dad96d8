package dev.weft.bench;

import dev.weft.cli.trace.Script;
import dev.weft.cli.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures this device's store: what it costs a typist, when it has what, and what it takes. */
@Command(
    name = "store",
    description = {
      "Types a sequential trace into a text whose store is on and off, and prints:",
      "what a keystroke costs, how long after it the store has it, how long the",
      "document takes to open, how large the files are, and the same records in",
      "H2's MVStore."
    },
    mixinStandardHelpOptions = true)
final class StoreMeasurement implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--trace",
      paramLabel = "TRACE",
      defaultValue = "automerge-paper",
      description = "Which (default: ${DEFAULT-VALUE}).")
  private String trace;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      defaultValue = "${sys:java.io.tmpdir}",
      description = "On whose disk it is measured (default: ${DEFAULT-VALUE}).")
  private Path directory;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often each is measured (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "20",
      description = "How often the trace is typed before (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How long a pace is kept, or written at most (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--openings",
      paramLabel = "N",
      defaultValue = "50",
      description = "How often the document is opened (default: ${DEFAULT-VALUE}).")
  private int openings;

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description = "Only these: ${COMPLETION-CANDIDATES} (default: all).")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  /** What is measured, in this order. */
  enum Part {
    KEYSTROKES,
    DURABILITY,
    OPENING,
    SIZE,
    MVSTORE
  }

  @Override
  public Integer call() throws IOException {
    Measurements.requirePositive(spec, "--rounds", rounds);
    Measurements.requirePositive(spec, "--warm-up", warmUp);
    Measurements.requirePositive(spec, "--seconds", seconds);
    Measurements.requirePositive(spec, "--openings", openings);
    Script script = Script.of(RecordedTraces.read(trace));
    if (script.trace().kind() != Trace.Kind.SEQUENTIAL) {
      throw new ParameterException(
          spec.commandLine(), "--trace must be sequential, " + trace + " is not");
    }
    for (Part part : Part.values()) {
      if (parts.contains(part)) {
        head(part);
        measure(part, script);
        out().println();
      }
    }
    return 0;
  }

  private void head(Part part) {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    out()
        .printf(
            Locale.ROOT,
            "%s (the machine's load over the last minute %.1f)%n",
            part.name().toLowerCase(Locale.ROOT),
            load);
  }

  private void measure(Part part, Script script) throws IOException {
    switch (part) {
      case KEYSTROKES -> {
        StoreKeystrokes keystrokes =
            new StoreKeystrokes(script, directory, rounds, warmUp, seconds);
        try (CollectorPauses pauses = new CollectorPauses()) {
          keystrokes.measure();
          keystrokes.print(out());
          out().println("  garbage: " + pauses.describe());
        }
      }
      case DURABILITY -> new StoreDurability(script, directory, seconds).measure(out());
      case OPENING -> new StoreOpening(script, directory, openings, rounds).measure(out());
      case SIZE -> new StoreSize(script, directory).measure(out());
      case MVSTORE ->
          new StoreBesideMvStore(script, directory, rounds, seconds, openings).measure(out());
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
