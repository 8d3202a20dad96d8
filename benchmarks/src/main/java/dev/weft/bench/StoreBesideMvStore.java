package dev.weft.bench;

import dev.weft.cli.trace.Script;
import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import dev.weft.store.Durability;
import dev.weft.store.SqliteChangeStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The store beside the same records in H2's MVStore: how many keystrokes a second each takes, and
 * how long it takes to open and read all back. Not thread-safe.
 */
final class StoreBesideMvStore {
  private static final int[] GROUPS = {1, StoredHistory.KEYSTROKES_A_COMMIT, 50, 1_000};
  private static final String MVSTORE_FILE = "weft.mv";

  private final Script script;
  private final Path parent;
  private final int rounds;
  private final long maxNanos;
  private final int readings;

  /**
   * Prepares the measurement.
   *
   * @param rounds how often each is written
   * @param seconds how long one writing takes at most
   * @param readings how often each is read, after half as many that warm up
   */
  StoreBesideMvStore(Script script, Path parent, int rounds, int seconds, int readings) {
    this.script = script;
    this.parent = parent;
    this.rounds = rounds;
    this.maxNanos = TimeUnit.SECONDS.toNanos(seconds);
    this.readings = readings;
  }

  void measure(PrintWriter out) throws IOException {
    out.printf(
        "Appended as fast as it goes, one thread, for at most %d s; keystrokes/s, the median of %d.%n",
        TimeUnit.NANOSECONDS.toSeconds(maxNanos), rounds);
    out.printf(
        "  %22s%14s%14s%16s%16s%n",
        "keystrokes a commit", "SQLite", "MVStore", "SQLite synced", "MVStore synced");
    for (int keystrokes : GROUPS) {
      List<List<Change>> groups = StoredHistory.groups(script, keystrokes);
      double[][] rates = new double[4][rounds];
      // The first round compiles what the others run; not shown.
      for (int round = -1; round < rounds; round++) {
        double[] once = {
          sqlite(groups, Durability.WRITTEN),
          mvStore(groups, false),
          sqlite(groups, Durability.FSYNCED),
          mvStore(groups, true)
        };
        for (int way = 0; way < once.length && round >= 0; way++) {
          rates[way][round] = once[way] * keystrokes;
        }
      }
      out.printf(
          Locale.ROOT,
          "  %,22d%,14.0f%,14.0f%,16.0f%,16.0f%n",
          keystrokes,
          median(rates[0]),
          median(rates[1]),
          median(rates[2]),
          median(rates[3]));
    }
    out.println();
    read(out);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private double sqlite(List<List<Change>> groups, Durability durability) throws IOException {
    try (ScratchDirectory directory = new ScratchDirectory(parent);
        SqliteChangeStore store = open(directory)) {
      return perSecond(groups, group -> store.append(TypedText.DOCUMENT, group, durability));
    }
  }

  private double mvStore(List<List<Change>> groups, boolean synced) throws IOException {
    try (ScratchDirectory directory = new ScratchDirectory(parent);
        MvStoreLog log = openMvStore(directory, MvStoreLog.DEFAULT_RETENTION_MILLIS)) {
      return perSecond(groups, group -> log.append(group, synced));
    }
  }

  @FunctionalInterface
  private interface Append {
    void append(List<Change> group);
  }

  private double perSecond(List<List<Change>> groups, Append append) {
    long begun = System.nanoTime();
    long taken = 0;
    int appended = 0;
    while (appended < groups.size() && taken < maxNanos) {
      append.append(groups.get(appended));
      appended++;
      taken = System.nanoTime() - begun;
    }
    return appended * 1e9 / taken;
  }

  private void read(PrintWriter out) throws IOException {
    List<List<Change>> groups = StoredHistory.groups(script, StoredHistory.KEYSTROKES_A_COMMIT);
    out.printf(
        Locale.ROOT,
        "Opened, and all changes of %,d edits read, checked and parsed; the file in bytes:%n",
        script.patchCount());
    out.printf("  %-44s%12s%16s%n", "", "ms, median", "file");
    try (ScratchDirectory directory = new ScratchDirectory(parent)) {
      try (SqliteChangeStore store = open(directory)) {
        for (List<Change> group : groups) {
          store.append(TypedText.DOCUMENT, group, Durability.WRITTEN);
        }
      }
      readSqlite(out, "SQLite, a row each commit", directory, groups);
      try (SqliteChangeStore store = open(directory)) {
        StoredHistory.compact(store);
      }
      readSqlite(out, "SQLite, rows joined", directory, groups);
    }
    for (int retention : new int[] {MvStoreLog.DEFAULT_RETENTION_MILLIS, 0}) {
      try (ScratchDirectory directory = new ScratchDirectory(parent)) {
        try (MvStoreLog log = openMvStore(directory, retention)) {
          for (List<Change> group : groups) {
            log.append(group, false);
          }
        }
        String kept = "MVStore, the unused kept for " + retention / 1_000 + " s";
        readMvStore(out, kept, directory, groups);
        MvStoreLog.rewrite(directory.path().resolve(MVSTORE_FILE));
        readMvStore(out, "MVStore, the same, written anew", directory, groups);
      }
    }
  }

  private static MvStoreLog openMvStore(ScratchDirectory directory, int retentionMillis) {
    return new MvStoreLog(directory.path().resolve(MVSTORE_FILE), retentionMillis);
  }

  private void readSqlite(
      PrintWriter out, String name, ScratchDirectory directory, List<List<Change>> groups)
      throws IOException {
    long[] nanos = new long[readings];
    for (int reading = -readings / 2; reading < readings; reading++) {
      long begun = System.nanoTime();
      try (SqliteChangeStore store = open(directory)) {
        requireAll(store.readSince(TypedText.DOCUMENT, VersionVector.EMPTY), groups);
        nanos[Math.max(0, reading)] = System.nanoTime() - begun;
      }
    }
    printRead(out, name, nanos, directory.sizeOf("weft.db"));
  }

  private void readMvStore(
      PrintWriter out, String name, ScratchDirectory directory, List<List<Change>> groups)
      throws IOException {
    long[] nanos = new long[readings];
    for (int reading = -readings / 2; reading < readings; reading++) {
      long begun = System.nanoTime();
      try (MvStoreLog log = openMvStore(directory, MvStoreLog.DEFAULT_RETENTION_MILLIS)) {
        requireAll(log.readAll(), groups);
        nanos[Math.max(0, reading)] = System.nanoTime() - begun;
      }
    }
    printRead(out, name, nanos, directory.sizeOf(MVSTORE_FILE));
  }

  /** The last change read must end where the last one written does. */
  private static void requireAll(List<Change> read, List<List<Change>> written) {
    List<Change> last = written.get(written.size() - 1);
    long end = last.get(last.size() - 1).end();
    if (read.get(read.size() - 1).end() != end) {
      throw new AssertionError("not all was read back: " + read.get(read.size() - 1));
    }
  }

  private static void printRead(PrintWriter out, String name, long[] nanos, long size) {
    Arrays.sort(nanos);
    out.printf(Locale.ROOT, "  %-44s%12.1f%,16d%n", name, nanos[nanos.length / 2] / 1e6, size);
  }

  private static SqliteChangeStore open(ScratchDirectory directory) {
    return SqliteChangeStore.open(directory.path(), new SecureRandom());
  }
}
