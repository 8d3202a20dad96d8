package dev.weft.bench;

import dev.weft.cli.trace.Trace;
import dev.weft.cli.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;

/** Finds the recorded traces: in the folder WEFT_TRACES, else in {@code ../shared/traces}. */
final class RecordedTraces {
  private RecordedTraces() {}

  /**
   * Reads a trace.
   *
   * @throws IOException if it is missing or not a trace
   */
  static Trace read(String name) throws IOException {
    String folder = System.getenv("WEFT_TRACES");
    Path file = Path.of(folder == null ? "../shared/traces" : folder, name + ".json.gz");
    try {
      return TraceReader.read(file);
    } catch (IOException e) {
      throw new IOException(
          e.getMessage() + " (WEFT_TRACES names the folder of traces, default ../shared/traces)",
          e);
    }
  }

  /** Ends the benchmark if a text is not the one that the trace ends with. */
  static void requireEndContent(Trace trace, String text) {
    if (!trace.endContent().map(text::equals).orElse(true)) {
      throw new AssertionError(trace.name() + ": the text is not the trace's endContent");
    }
  }
}
