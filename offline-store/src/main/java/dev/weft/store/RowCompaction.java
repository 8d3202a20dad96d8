package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has rows of the log that came one after the other, of one author each, share a row: a person who
 * types leaves a row for every commit window, and each costs a key, a checksum and a change's head.
 *
 * <p>Only neighbours in a document's order of arrival are joined, so that order stays a causal one.
 * A row that is not as it was written stays alone as it is. Not thread-safe; one compaction is one
 * step, inside a transaction of the caller's.
 */
final class RowCompaction {
  /** How many rows one step looks at: some milliseconds, for which an append may have to wait. */
  private static final int STEP_ROWS = 512;

  private final SqliteConnection sql;
  private final Map<Long, Run> runs = new HashMap<>();
  private final Map<Long, DocumentId> documents = new HashMap<>();

  private RowCompaction(SqliteConnection sql) {
    this.sql = sql;
  }

  /** Returns how many rows have come since the last step, at most; 0 if the log is empty. */
  static long uncompactedRows(SqliteConnection sql) throws SQLException {
    return Math.max(
        0,
        sql.queryLong(
            """
            SELECT coalesce((SELECT max(arrival) FROM change), 0)
              - (SELECT compacted FROM store)"""));
  }

  /** Compacts the next rows. */
  static void step(SqliteConnection sql) throws SQLException {
    new RowCompaction(sql).run();
  }

  private void run() throws SQLException {
    long reached = sql.queryLong("SELECT compacted FROM store");
    Run last = null;
    for (Row row : next(reached)) {
      reached = row.arrival;
      take(row);
      last = runs.get(row.document);
    }
    for (Run run : runs.values()) {
      run.write(sql);
    }
    if (last != null && last.hasRoom()) {
      // Whoever typed last goes on typing: the next step goes on with their row.
      reached = last.first.arrival - 1;
    }
    noteCompacted(sql, reached);
  }

  /**
   * Notes how far the log is compacted, never beyond its last row: the database gives the number of
   * a last row that was removed to the next one.
   */
  static void noteCompacted(SqliteConnection sql, long arrival) throws SQLException {
    PreparedStatement note =
        sql.prepare(
            "UPDATE store SET compacted = min(?, coalesce((SELECT max(arrival) FROM change), 0))");
    note.setLong(1, arrival);
    note.executeUpdate();
  }

  private List<Row> next(long after) throws SQLException {
    PreparedStatement select =
        sql.prepare(
            """
            SELECT arrival, document, replica, start_sequence, end_sequence, crc, bytes
            FROM change WHERE arrival > ? ORDER BY arrival LIMIT ?""");
    select.setLong(1, after);
    select.setInt(2, STEP_ROWS);
    List<Row> rows = new ArrayList<>();
    try (ResultSet found = select.executeQuery()) {
      while (found.next()) {
        rows.add(new Row(found));
      }
    }
    return rows;
  }

  private void take(Row row) throws SQLException {
    DocumentId document = documentOf(row.document);
    if (document == null) {
      return;
    }
    Run run = runs.get(row.document);
    List<Change> changes = parse(document, row);
    if (run != null && !changes.isEmpty() && run.isFollowedBy(row)) {
      run.add(row, changes);
      return;
    }
    if (run != null) {
      run.write(sql);
      runs.remove(row.document);
    }
    if (!changes.isEmpty()) {
      runs.put(row.document, new Run(document, row, changes));
    }
  }

  /** Returns the changes of a row, none if it is not what was written: reading it will say so. */
  private static List<Change> parse(DocumentId document, Row row) {
    if (row.start < 0
        || row.start >= row.end
        || StoredRecord.checksum(document, row.replica, row.start, row.end, row.bytes) != row.crc) {
      return List.of();
    }
    try {
      return Change.parse(row.bytes);
    } catch (MalformedUpdateException e) {
      return List.of();
    }
  }

  private @Nullable DocumentId documentOf(long row) throws SQLException {
    DocumentId known = documents.get(row);
    if (known == null) {
      known = DocumentTable.name(sql, row);
      if (known != null) {
        documents.put(row, known);
      }
    }
    return known;
  }

  /** A row as it was read, not checked yet. */
  private static final class Row {
    final long arrival;
    final long document;
    final ReplicaId replica;
    final long start;
    final long end;
    final int crc;
    final byte[] bytes;

    Row(ResultSet row) throws SQLException {
      arrival = row.getLong(1);
      document = row.getLong(2);
      replica = new ReplicaId(row.getLong(3));
      start = row.getLong(4);
      end = row.getLong(5);
      crc = row.getInt(6);
      bytes = StoredRecord.bytes(row, 7);
    }
  }

  /** Rows that will be one. */
  private static final class Run {
    final DocumentId document;
    final Row first;
    final List<Row> others = new ArrayList<>();
    List<Change> changes;
    long end;

    /** How long the row gets, at most. */
    long bytes;

    /** How long it was when it was joined last. */
    long joinedBytes;

    Run(DocumentId document, Row first, List<Change> changes) {
      this.document = document;
      this.first = first;
      this.changes = new ArrayList<>(changes);
      end = first.end;
      bytes = first.bytes.length;
      joinedBytes = bytes;
    }

    boolean isFollowedBy(Row row) {
      return row.replica.equals(first.replica)
          && row.start == end
          && hasRoom()
          && hasRoomFor(row.bytes.length);
    }

    private boolean hasRoomFor(int added) {
      if (bytes + added > ChangeTable.MAX_SHARED_BYTES) {
        join();
      }
      return bytes + added <= ChangeTable.MAX_SHARED_BYTES;
    }

    /** A run that is nearly as long as a row may be is left, or it would be joined for each row. */
    boolean hasRoom() {
      return joinedBytes <= ChangeTable.MAX_SHARED_BYTES / 2;
    }

    private void join() {
      changes = Change.join(changes);
      bytes = 0;
      for (Change change : changes) {
        bytes += change.sizeInBytes();
      }
      joinedBytes = bytes;
    }

    void add(Row row, List<Change> added) {
      others.add(row);
      changes.addAll(added);
      end = row.end;
      bytes += row.bytes.length;
    }

    void write(SqliteConnection sql) throws SQLException {
      if (others.isEmpty()) {
        return;
      }
      PreparedStatement delete = sql.prepare("DELETE FROM change WHERE arrival = ?");
      for (Row row : others) {
        delete.setLong(1, row.arrival);
        delete.executeUpdate();
      }
      join();
      byte[] joined = Change.combine(changes);
      PreparedStatement update =
          sql.prepare("UPDATE change SET end_sequence = ?, crc = ?, bytes = ? WHERE arrival = ?");
      update.setLong(1, end);
      update.setInt(2, StoredRecord.checksum(document, first.replica, first.start, end, joined));
      update.setBytes(3, joined);
      update.setLong(4, first.arrival);
      update.executeUpdate();
    }
  }
}
