package dev.weft.cli.trace;

import dev.weft.cli.trace.Trace.Kind;
import dev.weft.crdt.TextDocument;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * Times one way of taking a trace in, again and again. Reading, parsing and conversion to UTF-16
 * indexes have been done before and are in no figure, nor is the comparison of the texts.
 *
 * <p>Before the runs that count there are others that do not, so that the code has been compiled:
 * {@value #WARM_UP_RUNS}, or fewer if they take more than {@value #WARM_UP_SECONDS} seconds.
 */
public final class TraceReplay {
  /** The most runs that warm up. */
  public static final int WARM_UP_RUNS = 3;

  /** After how many seconds no further warm-up run is begun. */
  public static final int WARM_UP_SECONDS = 2;

  /** How many runs count where the caller does not say. */
  public static final int DEFAULT_RUNS = 5;

  /** After how many seconds no further run is begun where the caller does not say how many. */
  public static final int DEFAULT_SECONDS = 10;

  /** A way of taking a trace in. */
  public enum Mode {
    /** A sequential trace's edits at one replica; of the others what their authors type. */
    LOCAL,
    /** Each transaction's update applied to another replica, one by one. */
    REMOTE,
    /** The whole history as one update, applied to an empty replica. */
    BULK,
    /** A snapshot opened and its text read. */
    LOAD,
    /** Every author a replica that receives what its parents name before it types. */
    LIVE,
    /** As live, but every author is a client of a real relay, over loopback WebSockets. */
    RELAY;

    /** Returns the name as scripts write it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private TraceReplay() {}

  /**
   * Replays a trace.
   *
   * @param repeats how many runs count, at least 1; if empty, {@link #DEFAULT_RUNS}, or fewer if
   *     they take more than {@link #DEFAULT_SECONDS} seconds
   * @throws TraceFormatException if the trace contradicts itself, or cannot be replayed in this
   *     mode
   * @throws IOException if the relay of that mode fails
   * @throws DivergedException if replicas of one run, or two runs, end with different texts
   */
  public static ReplayResult replay(Trace trace, Mode mode, OptionalInt repeats)
      throws IOException, DivergedException {
    Script script = Script.of(trace);
    Recording recording = Recording.of(script);
    return measure(script, recording, attempt(script, recording, mode), mode, repeats);
  }

  /** Runs once, and checks that the text is the recording's. */
  static void run(Script script, Recording recording, Mode mode)
      throws IOException, DivergedException {
    run(script, recording, attempt(script, recording, mode));
  }

  /** Repeats an attempt, first to warm up and then to count. */
  private static ReplayResult measure(
      Script script, Recording recording, Attempt attempt, Mode mode, OptionalInt repeats)
      throws IOException, DivergedException {
    repeat(script, recording, attempt, WARM_UP_RUNS, WARM_UP_SECONDS);
    long[] nanos =
        repeats.isPresent()
            ? repeat(script, recording, attempt, repeats.getAsInt(), Integer.MAX_VALUE)
            : repeat(script, recording, attempt, DEFAULT_RUNS, DEFAULT_SECONDS);
    return new ReplayResult(script.trace(), mode, nanos, recording);
  }

  /** Runs at least once, and at most {@code runs} times while the seconds have not passed. */
  private static long[] repeat(
      Script script, Recording recording, Attempt attempt, int runs, int seconds)
      throws IOException, DivergedException {
    long started = System.nanoTime();
    long[] nanos = new long[runs];
    int run = 0;
    do {
      nanos[run++] = run(script, recording, attempt);
    } while (run < runs && System.nanoTime() - started < TimeUnit.SECONDS.toNanos(seconds));
    return Arrays.copyOf(nanos, run);
  }

  private static long run(Script script, Recording recording, Attempt attempt)
      throws IOException, DivergedException {
    Stopwatch stopwatch = new Stopwatch();
    String text = DivergedException.requireAgreement(script.trace(), attempt.run(stopwatch));
    if (!text.equals(recording.text())) {
      throw new DivergedException(
          script.trace().name()
              + ": this mode's text differs from that of a live run: "
              + TextDifference.describe(recording.text(), text));
    }
    return stopwatch.nanos();
  }

  private static Attempt attempt(Script script, Recording recording, Mode mode)
      throws TraceFormatException {
    return switch (mode) {
      case LOCAL ->
          script.trace().kind() == Kind.SEQUENTIAL
              ? stopwatch -> local(script, stopwatch)
              : stopwatch -> typing(script, stopwatch);
      case REMOTE -> stopwatch -> remote(script, recording, stopwatch);
      case BULK -> stopwatch -> bulk(recording, stopwatch);
      case LOAD -> stopwatch -> load(recording, stopwatch);
      case LIVE -> stopwatch -> live(script, stopwatch);
      case RELAY -> new RelayRun(script)::run;
    };
  }

  private static List<String> local(Script script, Stopwatch stopwatch) {
    TextDocument document = Replicas.writer(script.trace(), 0, WriterIds.COUNTED);
    stopwatch.start();
    script.typeAll(document);
    stopwatch.stop();
    return List.of(document.text());
  }

  private static List<String> typing(Script script, Stopwatch stopwatch)
      throws TraceFormatException {
    Typist timed =
        (transaction, document) -> {
          stopwatch.start();
          script.type(transaction, document);
          Script.settle(document);
          stopwatch.stop();
        };
    return texts(new LiveRun(script.trace(), script.plan(), WriterIds.COUNTED, timed).run());
  }

  private static List<String> remote(Script script, Recording recording, Stopwatch stopwatch) {
    TextDocument document = Replicas.reader(script.trace());
    stopwatch.start();
    for (byte[] update : recording.updates()) {
      Replicas.apply(document, update);
    }
    stopwatch.stop();
    return List.of(document.text());
  }

  private static List<String> bulk(Recording recording, Stopwatch stopwatch) {
    TextDocument document = Replicas.emptyReader();
    stopwatch.start();
    Replicas.apply(document, recording.history());
    stopwatch.stop();
    return List.of(document.text());
  }

  private static List<String> load(Recording recording, Stopwatch stopwatch) {
    stopwatch.start();
    TextDocument document = Replicas.reader(recording.snapshot());
    int length = document.text().length();
    stopwatch.stop();
    if (length != recording.text().length()) {
      throw new AssertionError("read " + length + " of " + recording.text().length() + " units");
    }
    return List.of(document.text());
  }

  private static List<String> live(Script script, Stopwatch stopwatch) throws TraceFormatException {
    LiveRun run = new LiveRun(script.trace(), script.plan(), WriterIds.COUNTED, script::type);
    stopwatch.start();
    List<TextDocument> documents = run.run();
    stopwatch.stop();
    return texts(documents);
  }

  private static List<String> texts(List<TextDocument> documents) {
    return documents.stream().map(TextDocument::text).toList();
  }

  /** One run; returns the replicas' texts, which must all be the trace's final one. */
  @FunctionalInterface
  private interface Attempt {
    List<String> run(Stopwatch stopwatch) throws IOException;
  }

  /** Adds up the time between start and stop. */
  static final class Stopwatch {
    private long startedAt;
    private long total;

    void start() {
      startedAt = System.nanoTime();
    }

    void stop() {
      total += System.nanoTime() - startedAt;
    }

    long nanos() {
      return total;
    }
  }
}
