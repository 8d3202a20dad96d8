package dev.weft.bench;

import dev.weft.cli.trace.DivergedException;
import dev.weft.cli.trace.Recording;
import dev.weft.cli.trace.Script;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.TextChange;
import dev.weft.crdt.TextDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Each transaction's update, decoded and applied singly: the time of a whole trace. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class RemoteApplyBenchmark {
  /** The trace's name. */
  @Param({
    "automerge-paper",
    "seph-blog1",
    "rustcode",
    "sveltecomponent",
    "friendsforever",
    "clownschool",
    "git-makefile"
  })
  public String trace;

  private Script script;
  private byte[][] updates;
  private List<TextChange.Edit> edits;

  /** Records the trace, and checks that what is measured does what it should. */
  @Setup
  public void record() throws IOException, DivergedException, MalformedUpdateException {
    script = Script.of(RecordedTraces.read(trace));
    updates = Recording.of(script).updates();
    edits = new ArrayList<>();
    TextDocument observed = script.newReader();
    observed.observe(change -> edits.addAll(change.edits()));
    for (byte[] update : updates) {
      observed.apply(update);
    }
    RecordedTraces.requireEndContent(script.trace(), document().text());
    RecordedTraces.requireEndContent(script.trace(), gapBuffer().text());
  }

  /** Measures a collaborative document that receives. */
  @Benchmark
  public TextDocument document() throws MalformedUpdateException {
    TextDocument document = script.newReader();
    for (byte[] update : updates) {
      document.apply(update);
    }
    return document;
  }

  /** Measures the floor: the same edits, merged already, with nothing to decode. */
  @Benchmark
  public GapBuffer gapBuffer() {
    GapBuffer buffer = new GapBuffer();
    buffer.replace(0, 0, script.trace().startContent());
    for (TextChange.Edit edit : edits) {
      buffer.replace(edit.index(), edit.index() + edit.deletedLength(), edit.inserted());
    }
    return buffer;
  }
}
