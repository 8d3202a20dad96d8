package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of changes in its rows. Consecutive changes of one replica that are appended together
 * share a row, so a burst costs one; {@link RowCompaction} has others share one later. Thread-safe:
 * holds no state.
 */
final class ChangeTable {
  /** The most bytes in a row of several changes: who lacks the last of them reads them all. */
  static final int MAX_SHARED_BYTES = 16 << 10;

  private static final String INSERT =
      """
      INSERT INTO change (document, replica, start_sequence, end_sequence, crc, bytes)
      VALUES (?, ?, ?, ?, ?, ?)""";

  /** Steps from one replica's last row to the next replica's, never through all rows. */
  private static final String VERSION =
      """
      WITH RECURSIVE
        known (replica) AS (
          SELECT * FROM (
            SELECT replica FROM change WHERE document = ?1 ORDER BY replica LIMIT 1)
          UNION ALL
          SELECT (
            SELECT replica FROM change
            WHERE document = ?1 AND replica > known.replica ORDER BY replica LIMIT 1)
          FROM known WHERE known.replica IS NOT NULL)
      SELECT replica, (
        SELECT end_sequence FROM change
        WHERE document = ?1 AND replica = known.replica ORDER BY end_sequence DESC LIMIT 1)
      FROM known WHERE replica IS NOT NULL""";

  private static final String SINCE =
      """
      SELECT arrival, start_sequence, end_sequence, crc, bytes FROM change
      WHERE document = ? AND replica = ? AND end_sequence > ? AND end_sequence <= ?
      ORDER BY end_sequence""";

  private static final String SIZE =
      """
      SELECT start_sequence, end_sequence, length(bytes) FROM change
      WHERE document = ? AND replica = ? AND end_sequence > ?""";

  private final Path file;

  ChangeTable(Path file) {
    this.file = file;
  }

  /** Returns what the rows of a document amount to. O(replicas · log rows). */
  VersionVector version(SqliteConnection sql, long documentRow, DocumentId document)
      throws SQLException {
    VersionVector.Builder version = new VersionVector.Builder();
    PreparedStatement select = sql.prepare(VERSION);
    select.setLong(1, documentRow);
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        ReplicaId replica = new ReplicaId(rows.getLong(1));
        long end = rows.getLong(2);
        if (end < 0) {
          throw damaged(document, replica, end, "is impossible", null);
        }
        version.advance(replica, end);
      }
    }
    return version.build();
  }

  /** Adds changes, at least one, that the log does not have, in causal order. */
  void append(SqliteConnection sql, long documentRow, DocumentId document, List<Change> changes)
      throws SQLException {
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      if (i > from && (bytes + change.sizeInBytes() > MAX_SHARED_BYTES || !follows(changes, i))) {
        insert(sql, documentRow, document, changes.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += change.sizeInBytes();
    }
    insert(sql, documentRow, document, changes.subList(from, changes.size()));
  }

  /**
   * Returns how much of a replica's changes is behind a sequence number; of a row that begins
   * before it, as much of its bytes as of its events. O(rows counted).
   */
  OutboxSize sizeBehind(SqliteConnection sql, long documentRow, ReplicaId replica, long sequence)
      throws SQLException {
    PreparedStatement select = sql.prepare(SIZE);
    select.setLong(1, documentRow);
    select.setLong(2, replica.bits());
    select.setLong(3, sequence);
    long events = 0;
    long bytes = 0;
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        long start = rows.getLong(1);
        long end = rows.getLong(2);
        long behind = end - Math.max(start, sequence);
        events += behind;
        bytes += rows.getLong(3) * behind / Math.max(1, end - start);
      }
    }
    return new OutboxSize(events, bytes);
  }

  /** Puts changes in the place of all that the log has of a document. */
  void replaceAll(SqliteConnection sql, long documentRow, DocumentId document, List<Change> changes)
      throws SQLException {
    PreparedStatement delete = sql.prepare("DELETE FROM change WHERE document = ?");
    delete.setLong(1, documentRow);
    delete.executeUpdate();
    RowCompaction.noteCompacted(sql, sql.queryLong("SELECT compacted FROM store"));
    if (!changes.isEmpty()) {
      append(sql, documentRow, document, changes);
    }
  }

  private static boolean follows(List<Change> changes, int index) {
    Change previous = changes.get(index - 1);
    Change change = changes.get(index);
    return change.replica().equals(previous.replica()) && change.start() == previous.end();
  }

  private static void insert(
      SqliteConnection sql, long documentRow, DocumentId document, List<Change> changes)
      throws SQLException {
    ReplicaId replica = changes.get(0).replica();
    long start = changes.get(0).start();
    long end = changes.get(changes.size() - 1).end();
    byte[] bytes = Change.combine(changes);
    PreparedStatement insert = sql.prepare(INSERT);
    insert.setLong(1, documentRow);
    insert.setLong(2, replica.bits());
    insert.setLong(3, start);
    insert.setLong(4, end);
    insert.setInt(5, StoredRecord.checksum(document, replica, start, end, bytes));
    insert.setBytes(6, bytes);
    insert.executeUpdate();
  }

  /**
   * Returns the rows with an event that {@code upTo} includes and {@code seen} does not, in causal
   * order, as they stand: {@link #decode} checks them.
   *
   * @param upTo a version that the rows had at some moment
   * @throws StoreDamagedException if there is a gap between them
   */
  List<Row> between(
      SqliteConnection sql,
      long documentRow,
      DocumentId document,
      VersionVector seen,
      VersionVector upTo)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    for (ReplicaId replica : upTo.replicas()) {
      if (seen.next(replica) < upTo.next(replica)) {
        select(sql, documentRow, document, replica, seen.next(replica), upTo.next(replica), rows);
      }
    }
    rows.sort(Comparator.comparingLong(Row::arrival));
    return rows;
  }

  private void select(
      SqliteConnection sql,
      long documentRow,
      DocumentId document,
      ReplicaId replica,
      long seen,
      long upTo,
      List<Row> found)
      throws SQLException {
    PreparedStatement select = sql.prepare(SINCE);
    select.setLong(1, documentRow);
    select.setLong(2, replica.bits());
    select.setLong(3, seen);
    select.setLong(4, upTo);
    long reached = seen;
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        Row row =
            new Row(
                rows.getLong(1),
                replica,
                rows.getLong(2),
                rows.getLong(3),
                rows.getInt(4),
                StoredRecord.bytes(rows, 5));
        if (row.start > reached) {
          break;
        }
        found.add(row);
        reached = row.end;
      }
    }
    if (reached < upTo) {
      throw damaged(document, replica, reached, "is missing", null);
    }
  }

  /**
   * Returns what of the rows {@code seen} has not. Needs no connection.
   *
   * @throws StoreDamagedException if a row is not what was written
   */
  List<Change> decode(DocumentId document, List<Row> rows, VersionVector seen) {
    List<Change> changes = new ArrayList<>(rows.size());
    for (Row row : rows) {
      for (Change change : decode(document, row)) {
        if (!change.isKnown(seen)) {
          changes.add(change.since(seen));
        }
      }
    }
    return changes;
  }

  private List<Change> decode(DocumentId document, Row row) {
    if (row.start < 0 || row.start >= row.end) {
      String what = "has an impossible start, " + row.start;
      throw damaged(document, row.replica, row.end - 1, what, null);
    }
    if (StoredRecord.checksum(document, row.replica, row.start, row.end, row.bytes) != row.crc) {
      throw damaged(document, row.replica, row.start, "has a wrong checksum", null);
    }
    try {
      return Change.parse(row.bytes);
    } catch (MalformedUpdateException e) {
      throw damaged(document, row.replica, row.start, "cannot be read", e);
    }
  }

  private StoreDamagedException damaged(
      DocumentId document,
      ReplicaId replica,
      long sequence,
      String what,
      @Nullable Throwable cause) {
    return new StoreDamagedException(
        "the store "
            + file
            + " is damaged: in document "
            + document
            + " the change of replica "
            + replica
            + " at sequence number "
            + sequence
            + " "
            + what
            + "; it was left as it is. Run "
            + SqliteErrors.advice(file),
        cause);
  }

  /** A row as it was read, not checked yet. */
  static final class Row {
    /** The place in the order of appending. */
    private final long arrival;

    private final ReplicaId replica;
    private final long start;
    private final long end;
    private final int crc;
    private final byte[] bytes;

    Row(long arrival, ReplicaId replica, long start, long end, int crc, byte[] bytes) {
      this.arrival = arrival;
      this.replica = replica;
      this.start = start;
      this.end = end;
      this.crc = crc;
      this.bytes = bytes;
    }

    long arrival() {
      return arrival;
    }
  }
}
