package dev.weft.bench;

import dev.weft.cli.trace.Trace;
import dev.weft.cli.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the recorded traces: in the folder WEFT_TRACES, else in {@code ../shared/traces} beside the
 * project.
 */
public final class RecordedTraces {
  private static final String SUFFIX = ".json.gz";
  private static final String HINT =
      " (WEFT_TRACES names the folder of traces, default ../shared/traces)";

  private RecordedTraces() {}

  /**
   * Returns the file of a trace, by the trace's name or the file's.
   *
   * @throws IOException if it is missing
   */
  public static Path existing(String name) throws IOException {
    Path file = folder().resolve(name.endsWith(SUFFIX) ? name : name + SUFFIX);
    if (!Files.exists(file)) {
      throw new IOException("no trace " + file + HINT);
    }
    return file;
  }

  /** Returns whether these traces, by name, are there. */
  public static boolean areThere(String... names) {
    return Arrays.stream(names).allMatch(name -> Files.exists(folder().resolve(name + SUFFIX)));
  }

  /**
   * Returns the files of all traces, by name.
   *
   * @throws IOException if there are none
   */
  public static List<Path> all() throws IOException {
    Path folder = folder();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        List<Path> traces =
            files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
        if (!traces.isEmpty()) {
          return traces;
        }
      }
    }
    throw new IOException("no traces in " + folder + HINT);
  }

  /**
   * Reads a trace.
   *
   * @throws IOException if it is missing or not a trace
   */
  public static Trace read(String name) throws IOException {
    return TraceReader.read(existing(name));
  }

  private static Path folder() {
    String named = System.getenv("WEFT_TRACES");
    return named == null
        ? ProjectFolder.path().resolveSibling("shared").resolve("traces")
        : Path.of(named);
  }

  /** Ends the benchmark if a text is not the one that the trace ends with. */
  static void requireEndContent(Trace trace, String text) {
    if (!trace.endContent().map(text::equals).orElse(true)) {
      throw new AssertionError(trace.name() + ": the text is not the trace's endContent");
    }
  }
}
