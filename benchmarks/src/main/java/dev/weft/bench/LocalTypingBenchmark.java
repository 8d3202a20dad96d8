package dev.weft.bench;

import dev.weft.cli.trace.Script;
import dev.weft.crdt.TextDocument;
import java.io.IOException;
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

/** All edits of a sequential trace, one by one, in one document: the time of a whole trace. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class LocalTypingBenchmark {
  /** The trace's name. */
  @Param({"automerge-paper", "seph-blog1", "rustcode", "sveltecomponent"})
  public String trace;

  private Script script;

  /** Reads the trace, and checks that what is measured does what it should. */
  @Setup
  public void read() throws IOException {
    script = Script.of(RecordedTraces.read(trace));
    RecordedTraces.requireEndContent(script.trace(), document().text());
    RecordedTraces.requireEndContent(script.trace(), gapBuffer().text());
  }

  /** Measures a collaborative document. */
  @Benchmark
  public TextDocument document() {
    TextDocument document = script.newDocument();
    script.typeAll(document);
    return document;
  }

  /** Measures the floor. */
  @Benchmark
  public GapBuffer gapBuffer() {
    GapBuffer buffer = new GapBuffer();
    buffer.replace(0, 0, script.trace().startContent());
    for (int patch = 0; patch < script.patchCount(); patch++) {
      buffer.replace(script.start(patch), script.end(patch), script.inserted(patch));
    }
    return buffer;
  }
}
