package dev.weft.bench;

import dev.weft.cli.trace.Script;
import dev.weft.crdt.TextDocument;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jol.info.GraphLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Types a trace again and again into one document. */
@Command(
    name = "growth",
    description = {
      "Types a sequential trace N times into one document, every time in front of what is there,",
      "and prints time per edit and retained heap as the document grows; a gap buffer beside it."
    },
    mixinStandardHelpOptions = true)
final class GrowthMeasurement implements Callable<Integer> {
  private static final int WARM_UP_RUNS = 20;

  @Spec private CommandSpec spec;

  @Option(
      names = "--trace",
      paramLabel = "TRACE",
      defaultValue = "automerge-paper",
      description = "Which (default: ${DEFAULT-VALUE}).")
  private String trace;

  @Option(
      names = "--times",
      paramLabel = "N",
      defaultValue = "100",
      description = "How often (default: ${DEFAULT-VALUE}).")
  private int times;

  @Override
  public Integer call() throws IOException {
    Measurements.requirePositive(spec, "--times", times);
    Script script = Script.of(RecordedTraces.read(trace));
    for (int run = 0; run < WARM_UP_RUNS; run++) {
      script.typeAll(script.newDocument());
      type(script, new GapBuffer());
    }
    out()
        .printf(
            Locale.ROOT,
            "%s, %,d edits a time. ns/edit: of that time alone; mean: of all times so far.%n",
            trace,
            script.patchCount());
    out()
        .printf(
            "%6s %12s %9s %9s %14s %12s %14s%n",
            "time", "edits", "ns/edit", "mean", "retained", "bytes/edit", "buffer ns/edit");
    TextDocument document = script.newDocument();
    GapBuffer buffer = new GapBuffer();
    buffer.replace(0, 0, script.trace().startContent());
    long total = 0;
    for (int time = 1; time <= times; time++) {
      long nanos = type(script, document);
      long bufferNanos = type(script, buffer);
      total += nanos;
      if (isShown(time)) {
        long edits = (long) time * script.patchCount();
        long retained = GraphLayout.parseInstance(document).totalSize();
        out()
            .printf(
                Locale.ROOT,
                "%6d %,12d %9.1f %9.1f %,14d %12.2f %14.1f%n",
                time,
                edits,
                (double) nanos / script.patchCount(),
                (double) total / edits,
                retained,
                (double) retained / edits,
                (double) bufferNanos / script.patchCount());
      }
    }
    String text = document.text();
    if (!text.equals(buffer.text())) {
      throw new AssertionError("the document's text is not the gap buffer's");
    }
    if (script.trace().startContent().isEmpty()) {
      script
          .trace()
          .endContent()
          .ifPresent(
              end -> {
                if (!text.equals(end.repeat(times))) {
                  throw new AssertionError("the text is not " + times + " times the trace's");
                }
              });
    }
    return 0;
  }

  /** 1, 2, 5, 10, 20, 50 and so on, and the last. */
  private boolean isShown(int time) {
    int leading = time;
    while (leading % 10 == 0) {
      leading /= 10;
    }
    return leading == 1 || leading == 2 || leading == 5 || time == times;
  }

  private static long type(Script script, TextDocument document) {
    long started = System.nanoTime();
    script.typeAll(document);
    return System.nanoTime() - started;
  }

  private static long type(Script script, GapBuffer buffer) {
    long started = System.nanoTime();
    for (int patch = 0; patch < script.patchCount(); patch++) {
      buffer.replace(script.start(patch), script.end(patch), script.inserted(patch));
    }
    return System.nanoTime() - started;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
