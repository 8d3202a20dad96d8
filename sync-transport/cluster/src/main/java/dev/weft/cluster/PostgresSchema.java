package dev.weft.cluster;

import dev.weft.store.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The layout of the shared database and the steps that bring an older one up to it. Stateless.
 *
 * <pre>
 * cluster      one row: how many of the steps the database has been through, and the cluster's name
 * document     id, name
 * change       one row a run of consecutive changes of one replica, as one update in the public
 *              format; {@code ordinal} counts a document's rows in the order of appending, which is
 *              a causal order; also found by (document, replica, end_sequence)
 * snapshot     at most one a document
 * </pre>
 *
 * <p>All of it is in the schema {@code weft}. The tables that grow with the text are partitioned by
 * document: whatever is asked of one document concerns one partition. The changes of a replica do
 * not overlap, so "what is behind sequence n" is one range of the index by end. A document's
 * version is read off that index, and brought up to date by reading the rows behind the last known
 * ordinal.
 *
 * <p>That the ordinal is unique is a second line of defence: appends to one document exclude each
 * other by a lock, and two that did not could not both be committed.
 *
 * <p>Replica ids are stored as signed integers of the same bits. Every {@code crc} is that of
 * {@link RowChecksum}.
 */
final class PostgresSchema {
  /** "WEFT": sets our advisory locks apart from other programs'. */
  static final int LOCK_SPACE = 0x57454654;

  /** "WEFS": the advisory locks of who writes snapshots, which hold up no appends. */
  static final int SNAPSHOT_LOCK_SPACE = 0x57454653;

  /** The advisory lock of who changes the layout. That a document may share it does no harm. */
  private static final int MIGRATION_LOCK = 0;

  private static final int PARTITIONS = 16;

  /** Step n brings a database of version n to version n + 1. A released step is never changed. */
  static final List<List<String>> STEPS = List.of(firstStep());

  private PostgresSchema() {}

  private static List<String> firstStep() {
    List<String> statements = new ArrayList<>();
    statements.add(
        """
        CREATE TABLE weft.document (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          name text COLLATE "C" NOT NULL UNIQUE
        )""");
    statements.add(
        """
        CREATE TABLE weft.change (
          document bigint NOT NULL,
          ordinal bigint NOT NULL,
          replica bigint NOT NULL,
          start_sequence bigint NOT NULL,
          end_sequence bigint NOT NULL,
          crc integer NOT NULL,
          bytes bytea NOT NULL,
          PRIMARY KEY (document, ordinal)
        ) PARTITION BY HASH (document)""");
    statements.add(
        """
        CREATE UNIQUE INDEX change_by_replica
          ON weft.change (document, replica, end_sequence)""");
    statements.add(
        """
        CREATE TABLE weft.snapshot (
          document bigint PRIMARY KEY,
          version bytea NOT NULL,
          version_crc integer NOT NULL,
          bytes bytea NOT NULL,
          bytes_crc integer NOT NULL
        ) PARTITION BY HASH (document)""");
    // A snapshot is compressed by its own format already. The partitions take this over.
    statements.add("ALTER TABLE weft.snapshot ALTER COLUMN bytes SET STORAGE EXTERNAL");
    for (String table : List.of("change", "snapshot")) {
      for (int i = 0; i < PARTITIONS; i++) {
        statements.add(
            "CREATE TABLE weft.%s_%d PARTITION OF weft.%s FOR VALUES WITH (MODULUS %d, REMAINDER %d)"
                .formatted(table, i, table, PARTITIONS, i));
      }
    }
    return List.copyOf(statements);
  }

  /**
   * Brings a database up to the last of {@code steps}, all or none of them, and returns the
   * cluster's name. Relays that start together wait for each other. A database that is up to date
   * is only read, so that a relay may run without the right to change the layout.
   *
   * @param sql a connection without a transaction
   * @param where the database, for messages
   * @throws StoreException if the database is newer than the steps
   */
  static String migrate(Connection sql, String where, List<List<String>> steps)
      throws SQLException {
    sql.setAutoCommit(false);
    if (version(sql, where, steps) < steps.size()) {
      sql.rollback();
      execute(sql, "SELECT pg_advisory_xact_lock(" + LOCK_SPACE + ", " + MIGRATION_LOCK + ")");
      int version = version(sql, where, steps);
      for (String statement : create(version)) {
        execute(sql, statement);
      }
      for (List<String> step : steps.subList(version, steps.size())) {
        for (String statement : step) {
          execute(sql, statement);
        }
      }
      execute(sql, "UPDATE weft.cluster SET schema_version = " + steps.size());
    }
    String name = queryText(sql, "SELECT name FROM weft.cluster");
    sql.commit();
    return name;
  }

  private static List<String> create(int version) {
    return version > 0
        ? List.of()
        : List.of(
            "CREATE SCHEMA IF NOT EXISTS weft",
            """
            CREATE TABLE IF NOT EXISTS weft.cluster (
              id integer PRIMARY KEY CHECK (id = 1),
              name text NOT NULL,
              schema_version integer NOT NULL
            )""",
            """
            INSERT INTO weft.cluster (id, name, schema_version)
            VALUES (1, gen_random_uuid()::text, 0) ON CONFLICT DO NOTHING""");
  }

  private static int version(Connection sql, String where, List<List<String>> steps)
      throws SQLException {
    if (queryText(sql, "SELECT to_regclass('weft.cluster') IS NOT NULL").equals("f")) {
      return 0;
    }
    int version = Integer.parseInt(queryText(sql, "SELECT max(schema_version) FROM weft.cluster"));
    if (version > steps.size()) {
      throw new StoreException(
          "cannot use the database "
              + where
              + ": it was written by a newer version of Weft (schema "
              + version
              + ", this one knows up to "
              + steps.size()
              + "); it was left as it is, use the newer version");
    }
    return version;
  }

  private static void execute(Connection sql, String statement) throws SQLException {
    try (Statement execute = sql.createStatement()) {
      execute.execute(statement);
    }
  }

  private static String queryText(Connection sql, String query) throws SQLException {
    try (Statement statement = sql.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
