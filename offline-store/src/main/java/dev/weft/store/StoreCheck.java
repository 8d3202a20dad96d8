package dev.weft.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a store that nobody has open, down to the last byte: the pages, the checksum of every
 * row, that the log has no gap and makes a document, that the snapshots agree with it. Stateless.
 *
 * <pre>{@code
 * StoreReport report = StoreCheck.run(directory);
 * report.problems().forEach(problem -> show(problem));
 * }</pre>
 *
 * <p>Nothing is changed: SQLite cannot read a write-ahead log without taking it in, so what it
 * reads is a copy, in the system's directory for temporary files. Where nobody has ever opened the
 * store, as that of a backup, no lock is left either, so it may lie where nothing can be written.
 */
public final class StoreCheck {
  private static final int APPLICATION_ID_AT = 68;

  private StoreCheck() {}

  /**
   * Checks the store in {@code directory}. O(bytes of the store), on the disk as in time.
   *
   * @throws StoreLockedException if this or another process has the store open
   * @throws StoreDamagedException if a repair was broken off: it must be finished first
   * @throws StoreException if there is no store, or what is there is another program's or that of a
   *     newer version, or a disk fails
   */
  public static StoreReport run(Path directory) {
    return run(directory, StoreCheck::examineUnlessUnfinished);
  }

  /** Looks at a store. */
  @FunctionalInterface
  interface Examination {
    StoreReport of(StoreDirectory place) throws IOException;
  }

  static StoreReport run(Path directory, Examination examination) {
    StoreDirectory place = StoreDirectory.existing(directory);
    try {
      if (!StoreLock.isKnownIn(place.path())) {
        StoreReport report = ofUnopened(place, examination);
        if (report != null) {
          return report;
        }
      }
      StoreLock ownership = place.own();
      try (ownership) {
        return examination.of(place);
      }
    } catch (IOException e) {
      throw unreadable(place, e);
    }
  }

  /** Returns what is said of a store that nobody has opened; null if somebody has meanwhile. */
  private static @Nullable StoreReport ofUnopened(StoreDirectory place, Examination examination)
      throws IOException {
    StoreLock.Reservation reservation = StoreLock.reserve(place.path());
    try (reservation) {
      StoreReport report = examination.of(place);
      return StoreLock.isKnownIn(place.path()) ? null : report;
    } catch (IOException | StoreException e) {
      if (StoreLock.isKnownIn(place.path())) {
        // It was in the middle of being opened: that it looked wrong says nothing.
        return null;
      }
      throw e;
    }
  }

  private static StoreReport examineUnlessUnfinished(StoreDirectory place) throws IOException {
    if (SetAside.isUnfinished(place)) {
      throw new StoreDamagedException(
          "a repair of the store in "
              + place.path()
              + " was broken off; run `weft store repair "
              + place.path()
              + "` to finish it",
          null);
    }
    return examine(place);
  }

  /** Checks a store that is owned. */
  static StoreReport examine(StoreDirectory place) throws IOException {
    Path database = place.database();
    if (!Files.exists(database) || Files.size(database) == 0) {
      if (!place.hasTraces()) {
        throw new StoreException("there is no store in " + place.path() + ": weft.db is empty");
      }
      return damaged("the database is missing or empty, though there was a store");
    }
    Path temporary = Files.createTempDirectory("weft-check-");
    try {
      Path copy = temporary.resolve(SqliteChangeStore.FILE_NAME);
      copy(database, copy);
      if (Files.exists(place.log())) {
        copy(place.log(), copy.resolveSibling(copy.getFileName() + "-wal"));
      }
      StoreReport report = verify(place, copy);
      List<String> problems = new ArrayList<>(report.problems());
      if (problems.isEmpty() && !hasHeader(database)) {
        // The log may have the first page, so that SQLite does not see it.
        problems.add("the beginning of the database is damaged");
      }
      if (isLogDamaged(place)) {
        problems.add("the write-ahead log is damaged: what was committed behind that is not read");
      }
      return new StoreReport(report.documents(), problems);
    } finally {
      remove(temporary);
    }
  }

  /** Copies what is in a file, and not who may write it. */
  private static void copy(Path file, Path to) throws IOException {
    try (OutputStream out = Files.newOutputStream(to)) {
      long unused = Files.copy(file, out);
    }
  }

  private static StoreReport verify(StoreDirectory place, Path copy) throws IOException {
    try (SqliteConnection sql = SqliteConnection.openWriter(copy)) {
      long applicationId = sql.queryLong("PRAGMA application_id");
      boolean empty = sql.queryLong("SELECT count(*) FROM sqlite_schema") == 0;
      boolean named = applicationId == Schema.APPLICATION_ID || (empty && applicationId == 0);
      if (!named && isStore(place)) {
        return damaged("the beginning of the database is damaged: it has lost its application id");
      }
      if (named && sql.queryLong("PRAGMA user_version") <= Schema.STEPS.size()) {
        return verify(sql, place);
      }
      // Says whose it is.
      Schema.migrate(sql, place.database(), Schema.STEPS);
      throw new AssertionError("a database was taken in that is not one of this version");
    } catch (StoreDamagedException e) {
      return damaged(String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      if (SqliteErrors.isDiskFull(e)) {
        throw SqliteErrors.explain(copy, "check a copy", e);
      }
      return unopened(place, SqliteErrors.codeOf(e));
    }
  }

  private static StoreReport verify(SqliteConnection sql, StoreDirectory place)
      throws SQLException {
    List<String> problems = new ArrayList<>();
    try {
      Schema.migrate(sql, place.database(), Schema.STEPS);
    } catch (StoreException e) {
      problems.add("the layout of the database is damaged: " + e.getMessage());
    }
    problems.addAll(triedToWrite(sql));
    StoreReport found = StoreVerification.of(sql);
    problems.addAll(found.problems());
    return new StoreReport(found.documents(), problems);
  }

  /** A number in the header says who may write: of the copy, everybody. */
  private static List<String> triedToWrite(SqliteConnection sql) throws SQLException {
    try {
      sql.execute("UPDATE store SET syncs = syncs");
      return List.of();
    } catch (SQLException e) {
      if (SqliteErrors.isDiskFull(e)) {
        throw e;
      }
      return List.of("the database cannot be written (" + SqliteErrors.codeOf(e) + ")");
    }
  }

  /** Tells a store that SQLite cannot open from what never was one. */
  private static StoreReport unopened(StoreDirectory place, String reason) throws IOException {
    if (!Files.exists(place.path().resolve(StoreSeal.FILE_NAME))
        && applicationId(place.database()) != Schema.APPLICATION_ID
        && !isStore(place)) {
      throw new StoreException(
          "there is no store in "
              + place.path()
              + ": nothing in weft.db is what a store writes; it was left as it is");
    }
    return damaged("the database cannot be opened (" + reason + ")");
  }

  private static boolean isStore(StoreDirectory place) throws IOException {
    return Salvage.read(place.database(), place.log()).isStore();
  }

  private static int applicationId(Path database) throws IOException {
    try (FileChannel file = FileChannel.open(database, StandardOpenOption.READ)) {
      byte[] page = PageImage.of(file, 512).page(1);
      return page == null || PageImage.pageSizeOf(file) == 0
          ? 0
          : Bytes.signed32(page, APPLICATION_ID_AT);
    }
  }

  private static boolean hasHeader(Path database) throws IOException {
    try (FileChannel file = FileChannel.open(database, StandardOpenOption.READ)) {
      return PageImage.pageSizeOf(file) != 0;
    }
  }

  private static boolean isLogDamaged(StoreDirectory place) throws IOException {
    if (!Files.exists(place.log())) {
      return false;
    }
    try (FileChannel main = FileChannel.open(place.database(), StandardOpenOption.READ);
        FileChannel log = FileChannel.open(place.log(), StandardOpenOption.READ)) {
      int pageSize = PageImage.pageSizeOf(main);
      return WriteAheadLog.read(log, pageSize == 0 ? Salvage.DEFAULT_PAGE_SIZE : pageSize)
          .isDamaged();
    }
  }

  private static StoreReport damaged(String problem) {
    return new StoreReport(List.of(), List.of(problem));
  }

  private static void remove(Path temporary) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(temporary)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(temporary);
  }

  private static StoreException unreadable(StoreDirectory place, IOException cause) {
    return new StoreException(
        "cannot check the store in "
            + place.path()
            + " ("
            + cause
            + "); check the disk, and that of temporary files",
        cause);
  }
}
