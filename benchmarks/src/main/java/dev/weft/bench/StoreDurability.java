package dev.weft.bench;

import dev.weft.cli.trace.Script;
import dev.weft.crdt.VersionVector;
import dev.weft.store.SqliteChangeStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long after a keystroke the store has it, for several windows and paces: until then a crash of
 * the process may take it. Not thread-safe.
 */
final class StoreDurability {
  private static final int[] WINDOWS_MILLIS = {0, 10, 50};
  private static final int[] PACES = {1_000, 20_000};

  private final Script script;
  private final Path parent;
  private final int seconds;

  StoreDurability(Script script, Path parent, int seconds) {
    this.script = script;
    this.parent = parent;
    this.seconds = seconds;
  }

  void measure(PrintWriter out) throws IOException {
    out.println("Lag: from the end of a keystroke to the end of the append that holds it, in ms.");
    out.printf(
        "  %9s%14s%14s%12s%14s%10s%10s%10s%n",
        "window", "keystrokes/s", "stored/s", "commits/s", "a commit", "p50", "p99", "max");
    // Compiles what all of them run; not shown.
    Run unused = run(10, PACES[1]);
    for (int pace : PACES) {
      for (int window : WINDOWS_MILLIS) {
        run(window, pace).print(out, window, pace);
      }
    }
  }

  private Run run(int windowMillis, int pace) throws IOException {
    int count = Math.min(pace * seconds, script.patchCount());
    long[] typedAt = new long[count];
    try (ScratchDirectory directory = new ScratchDirectory(parent);
        SqliteChangeStore store = SqliteChangeStore.open(directory.path(), new SecureRandom())) {
      AppendWatch watch = new AppendWatch(store);
      try (TypedText text =
          TypedText.shared(script, watch.store(), Duration.ofMillis(windowMillis))) {
        text.awaitStored();
        int before = watch.appends().size();
        Pace due = new Pace(pace);
        long begun = System.nanoTime();
        for (int patch = 0; patch < count; patch++) {
          due.awaitNext();
          text.type(patch);
          typedAt[patch] = System.nanoTime();
        }
        text.awaitStored();
        List<AppendWatch.Append> all = watch.appends();
        return Run.of(script, begun, typedAt, all.subList(before, all.size()));
      }
    }
  }

  /** What came out of one window at one pace. */
  private record Run(int keystrokes, int commits, long nanos, Histogram lag) {
    static Run of(Script script, long begun, long[] typedAt, List<AppendWatch.Append> appends) {
      Histogram lag = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
      long events = script.trace().startContent().length();
      int append = 0;
      for (int patch = 0; patch < typedAt.length; patch++) {
        events += script.end(patch) - script.start(patch) + script.inserted(patch).length();
        while (eventsIn(appends.get(append)) < events) {
          append++;
        }
        // An append may begin and end between a keystroke and the clock being read after it.
        lag.recordValue(Math.max(0, appends.get(append).nanoTime() - typedAt[patch]));
      }
      return new Run(typedAt.length, append + 1, appends.get(append).nanoTime() - begun, lag);
    }

    private static long eventsIn(AppendWatch.Append append) {
      return append.version().eventsSince(VersionVector.EMPTY);
    }

    void print(PrintWriter out, int windowMillis, int pace) {
      double taken = nanos / 1e9;
      out.printf(
          Locale.ROOT,
          "  %6d ms%,14d%,14.0f%,12.0f%14.1f%10.2f%10.2f%10.2f%n",
          windowMillis,
          pace,
          keystrokes / taken,
          commits / taken,
          (double) keystrokes / commits,
          lag.getValueAtPercentile(50) / 1e6,
          lag.getValueAtPercentile(99) / 1e6,
          lag.getMaxValue() / 1e6);
    }
  }
}
