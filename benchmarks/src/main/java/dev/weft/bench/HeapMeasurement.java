package dev.weft.bench;

import com.sun.management.ThreadMXBean;
import dev.weft.cli.trace.Script;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jol.info.GraphLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Weighs a document after a trace, and what the JVM allocates for a keystroke on the way. */
@Command(
    name = "heap",
    description = {
      "Types sequential traces and prints, for each: what is reachable from the document in the end",
      "(JOL), what is from one opened from its snapshot, and what was allocated for an edit."
    },
    mixinStandardHelpOptions = true)
final class HeapMeasurement implements Callable<Integer> {
  private static final int WARM_UP_RUNS = 20;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "TRACE",
      arity = "0..*",
      description = "Traces by name (default: the four sequential ones).")
  private List<String> traces =
      List.of("automerge-paper", "seph-blog1", "rustcode", "sveltecomponent");

  @Option(names = "--classes", description = "Prints what the bytes are, by class.")
  private boolean classes;

  @Override
  public Integer call() throws IOException, MalformedUpdateException {
    out()
        .println(
            "retained: bytes reachable from the document; opened: from one loaded from its snapshot;");
    out()
        .println(
            "allocated/edit: what the typing thread allocated, over the edits, array growth included");
    out()
        .printf(
            "%-16s %12s %12s %12s %16s%n",
            "trace", "text units", "retained", "opened", "allocated/edit");
    for (String trace : traces) {
      measure(Script.of(RecordedTraces.read(trace)), trace);
    }
    return 0;
  }

  private void measure(Script script, String name) throws MalformedUpdateException {
    for (int run = 0; run < WARM_UP_RUNS; run++) {
      script.typeAll(script.newDocument());
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    TextDocument document = script.newDocument();
    long before = threads.getCurrentThreadAllocatedBytes();
    script.typeAll(document);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    RecordedTraces.requireEndContent(script.trace(), document.text());
    GraphLayout retained = GraphLayout.parseInstance(document);
    TextDocument opened = TextDocument.load(new ReplicaId(-1), document.snapshot());
    out()
        .printf(
            Locale.ROOT,
            "%-16s %,12d %,12d %,12d %16.1f%n",
            name,
            document.length(),
            retained.totalSize(),
            GraphLayout.parseInstance(opened).totalSize(),
            (double) allocated / script.patchCount());
    if (classes) {
      out().println(retained.toFootprint());
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
