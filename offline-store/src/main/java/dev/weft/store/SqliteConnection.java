package dev.weft.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a store's database file, with its prepared statements. Confined to one thread
 * at a time by a lock of its owner's.
 */
final class SqliteConnection implements AutoCloseable {
  private static final int BUSY_TIMEOUT_MILLIS = 5_000;

  /** A log that a burst has made longer is cut to this after the next checkpoint. */
  private static final long MAX_IDLE_WAL_BYTES = 16L << 20;

  private final Path file;
  private final Connection jdbc;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private @Nullable Durability durability;

  private SqliteConnection(Path file, Connection jdbc) {
    this.file = file;
    this.jdbc = jdbc;
  }

  /** What is done within one transaction, with a result. */
  @FunctionalInterface
  interface Work<T> {
    T run(SqliteConnection connection) throws SQLException;
  }

  /** What is done within one transaction. */
  @FunctionalInterface
  interface Action {
    void run(SqliteConnection connection) throws SQLException;
  }

  /** Opens a connection that may write; creates the file if it is missing. */
  static SqliteConnection openWriter(Path file) throws SQLException {
    SqliteConnection connection = open(file);
    try {
      if (connection.queryLong("PRAGMA page_count") == 0) {
        // Pages that compaction frees are given back. Only a new file takes this on.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL");
      }
      String mode = connection.queryText("PRAGMA journal_mode = WAL");
      if (!mode.equals("wal")) {
        throw new StoreException(
            "cannot open the store "
                + file
                + ": its file system does not allow a write-ahead log (journal mode is "
                + mode
                + "); use a directory on a local disk");
      }
      connection.execute("PRAGMA journal_size_limit = " + MAX_IDLE_WAL_BYTES);
      // On macOS a plain fsync leaves the data in the drive's cache. No effect elsewhere.
      connection.execute("PRAGMA fullfsync = ON");
      connection.execute("PRAGMA checkpoint_fullfsync = ON");
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.closeAfter(e);
      throw e;
    }
  }

  /** Opens a connection that only reads. */
  static SqliteConnection openReader(Path file) throws SQLException {
    SqliteConnection connection = open(file);
    try {
      connection.execute("PRAGMA query_only = ON");
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.closeAfter(e);
      throw e;
    }
  }

  /** Opens a database of its own that is gone when it is closed. */
  static SqliteConnection openInMemory() throws SQLException {
    Connection jdbc = DriverManager.getConnection("jdbc:sqlite::memory:");
    return new SqliteConnection(Path.of(":memory:"), jdbc);
  }

  private static SqliteConnection open(Path file) throws SQLException {
    // As a URI, in which a '?' of the path is escaped: the driver cuts plain names there.
    Connection jdbc = DriverManager.getConnection("jdbc:sqlite:" + file.toUri());
    SqliteConnection connection = new SqliteConnection(file, jdbc);
    try {
      connection.execute("PRAGMA busy_timeout = " + BUSY_TIMEOUT_MILLIS);
      // The file may come from anywhere: notice malformed pages, run nothing that it defines.
      connection.execute("PRAGMA cell_size_check = ON");
      connection.execute("PRAGMA trusted_schema = OFF");
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.closeAfter(e);
      throw e;
    }
  }

  /** Returns the statement for {@code sql}, prepared once. */
  PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = jdbc.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  /** Runs one statement that is not worth keeping. */
  void execute(String sql) throws SQLException {
    try (Statement statement = jdbc.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Gives up to so many free pages back to the file system. */
  void vacuum(int pages) throws SQLException {
    try (Statement statement = jdbc.createStatement()) {
      // Not by execute, which takes one step: each gives back one page.
      statement.executeUpdate("PRAGMA incremental_vacuum(" + pages + ")");
    }
  }

  /** Says whether what is deleted from now on is overwritten. */
  void overwriteDeleted(String attempt, boolean overwritten) {
    try {
      execute("PRAGMA secure_delete = " + (overwritten ? "ON" : "OFF"));
    } catch (SQLException e) {
      throw SqliteErrors.explain(file, attempt, e);
    }
  }

  /** Copies the write-ahead log into the database, and empties it. */
  void emptyLog(String attempt) {
    try {
      execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException e) {
      throw SqliteErrors.explain(file, attempt, e);
    }
  }

  /** Returns the first column of the first row. */
  long queryLong(String sql) throws SQLException {
    try (Statement statement = jdbc.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.getLong(1);
    }
  }

  private String queryText(String sql) throws SQLException {
    try (Statement statement = jdbc.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.getString(1);
    }
  }

  /** Runs {@code work} on one consistent state of the database. */
  <T> T read(String attempt, Work<T> work) {
    return transaction("BEGIN", attempt, work);
  }

  /**
   * Runs {@code work} and commits what it wrote, as durably as asked: all of it, or, if anything is
   * thrown, nothing.
   *
   * <p>At {@code FULL} SQLite syncs the write-ahead log, which is one file, at every commit that
   * wrote; at {@code NORMAL} only before a checkpoint. So a commit at {@code FULL} also makes
   * durable what earlier ones at {@code NORMAL} wrote, and a crash leaves a prefix of the commits.
   */
  <T> T write(Durability durability, String attempt, Work<T> work) {
    if (this.durability != durability) {
      try {
        execute("PRAGMA synchronous = " + (durability == Durability.FSYNCED ? "FULL" : "NORMAL"));
      } catch (SQLException e) {
        throw SqliteErrors.explain(file, attempt, e);
      }
      this.durability = durability;
    }
    return transaction("BEGIN IMMEDIATE", attempt, work);
  }

  /** Does as {@link #write}, without a result. */
  void update(Durability durability, String attempt, Action action) {
    write(
        durability,
        attempt,
        sql -> {
          action.run(sql);
          return true;
        });
  }

  private <T> T transaction(String begin, String attempt, Work<T> work) {
    try {
      try {
        prepare(begin).execute();
        T result = work.run(this);
        prepare("COMMIT").execute();
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        rollbackAfter(e);
        throw e;
      }
    } catch (SQLException e) {
      throw SqliteErrors.explain(file, attempt, e);
    }
  }

  private void rollbackAfter(Throwable failure) {
    try {
      // The driver finalises a statement that failed; those at hand cannot be told from it.
      closeStatements();
      execute("ROLLBACK");
    } catch (SQLException e) {
      // After some failures there is nothing to roll back: SQLite has done so, or never began.
      failure.addSuppressed(e);
    }
  }

  private void closeStatements() throws SQLException {
    List<PreparedStatement> closing = new ArrayList<>(statements.values());
    statements.clear();
    for (PreparedStatement statement : closing) {
      statement.close();
    }
  }

  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() throws SQLException {
    // Closes the statements with it.
    jdbc.close();
  }
}
