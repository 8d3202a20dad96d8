package dev.weft.bench;

import dev.weft.cli.trace.Script;
import dev.weft.crdt.ReplicaId;
import dev.weft.store.SqliteChangeStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;

/**
 * What a keystroke costs with the store on and off: as fast as it goes, and in the pace of a person
 * who writes very fast. Not thread-safe.
 */
final class StoreKeystrokes {
  private static final Duration WINDOW = Duration.ofMillis(50);
  private static final int[] PACES = {2_000, 100};
  private static final double[] PERCENTILES = {50, 99, 99.9, 100};

  private final Script script;
  private final Path parent;
  private final int rounds;
  private final int warmUpRounds;
  private final int seconds;
  private final List<Round> done = new ArrayList<>();

  /**
   * Prepares the measurement.
   *
   * @param parent where the store's directory is made
   * @param rounds how many are measured
   * @param warmUpRounds how many go before, at full speed
   * @param seconds how long each pace is kept
   */
  StoreKeystrokes(Script script, Path parent, int rounds, int warmUpRounds, int seconds) {
    this.script = script;
    this.parent = parent;
    this.rounds = rounds;
    this.warmUpRounds = warmUpRounds;
    this.seconds = seconds;
  }

  private enum Into {
    SQLITE("store on"),
    FORGETFUL("store that keeps nothing"),
    BARE("bare document"),
    WAKING("a thread woken a window"),
    NOTHING("the clock alone");

    private final String label;

    Into(String label) {
      this.label = label;
    }

    boolean isText() {
      return this != WAKING && this != NOTHING;
    }
  }

  /** What one round found; the histograms are in the order of the phases. */
  private record Round(Into into, long typedNanos, long storedNanos, List<Histogram> phases) {}

  void measure() throws IOException {
    // By turns, so that what the machine does meanwhile falls on all alike.
    for (int round = 0; round < warmUpRounds; round++) {
      for (Into into : Into.values()) {
        open(into, this::typeAll);
      }
    }
    for (int round = 0; round < rounds; round++) {
      for (Into into : Into.values()) {
        System.gc();
        Stopped stopped = open(into, this::typeAll);
        List<Histogram> phases = open(into, this::typeTimed);
        done.add(new Round(into, stopped.typedNanos, stopped.storedNanos, phases));
      }
    }
  }

  private <T> T open(Into into, Typing<T> typing) throws IOException {
    switch (into) {
      case SQLITE -> {
        try (ScratchDirectory directory = new ScratchDirectory(parent);
            SqliteChangeStore store = SqliteChangeStore.open(directory.path(), new SecureRandom());
            TypedText text = TypedText.shared(script, store, WINDOW)) {
          return typing.type(text);
        }
      }
      case FORGETFUL -> {
        try (ForgetfulStore store = new ForgetfulStore(new ReplicaId(1));
            TypedText text = TypedText.shared(script, store, WINDOW)) {
          return typing.type(text);
        }
      }
      case BARE -> {
        try (TypedText text = TypedText.bare(script)) {
          return typing.type(text);
        }
      }
      case WAKING -> {
        try (TypedText text = TypedText.waking(WINDOW)) {
          return typing.type(text);
        }
      }
      case NOTHING -> {
        try (TypedText text = TypedText.nothing()) {
          return typing.type(text);
        }
      }
    }
    throw new AssertionError(into);
  }

  @FunctionalInterface
  private interface Typing<T> {
    T type(TypedText text);
  }

  private record Stopped(long typedNanos, long storedNanos) {}

  /** The clock is read before the first keystroke and after the last. */
  private Stopped typeAll(TypedText text) {
    long begun = System.nanoTime();
    for (int patch = 0; patch < script.patchCount(); patch++) {
      text.type(patch);
    }
    long typed = System.nanoTime() - begun;
    text.awaitStored();
    long stored = System.nanoTime() - begun;
    requireEndContent(text);
    return new Stopped(typed, stored);
  }

  /** The clock is read around each keystroke: most at full speed, the last ones at each pace. */
  private List<Histogram> typeTimed(TypedText text) {
    int[] counts = new int[PACES.length];
    int paced = 0;
    for (int i = 0; i < PACES.length; i++) {
      counts[i] = Math.min(PACES[i] * seconds, script.patchCount() / (2 * PACES.length));
      paced += counts[i];
    }
    List<Histogram> phases = new ArrayList<>();
    int next = script.patchCount() - paced;
    Histogram fullSpeed = histogram();
    for (int patch = 0; patch < next; patch++) {
      time(text, patch, fullSpeed);
    }
    phases.add(fullSpeed);
    for (int i = 0; i < PACES.length; i++) {
      text.awaitStored();
      Histogram histogram = histogram();
      Pace pace = new Pace(PACES[i]);
      for (int number = 0; number < counts[i]; number++) {
        pace.awaitNext();
        time(text, next + number, histogram);
      }
      next += counts[i];
      phases.add(histogram);
    }
    requireEndContent(text);
    return phases;
  }

  private static void time(TypedText text, int patch, Histogram histogram) {
    long begun = System.nanoTime();
    text.type(patch);
    histogram.recordValue(System.nanoTime() - begun);
  }

  private static Histogram histogram() {
    return new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
  }

  private void requireEndContent(TypedText text) {
    String typed = text.text();
    if (!typed.isEmpty()) {
      RecordedTraces.requireEndContent(script.trace(), typed);
    }
  }

  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%,d edits, store window %d ms; the median of %d rounds.%n",
        script.patchCount(),
        WINDOW.toMillis(),
        rounds);
    out.printf("  %-26s%14s%18s%n", "typed into", "edits/s", "ms until stored");
    for (Into into : Into.values()) {
      if (into.isText()) {
        double seconds = median(into, Round::typedNanos) / 1e9;
        out.printf(
            Locale.ROOT,
            "  %-26s%,14.0f%18.1f%n",
            into.label,
            script.patchCount() / seconds,
            median(into, Round::storedNanos) / 1e6);
      }
    }
    out.println();
    out.println("One keystroke in microseconds, the clock's cost included; of each percentile the");
    out.println("median of the rounds, and the slowest keystroke of all rounds.");
    printPhase(out, "at full speed", 0);
    for (int i = 0; i < PACES.length; i++) {
      printPhase(out, String.format(Locale.ROOT, "%,d a second", PACES[i]), i + 1);
    }
  }

  private void printPhase(PrintWriter out, String name, int phase) {
    out.printf("  %-26s%10s%10s%10s%10s%12s%n", name, "p50", "p99", "p99.9", "max", "slowest");
    for (Into into : Into.values()) {
      out.printf("  %-26s", into.label);
      for (double percentile : PERCENTILES) {
        out.printf(
            Locale.ROOT,
            "%10.2f",
            median(into, round -> round.phases.get(phase).getValueAtPercentile(percentile)) / 1e3);
      }
      double slowest =
          figures(into, round -> round.phases.get(phase).getMaxValue()).max().orElse(0);
      out.printf(Locale.ROOT, "%12.2f%n", slowest / 1e3);
    }
  }

  private double median(Into into, ToDoubleFunction<Round> figure) {
    double[] sorted = figures(into, figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private DoubleStream figures(Into into, ToDoubleFunction<Round> figure) {
    return done.stream().filter(round -> round.into == into).mapToDouble(figure);
  }
}
