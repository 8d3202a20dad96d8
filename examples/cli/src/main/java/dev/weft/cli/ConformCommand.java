package dev.weft.cli;

import dev.weft.cli.trace.Conformance;
import dev.weft.cli.trace.Trace;
import dev.weft.cli.trace.TraceFormatException;
import dev.weft.cli.trace.TraceReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft conform}: checks that recorded histories reach the texts that they must. */
@Command(
    name = "conform",
    description = "Replays every history of a conformance file and compares the texts.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Each history is replayed live, from its updates in reverse order, from one update, and from",
      "a snapshot. Exits 1 if any text differs."
    })
final class ConformCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "A list of histories with endContent, or one, in JSON, plain or gzipped.")
  private Path file;

  @Option(names = "--json", description = "Prints one JSON object instead of words.")
  private boolean json;

  @Override
  public Integer call() throws TraceFormatException {
    List<Trace> histories = TraceReader.readAll(file);
    List<String> failures = new ArrayList<>();
    for (Trace history : histories) {
      Conformance.check(history).ifPresent(failures::add);
    }
    int passed = histories.size() - failures.size();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      JsonLine.print(
          out,
          line -> {
            line.writeStringField("file", String.valueOf(file.getFileName()));
            line.writeNumberField("passed", passed);
            line.writeNumberField("failed", failures.size());
            line.writeArrayFieldStart("failures");
            for (String failure : failures) {
              line.writeString(failure);
            }
            line.writeEndArray();
          });
    } else {
      PrintWriter err = spec.commandLine().getErr();
      failures.forEach(err::println);
      err.flush();
      out.println(passed + " passed, " + failures.size() + " failed");
      out.flush();
    }
    return failures.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
