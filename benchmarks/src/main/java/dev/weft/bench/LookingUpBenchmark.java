package dev.weft.bench;

import dev.weft.cli.trace.Script;
import dev.weft.cli.trace.TraceFormatException;
import dev.weft.crdt.Anchor;
import dev.weft.crdt.Bias;
import dev.weft.crdt.TextChange;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.TextHistory;
import dev.weft.crdt.VersionVector;
import java.io.IOException;
import java.util.List;
import java.util.Random;
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

/**
 * What an editor asks a document of 260,000 edits, and one of ten times as many: it should take
 * hardly longer there.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LookingUpBenchmark {
  private static final int ASKED = 1 << 12;
  private static final int EDITS_APART = 10;

  /** How often automerge-paper was typed into the document. */
  @Param({"1", "10"})
  public int times;

  private TextDocument document;
  private TextHistory history;
  private final Anchor[] anchors = new Anchor[ASKED];
  private final int[] indexes = new int[ASKED];
  private final int[] lines = new int[ASKED];
  private final VersionVector[] versions = new VersionVector[ASKED];
  private final VersionVector[] later = new VersionVector[ASKED];
  private int next;

  /** Types the document, and picks what is asked. */
  @Setup
  public void type() throws IOException, TraceFormatException {
    Script script = Script.of(RecordedTraces.read("automerge-paper"));
    document = script.newDocument();
    for (int i = 0; i < times; i++) {
      script.typeAll(document);
    }
    history = document.history();
    Random random = new Random(1);
    for (int i = 0; i < ASKED; i++) {
      indexes[i] = random.nextInt(document.length());
      lines[i] = random.nextInt(document.lineCount());
      anchors[i] = document.anchor(random.nextInt(document.length()), Bias.LEFT);
      long event = random.nextInt((int) history.eventCount() - EDITS_APART);
      versions[i] = history.versionAfter(event);
      later[i] = history.versionAfter(event + EDITS_APART);
    }
  }

  private int next() {
    next = (next + 1) & (ASKED - 1);
    return next;
  }

  /** Measures where an anchor is. */
  @Benchmark
  public int anchor() {
    return document.indexOf(anchors[next()]).getAsInt();
  }

  /** Measures making an anchor. */
  @Benchmark
  public Anchor anchorAt() {
    return document.anchor(indexes[next()], Bias.RIGHT);
  }

  /** Measures in which line an index is. */
  @Benchmark
  public int lineOfOffset() {
    return document.lineOfOffset(indexes[next()]);
  }

  /** Measures where a line begins. */
  @Benchmark
  public int offsetOfLine() {
    return document.offsetOfLine(lines[next()]);
  }

  /** Measures the changes between two near versions. */
  @Benchmark
  public byte[] diff() {
    int at = next();
    return document.diff(versions[at], later[at]);
  }

  /** A history that stands at the newest version, or ten edits before. */
  @State(Scope.Benchmark)
  public static class NearVersions {
    private TextHistory history;
    private VersionVector before;
    private VersionVector last;
    private boolean isBefore;

    /** Makes the history. */
    @Setup
    public void open(LookingUpBenchmark looking) {
      history = looking.document.history();
      last = looking.document.version();
      before = history.versionAfter(history.eventCount() - EDITS_APART);
    }
  }

  /** Measures what makes of one text that of a near version. */
  @Benchmark
  public List<TextChange.Edit> nearVersion(NearVersions near) {
    near.isBefore = !near.isBefore;
    return near.history.moveTo(near.isBefore ? near.before : near.last);
  }
}
