package dev.weft.cli;

import dev.weft.cli.trace.DivergedException;
import dev.weft.cli.trace.ReplayResult;
import dev.weft.cli.trace.Trace;
import dev.weft.cli.trace.TraceFormatException;
import dev.weft.cli.trace.TraceReader;
import dev.weft.cli.trace.TraceReplay;
import dev.weft.cli.trace.TraceReplay.Mode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code weft replay}: times a recorded editing history, and checks the text that it ends with. */
@Command(
    name = "replay",
    description = "Replays a recorded editing history and times it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Up to "
          + TraceReplay.WARM_UP_RUNS
          + " runs before those that count warm up (fewer once they took "
          + TraceReplay.WARM_UP_SECONDS
          + " s). Reading the trace is in no figure.",
      "Exits 1 if the text is not the trace's endContent."
    })
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "TRACE", description = "A trace in JSON, plain or gzipped.")
  private Path file;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "live",
      converter = ModeName.class,
      description = {
        "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
        "local: the edits of a sequential trace at one replica; of others what their authors type.",
        "remote: each transaction's update applied to another replica, one by one.",
        "bulk: the whole history as one update, applied to an empty replica.",
        "load: a snapshot opened and its text read.",
        "live: every author a replica that receives what its parents name before it types.",
        "relay: as live, but every author is a client of a real relay, over loopback WebSockets."
      })
  private Mode mode;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description =
          "How many runs count (default: "
              + TraceReplay.DEFAULT_RUNS
              + ", or as many as are begun within "
              + TraceReplay.DEFAULT_SECONDS
              + " s).")
  private @Nullable Integer repeats;

  @Option(names = "--json", description = "Prints one JSON object instead of words.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailure, TraceFormatException, DivergedException {
    if (repeats != null && repeats < 1) {
      throw new ParameterException(
          spec.commandLine(), "--repeat must be at least 1, is " + repeats);
    }
    Trace trace = TraceReader.read(file);
    OptionalInt runs = repeats == null ? OptionalInt.empty() : OptionalInt.of(repeats);
    ReplayResult result = replay(trace, runs);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      printJson(out, result);
    } else {
      printWords(out, result);
    }
    return result.matches().orElse(true) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private ReplayResult replay(Trace trace, OptionalInt runs)
      throws CommandFailure, TraceFormatException, DivergedException {
    try {
      return TraceReplay.replay(trace, mode, runs);
    } catch (TraceFormatException e) {
      throw e;
    } catch (IOException e) {
      throw new CommandFailure("the replay of " + trace.name() + " failed: " + e.getMessage(), e);
    }
  }

  private static void printJson(PrintWriter out, ReplayResult result) {
    JsonLine.print(
        out,
        line -> {
          line.writeStringField("trace", result.trace().name());
          line.writeStringField("mode", result.mode().toString());
          line.writeNumberField("events", result.trace().events());
          line.writeNumberField("transactions", result.trace().recordedTransactions());
          line.writeFieldName("medianMillis");
          line.writeNumber(millis(result.medianMillis()));
          line.writeFieldName("minMillis");
          line.writeNumber(millis(result.minMillis()));
          line.writeNumberField("characters", result.characters());
          line.writeStringField("sha256", result.sha256());
          if (result.matches().isPresent()) {
            line.writeBooleanField("matches", result.matches().get());
          } else {
            line.writeNullField("matches");
          }
          line.writeNumberField("encodedBytes", result.encodedBytes());
        });
  }

  private static void printWords(PrintWriter out, ReplayResult result) {
    Trace trace = result.trace();
    out.printf(
        Locale.ROOT,
        "%s, %s: %,d events in %,d transactions%n",
        trace.name(),
        result.mode(),
        trace.events(),
        trace.recordedTransactions());
    out.printf(
        Locale.ROOT,
        "time: median %s ms, shortest %s ms of %d runs%n",
        millis(result.medianMillis()),
        millis(result.minMillis()),
        result.runs());
    out.printf(Locale.ROOT, "text: %,d characters, %s%n", result.characters(), verdict(result));
    out.printf(Locale.ROOT, "full history: %,d bytes%n", result.encodedBytes());
    out.flush();
  }

  private static String verdict(ReplayResult result) {
    if (result.matches().isEmpty()) {
      return "the trace does not say which text it must be";
    }
    return result.difference().map(how -> "NOT the trace's: " + how).orElse("as the trace says");
  }

  /** Microseconds are the finest that a run of a trace can be told apart by. */
  private static String millis(double millis) {
    return String.format(Locale.ROOT, "%.3f", millis);
  }

  /** Reads a mode by the name that scripts use. */
  static final class ModeName implements ITypeConverter<Mode> {
    @Override
    public Mode convert(String value) {
      return Arrays.stream(Mode.values())
          .filter(mode -> mode.toString().equals(value))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + value + "' is none of " + Arrays.toString(Mode.values())));
    }
  }
}
