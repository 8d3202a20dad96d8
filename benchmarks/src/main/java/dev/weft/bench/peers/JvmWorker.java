package dev.weft.bench.peers;

import dev.weft.bench.peers.Contender.Size;
import dev.weft.bench.peers.Contender.Way;
import dev.weft.cli.trace.Script;
import dev.weft.cli.trace.Trace;
import dev.weft.cli.trace.Trace.Kind;
import dev.weft.cli.trace.TraceReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Measures one library of the JVM on one trace, in a process of its own, and prints one result a
 * line. Arguments: LIBRARY TRACE METRIC[,METRIC...] WARM_UP_SECONDS LIMIT_SECONDS [REPEAT].
 */
public final class JvmWorker {
  /** The same words as in {@code peers.mjs}. */
  private static final String CANNOT_FOLLOW =
      "puts what authors inserted at one place at once in an order of its own, so a later position"
          + " of the trace lies outside of its text";

  private final Library library;
  private final Contender contender;
  private final Repetition repetition;
  private final long limitNanos;
  private final PrintStream out;

  private JvmWorker(
      Library library,
      Contender contender,
      Repetition repetition,
      long limitNanos,
      PrintStream out) {
    this.library = library;
    this.contender = contender;
    this.repetition = repetition;
    this.limitNanos = limitNanos;
    this.out = out;
  }

  /** Runs; exits 1, with one sentence on standard error, if the library cannot play the trace. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      Library library = Library.named(args[0]).orElseThrow();
      Script script = Script.of(TraceReader.read(Path.of(args[1])));
      Repetition repetition =
          new Repetition(
              Double.parseDouble(args[3]),
              args.length > 5 ? OptionalInt.of(Integer.parseInt(args[5])) : OptionalInt.empty());
      long limitNanos = (long) (Double.parseDouble(args[4]) * TimeUnit.SECONDS.toNanos(1));
      Contender contender;
      try {
        contender = contender(library, script);
      } catch (Exception e) {
        if (!isOutside(e, script.trace())) {
          throw e;
        }
        for (String metric : args[2].split(",", -1)) {
          out.println(
              Result.notMeasured(library, Metric.named(metric).orElseThrow(), CANNOT_FOLLOW)
                  .toLine());
        }
        return;
      }
      JvmWorker worker = new JvmWorker(library, contender, repetition, limitNanos, out);
      for (String metric : args[2].split(",", -1)) {
        worker.measure(Metric.named(metric).orElseThrow());
      }
    } catch (Throwable e) { // Also what a native library throws: the parent prints it.
      System.err.println(reason(e));
      System.exit(1);
    }
  }

  /** Where authors write at once, a position may lie outside of a text merged in another order. */
  private static boolean isOutside(Exception e, Trace trace) {
    return trace.kind() != Kind.SEQUENTIAL
        && e.getMessage() != null
        && e.getMessage().contains("out of bounds");
  }

  private static Contender contender(Library library, Script script) throws Exception {
    return switch (library) {
      case WEFT -> new ReplicatedContender<>(new WeftReplicas(script), script);
      case GAP_BUFFER -> new GapBufferContender(script);
      case AUTOMERGE_JVM -> new ReplicatedContender<>(new AutomergeReplicas(script), script);
      default -> throw new IllegalArgumentException("no library of the JVM: " + library);
    };
  }

  private void measure(Metric metric) {
    for (Result result : results(metric)) {
      out.println(result.toLine());
    }
  }

  private List<Result> results(Metric metric) {
    List<Way> ways = contender.ways(metric);
    if (ways.isEmpty()) {
      return List.of(Result.notMeasured(library, metric, contender.reason(metric)));
    }
    List<Result> results = new ArrayList<>();
    for (Way way : ways) {
      try {
        results.add(result(way));
      } catch (Exception e) {
        results.add(Result.failed(library, metric, reason(e)));
      }
    }
    return results;
  }

  private Result result(Way way) throws Exception {
    if (way.metric() == Metric.SIZE) {
      Size size = contender.size();
      return Result.sized(library, size.bytes(), contender.order(), size.note());
    }
    @Nullable String variant = way.variant().orElse(null);
    return Result.timed(
        library,
        way.metric(),
        variant,
        repetition.time(() -> contender.run(way, limitNanos)),
        contender.order(),
        contender.note(way).orElse(null));
  }

  private static String reason(Throwable e) {
    return String.valueOf(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
        .lines()
        .findFirst()
        .orElse("");
  }
}
