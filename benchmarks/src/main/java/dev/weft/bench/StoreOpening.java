package dev.weft.bench;

import dev.weft.cli.trace.Script;
import dev.weft.client.SharedText;
import dev.weft.client.WeftClient;
import dev.weft.store.SqliteChangeStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long it takes from nothing to a text that can be edited: the store opened, the client built,
 * the document opened and its length asked for. In this process, once it is warm, and as the first
 * thing that a new one does. The files are in the system's cache. Not thread-safe.
 */
final class StoreOpening {
  private final Script script;
  private final Path parent;
  private final int openings;
  private final int coldStarts;

  /**
   * Prepares the measurement.
   *
   * @param openings how many are timed, after as many that warm up
   * @param coldStarts how many processes are started
   */
  StoreOpening(Script script, Path parent, int openings, int coldStarts) {
    this.script = script;
    this.parent = parent;
    this.openings = openings;
    this.coldStarts = coldStarts;
  }

  void measure(PrintWriter out) throws IOException {
    out.printf(
        Locale.ROOT,
        "%,d edits in commits of %d; in ms. Warm: %d times, after as many before. Cold: the first%n",
        script.patchCount(),
        StoredHistory.KEYSTROKES_A_COMMIT,
        openings);
    out.printf(
        Locale.ROOT,
        "in a process, median of %d. Beside both the store's own part of the median.%n",
        coldStarts);
    out.printf(
        "  %-38s%12s%9s%9s%9s%9s%9s%9s%n",
        "", "tail events", "p50", "p99", "max", "store", "cold", "store");
    try (ScratchDirectory written = new ScratchDirectory(parent)) {
      StoredHistory.Typed typed;
      try (SqliteChangeStore store = openStore(written.path())) {
        typed =
            StoredHistory.write(
                script, store, StoredHistory.Tidying.ROWS_JOINED_AND_SNAPSHOT_RENEWED);
        try (ScratchDirectory crashed = written.copy(parent)) {
          measure(out, "after a crash, snapshot of before", typed.tailEvents(), crashed);
        }
        typed.closeInOrder(store);
      }
      measure(out, "closed in good order", 0, written);
    }
    measureLog(out, "the log alone, rows joined", StoredHistory.Tidying.ROWS_JOINED);
    measureLog(out, "the log alone, a row each commit", StoredHistory.Tidying.NOTHING);
  }

  private void measureLog(PrintWriter out, String name, StoredHistory.Tidying tidying)
      throws IOException {
    try (ScratchDirectory written = new ScratchDirectory(parent)) {
      StoredHistory.Typed typed;
      try (SqliteChangeStore store = openStore(written.path())) {
        typed = StoredHistory.write(script, store, tidying);
      }
      measure(out, name, typed.tailEvents(), written);
    }
  }

  private void measure(PrintWriter out, String name, long tailEvents, ScratchDirectory written)
      throws IOException {
    Openings warm = new Openings();
    for (int opening = 0; opening < 2 * openings; opening++) {
      Opened opened = inCopyIf(tailEvents > 0, written, StoreOpening::open);
      if (opening >= openings) {
        warm.add(opened);
      }
    }
    Openings cold = new Openings();
    for (int start = 0; start < coldStarts; start++) {
      cold.add(inCopyIf(tailEvents > 0, written, StoreOpening::openInNewProcess));
    }
    out.printf(
        Locale.ROOT,
        "  %-38s%,12d%9.1f%9.1f%9.1f%9.1f%9.0f%9.0f%n",
        name,
        tailEvents,
        millis(warm.all, 50),
        millis(warm.all, 99),
        millis(warm.all, 100),
        millis(warm.store, 50),
        millis(cold.all, 50),
        millis(cold.store, 50));
  }

  private static double millis(Histogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / 1e6;
  }

  /** Many of one kind. */
  private static final class Openings {
    private final Histogram all = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    private final Histogram store = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);

    void add(Opened opened) {
      all.recordValue(opened.nanos);
      store.recordValue(opened.storeNanos);
    }
  }

  /** How long an opening took, and the store's part of it. */
  private record Opened(long nanos, long storeNanos) {}

  @FunctionalInterface
  private interface Opening {
    Opened open(Path directory) throws IOException;
  }

  /** Closing writes a snapshot where there is none, so what has a tail is opened in a copy. */
  private Opened inCopyIf(boolean copied, ScratchDirectory written, Opening opening)
      throws IOException {
    if (!copied) {
      return opening.open(written.path());
    }
    try (ScratchDirectory copy = written.copy(parent)) {
      return opening.open(copy.path());
    }
  }

  private static Opened open(Path directory) {
    long begun = System.nanoTime();
    try (SqliteChangeStore store = openStore(directory)) {
      long opened = System.nanoTime();
      try (WeftClient client = WeftClient.builder().store(store).build()) {
        SharedText text = client.open(TypedText.DOCUMENT);
        if (text.length() == 0) {
          throw new AssertionError("the document is empty");
        }
        long ended = System.nanoTime();
        return new Opened(ended - begun, opened - begun);
      }
    }
  }

  private static SqliteChangeStore openStore(Path directory) {
    return SqliteChangeStore.open(directory, new SecureRandom());
  }

  private static Opened openInNewProcess(Path directory) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StoreOpening.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      String line = reader.readLine();
      if (line == null) {
        throw new IOException("a process that was to open the store told nothing");
      }
      String[] nanos = line.split(" ", 2);
      return new Opened(Long.parseLong(nanos[0]), Long.parseLong(nanos[1]));
    }
  }

  /**
   * Opens the store in the directory given, and tells how many nanoseconds all and the store took.
   */
  public static void main(String[] args) {
    Opened opened = open(Path.of(args[0]));
    System.out.println(opened.nanos + " " + opened.storeNanos);
  }
}
