package dev.weft.store;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The layout of a store's database and the steps that bring an older one up to it. The version of a
 * file is its {@code user_version}: how many of the steps it has been through. Stateless.
 *
 * <pre>
 * document     id, name, what the relay holds durably
 * change       one row a run of consecutive changes of one replica, as one update in the public
 *              format; {@code arrival} ascends in the order of appending, which is a causal order;
 *              found by (document, replica, end_sequence)
 * identity     the replica ids of this device
 * pending_save the saves that wait for an answer, each with how many machines it asks for
 * snapshot     at most one a document
 * dead_letter  changes that were refused for good, each letter with the code, the reason and the
 *              time in milliseconds since 1970 by this machine's clock
 * store        one row: how many commits were made only to sync, and up to which arrival the
 *              log's rows are compacted
 * </pre>
 *
 * <p>The rows of one replica follow one another without gap or overlap. They are found by their
 * end, so what is behind sequence number n, a row that holds n in its middle included, is one range
 * of the index. Nothing is derived twice: a document's version is read off that index.
 *
 * <p>Replica ids are stored as signed integers of the same bits. Every {@code crc} is that of
 * {@link StoredRecord}, so a row that was damaged, or moved to another document, is noticed.
 */
final class Schema {
  /** "WEFT": tells the file from other programs' databases. */
  static final int APPLICATION_ID = 0x57454654;

  /** Step n brings a database of version n to version n + 1. A released step is never changed. */
  static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              CREATE TABLE document (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                relay_durable BLOB,
                relay_durable_crc INTEGER
              ) STRICT""",
              """
              CREATE TABLE change (
                arrival INTEGER PRIMARY KEY,
                document INTEGER NOT NULL,
                replica INTEGER NOT NULL,
                start_sequence INTEGER NOT NULL,
                end_sequence INTEGER NOT NULL,
                crc INTEGER NOT NULL,
                bytes BLOB NOT NULL
              ) STRICT""",
              """
              CREATE UNIQUE INDEX change_by_replica
                ON change (document, replica, end_sequence)""",
              """
              CREATE TABLE identity (
                id INTEGER PRIMARY KEY,
                document INTEGER NOT NULL,
                replica INTEGER NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('free', 'held', 'retired')),
                UNIQUE (document, replica)
              ) STRICT""",
              """
              CREATE UNIQUE INDEX identity_in_use
                ON identity (document) WHERE state <> 'retired'""",
              """
              CREATE TABLE pending_save (
                id INTEGER PRIMARY KEY,
                document INTEGER NOT NULL,
                save_id TEXT NOT NULL,
                version BLOB NOT NULL,
                crc INTEGER NOT NULL,
                UNIQUE (document, save_id)
              ) STRICT""",
              """
              CREATE TABLE snapshot (
                document INTEGER PRIMARY KEY,
                version BLOB NOT NULL,
                version_crc INTEGER NOT NULL,
                bytes BLOB NOT NULL,
                bytes_crc INTEGER NOT NULL
              ) STRICT""",
              """
              CREATE TABLE store (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                syncs INTEGER NOT NULL
              ) STRICT""",
              "INSERT INTO store (id, syncs) VALUES (1, 0)",
              "PRAGMA application_id = " + APPLICATION_ID),
          List.of(
              """
              CREATE TABLE dead_letter (
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                document INTEGER NOT NULL,
                code TEXT NOT NULL,
                reason TEXT NOT NULL,
                refused_at INTEGER NOT NULL,
                bytes BLOB NOT NULL,
                crc INTEGER NOT NULL
              ) STRICT""",
              "ALTER TABLE store ADD COLUMN compacted INTEGER NOT NULL DEFAULT 0"),
          List.of("ALTER TABLE pending_save ADD COLUMN copies INTEGER NOT NULL DEFAULT 1"));

  /** No version that was ever written is above. */
  private static final long MOST_STEPS = 10_000;

  private Schema() {}

  /**
   * Brings a database up to the last of {@code steps}, each in a transaction of its own.
   *
   * @throws StoreException if the database is another program's, or newer than the steps
   */
  static void migrate(SqliteConnection connection, Path file, List<List<String>> steps)
      throws SQLException {
    long version = connection.queryLong("PRAGMA user_version");
    long applicationId = connection.queryLong("PRAGMA application_id");
    boolean empty = connection.queryLong("SELECT count(*) FROM sqlite_schema") == 0;
    boolean isNew = empty && version == 0 && applicationId == 0;
    if (applicationId != APPLICATION_ID && !isNew && hasLayout(connection, steps)) {
      throw damaged(file, "it has lost its application id");
    }
    if (applicationId != APPLICATION_ID && !isNew) {
      throw new StoreException(
          "cannot open the store "
              + file
              + ": it is a database of another program; it was left as it is, use another"
              + " directory");
    }
    if (version < 0 || version > MOST_STEPS) {
      throw damaged(file, "its schema has the version " + version);
    }
    if (version > steps.size()) {
      throw new StoreException(
          "cannot open the store "
              + file
              + ": it was written by a newer version of Weft (schema "
              + version
              + ", this one knows up to "
              + steps.size()
              + "); it was left as it is, use the newer version");
    }
    bringUp(connection, (int) version, steps);
    // A name that was damaged there fails some statements, and a condition changes others.
    if (!hasLayout(connection, steps)) {
      throw damaged(file, "its tables are not laid out as they were made");
    }
  }

  private static StoreDamagedException damaged(Path file, String how) {
    return new StoreDamagedException(
        "cannot open the store "
            + file
            + ": it is damaged, for "
            + how
            + "; it was left as it is, run "
            + SqliteErrors.advice(file),
        null);
  }

  private static void bringUp(SqliteConnection connection, int version, List<List<String>> steps)
      throws SQLException {
    for (int step = version; step < steps.size(); step++) {
      List<String> statements = steps.get(step);
      int reached = step + 1;
      connection.update(
          Durability.FSYNCED,
          "bring the schema to version " + reached,
          sql -> {
            for (String statement : statements) {
              sql.execute(statement);
            }
            sql.execute("PRAGMA user_version = " + reached);
          });
    }
  }

  /** Returns whether a database has, beside what others may have added, what the steps make. */
  private static boolean hasLayout(SqliteConnection connection, List<List<String>> steps)
      throws SQLException {
    try (SqliteConnection made = SqliteConnection.openInMemory()) {
      bringUp(made, 0, steps);
      return layout(connection).containsAll(layout(made));
    }
  }

  private static Set<String> layout(SqliteConnection connection) throws SQLException {
    Set<String> definitions = new HashSet<>();
    try (ResultSet rows =
        connection
            .prepare("SELECT type || ' ' || name || ': ' || ifnull(sql, '') FROM sqlite_schema")
            .executeQuery()) {
      while (rows.next()) {
        definitions.add(String.valueOf(rows.getString(1)));
      }
    }
    return definitions;
  }
}
