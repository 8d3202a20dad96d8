package dev.weft.bench.wire;

import dev.weft.bench.Measurements;
import dev.weft.bench.RecordedTraces;
import dev.weft.bench.peers.NodePeers;
import dev.weft.bench.peers.NodePeers.MissingException;
import dev.weft.bench.peers.PreparedScript;
import dev.weft.cli.trace.Script;
import dev.weft.cli.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import picocli.CommandLine.Spec;

/** Counts what a keystroke takes on the wire, beside y-websocket and Hocuspocus. */
@Command(
    name = "wire",
    description = {
      "Has the beginning of a trace typed by an author whom a reader follows, through",
      "each library's own server, and prints the bytes and WebSocket frames that go",
      "each way for a keystroke, counted between the clients and the server. What",
      "comes from npm needs Node 18 or newer and is installed on first use."
    },
    mixinStandardHelpOptions = true)
public final class WireMeasurement implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--trace",
      paramLabel = "TRACE",
      defaultValue = "automerge-paper",
      description = "Which, by name (default: ${DEFAULT-VALUE}).")
  private String trace;

  @Option(
      names = "--edits",
      paramLabel = "N",
      defaultValue = "5000",
      description = "How many of its first edits are typed (default: ${DEFAULT-VALUE}).")
  private int edits;

  @Option(
      names = "--library",
      paramLabel = "LIBRARY",
      split = ",",
      description = "Only these: ${COMPLETION-CANDIDATES} (default: all).")
  private Set<WireLibrary> libraries = EnumSet.allOf(WireLibrary.class);

  @Option(
      names = "--only",
      paramLabel = "CASE",
      split = ",",
      description =
          "Only these: ${COMPLETION-CANDIDATES} (default: both). In the first each keystroke waits"
              + " until the reader has seen the one before.")
  private Set<Typing> cases = EnumSet.allOf(Typing.class);

  @Option(
      names = "--pace",
      paramLabel = "N",
      defaultValue = "20",
      description = "Keystrokes a second in the second case (default: ${DEFAULT-VALUE}).")
  private int pace;

  @Option(
      names = "--round-trip",
      paramLabel = "MILLIS",
      defaultValue = "100",
      description = "What the link adds in the second case (default: ${DEFAULT-VALUE}).")
  private int roundTrip;

  @Option(names = "--json", description = "Prints one JSON object a line instead of tables.")
  private boolean json;

  /** How it is typed, in this order. */
  enum Typing {
    SINGLE,
    BATCHED
  }

  @Override
  public Integer call() throws IOException {
    Measurements.requirePositive(spec, "--edits", edits);
    Measurements.requirePositive(spec, "--pace", pace);
    Measurements.requirePositive(spec, "--round-trip", roundTrip);
    Script script = Script.of(RecordedTraces.read(trace));
    if (script.trace().kind() != Trace.Kind.SEQUENTIAL) {
      throw new ParameterException(
          spec.commandLine(), "--trace must be sequential, " + trace + " is not");
    }
    if (edits > script.patchCount()) {
      throw new ParameterException(
          spec.commandLine(),
          "--edits must be at most " + script.patchCount() + ", as many as there are, is " + edits);
    }
    List<String> fromNpm =
        libraries.stream().filter(WireLibrary::needsNode).map(WireLibrary::title).toList();
    @Nullable NodePeers node = null;
    @Nullable String obstacle = null;
    if (!fromNpm.isEmpty()) {
      try {
        node = NodePeers.open(fromNpm);
      } catch (MissingException e) {
        obstacle = e.sentence();
      }
    }
    Path prepared = Files.createTempFile("weft-wire", ".json");
    try {
      PreparedScript.write(script, prepared);
      measure(new WireRun(script, trace, prepared, edits, node), node != null);
    } finally {
      Files.delete(prepared);
    }
    if (obstacle != null) {
      spec.commandLine().getErr().println(obstacle);
      return CommandLine.ExitCode.SOFTWARE;
    }
    return CommandLine.ExitCode.OK;
  }

  private void measure(WireRun run, boolean hasNode) throws IOException {
    WireReport report = new WireReport(spec.commandLine().getOut(), json, edits);
    for (Typing typing : cases) {
      WireCase how =
          typing == Typing.SINGLE
              ? new WireCase(0, Duration.ZERO)
              : new WireCase(pace, Duration.ofMillis(roundTrip));
      report.begin(how);
      for (WireLibrary library : measurable(how, hasNode)) {
        report.add(library, how, run.measure(library, how));
      }
      report.end();
    }
  }

  /** Who batches has nothing to batch where each keystroke waits. */
  private List<WireLibrary> measurable(WireCase how, boolean hasNode) {
    List<WireLibrary> measurable = new ArrayList<>(libraries);
    measurable.removeIf(library -> library.needsNode() && !hasNode);
    if (how.isOneByOne()) {
      measurable.remove(WireLibrary.HOCUSPOCUS_BATCHING);
    }
    return measurable;
  }
}
