package dev.weft.bench;

import dev.weft.cli.trace.DivergedException;
import dev.weft.cli.trace.Recording;
import dev.weft.cli.trace.Script;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
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

/** A whole history taken in at once: as one update, and as a snapshot. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class BulkApplyBenchmark {
  private static final ReplicaId READER = new ReplicaId(-1);

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

  private byte[] history;
  private byte[] snapshot;

  /** Records the trace, and checks that what is measured does what it should. */
  @Setup
  public void record() throws IOException, DivergedException, MalformedUpdateException {
    Script script = Script.of(RecordedTraces.read(trace));
    Recording recording = Recording.of(script);
    history = recording.history();
    snapshot = recording.snapshot();
    RecordedTraces.requireEndContent(script.trace(), bulk().text());
    RecordedTraces.requireEndContent(script.trace(), open().text());
    RecordedTraces.requireEndContent(script.trace(), readText());
  }

  /** Measures one update, applied to an empty document. */
  @Benchmark
  public TextDocument bulk() throws MalformedUpdateException {
    TextDocument document = TextDocument.create(READER);
    document.apply(history);
    return document;
  }

  /** Measures a snapshot, opened to be edited. */
  @Benchmark
  public TextDocument open() throws MalformedUpdateException {
    return TextDocument.load(READER, snapshot);
  }

  /** Measures the text of a snapshot alone. */
  @Benchmark
  public String readText() throws MalformedUpdateException {
    return TextDocument.readText(snapshot);
  }
}
