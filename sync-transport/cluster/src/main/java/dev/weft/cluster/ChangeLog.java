package dev.weft.cluster;

import dev.weft.crdt.Change;
import dev.weft.crdt.EventId;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import dev.weft.store.StoreDamagedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The logs of changes in their rows. Consecutive changes of one replica that are appended together
 * share a row, so a burst costs one. Rows are only ever added. Stateless.
 */
final class ChangeLog {
  /**
   * About the most bytes in a row of several changes: who lacks the last of them reads them all.
   */
  private static final int MAX_SHARED_BYTES = 64 << 10;

  private static final String INSERT =
      """
      INSERT INTO weft.change
        (document, ordinal, replica, start_sequence, end_sequence, crc, bytes)
      VALUES (?, ?, ?, ?, ?, ?, ?)""";

  /** The last known row and all behind it. */
  private static final String TAIL =
      """
      SELECT ordinal, replica, end_sequence, crc FROM weft.change
      WHERE document = ? AND ordinal >= ? ORDER BY ordinal""";

  private static final String LAST =
      """
      SELECT ordinal, crc FROM weft.change
      WHERE document = ? ORDER BY ordinal DESC LIMIT 1""";

  /** Steps from one replica's last row to the next replica's, never through all rows. */
  private static final String VERSION =
      """
      WITH RECURSIVE
        asked (document) AS (VALUES (?::bigint)),
        known (document, replica) AS (
          SELECT document, (
            SELECT c.replica FROM weft.change c
            WHERE c.document = asked.document
            ORDER BY c.replica LIMIT 1)
          FROM asked
          UNION ALL
          SELECT document, (
            SELECT c.replica FROM weft.change c
            WHERE c.document = known.document AND c.replica > known.replica
            ORDER BY c.replica LIMIT 1)
          FROM known WHERE replica IS NOT NULL)
      SELECT replica, (
        SELECT c.end_sequence FROM weft.change c
        WHERE c.document = known.document AND c.replica = known.replica
        ORDER BY c.end_sequence DESC LIMIT 1)
      FROM known WHERE replica IS NOT NULL""";

  /** For each replica that is behind, its rows behind what was seen of it. */
  private static final String SINCE =
      """
      SELECT c.replica, c.start_sequence, c.end_sequence, c.crc, c.bytes
      FROM unnest(?::bigint[], ?::bigint[]) AS behind (replica, seen)
      CROSS JOIN LATERAL (
        SELECT * FROM weft.change
        WHERE document = ? AND replica = behind.replica AND end_sequence > behind.seen) AS c
      ORDER BY c.ordinal""";

  private ChangeLog() {}

  /**
   * Returns how far the log reaches, from how far it was known to reach. O(rows since), or
   * O(replicas · log rows) from the start.
   */
  static LogPosition position(Connection sql, long row, LogPosition known) throws SQLException {
    if (row == DocumentTable.UNKNOWN) {
      return LogPosition.START;
    }
    return known.ordinal() == 0 ? readWhole(sql, row) : readOn(sql, row, known);
  }

  private static LogPosition readOn(Connection sql, long row, LogPosition known)
      throws SQLException {
    try (PreparedStatement select = sql.prepareStatement(TAIL)) {
      select.setLong(1, row);
      select.setLong(2, known.ordinal());
      try (ResultSet rows = select.executeQuery()) {
        if (!rows.next() || rows.getLong(1) != known.ordinal() || rows.getInt(4) != known.crc()) {
          return readWhole(sql, row);
        }
        long ordinal = known.ordinal();
        int crc = known.crc();
        VersionVector.Builder version = known.version().toBuilder();
        while (rows.next()) {
          ordinal = rows.getLong(1);
          version.advance(new ReplicaId(rows.getLong(2)), rows.getLong(3));
          crc = rows.getInt(4);
        }
        return ordinal == known.ordinal() ? known : new LogPosition(ordinal, crc, version.build());
      }
    }
  }

  private static LogPosition readWhole(Connection sql, long row) throws SQLException {
    VersionVector.Builder version = new VersionVector.Builder();
    try (PreparedStatement select = sql.prepareStatement(VERSION)) {
      select.setLong(1, row);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          version.advance(new ReplicaId(rows.getLong(1)), rows.getLong(2));
        }
      }
    }
    try (PreparedStatement select = sql.prepareStatement(LAST)) {
      select.setLong(1, row);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next()
            ? new LogPosition(rows.getLong(1), rows.getInt(2), version.build())
            : LogPosition.START;
      }
    }
  }

  /**
   * Adds changes, at least one, that the log does not have, in causal order. The caller holds the
   * document's lock.
   *
   * @param end how far the log reaches
   * @param after the version with the changes
   * @return how far it reaches then
   */
  static LogPosition append(
      Connection sql,
      long row,
      DocumentId document,
      LogPosition end,
      List<Change> changes,
      VersionVector after)
      throws SQLException {
    try (PreparedStatement insert = sql.prepareStatement(INSERT)) {
      long ordinal = end.ordinal();
      int crc = end.crc();
      for (List<Change> shared : rows(changes)) {
        ordinal++;
        ReplicaId replica = shared.get(0).replica();
        long first = shared.get(0).start();
        long last = shared.get(shared.size() - 1).end();
        byte[] bytes = Change.combine(shared);
        crc = RowChecksum.ofChanges(document, replica, first, last, bytes);
        insert.setLong(1, row);
        insert.setLong(2, ordinal);
        insert.setLong(3, replica.bits());
        insert.setLong(4, first);
        insert.setLong(5, last);
        insert.setInt(6, crc);
        insert.setBytes(7, bytes);
        insert.addBatch();
      }
      insert.executeBatch();
      return new LogPosition(ordinal, crc, after);
    }
  }

  private static List<List<Change>> rows(List<Change> changes) {
    List<List<Change>> rows = new ArrayList<>();
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      if (i > from && (bytes + change.sizeInBytes() > MAX_SHARED_BYTES || !follows(changes, i))) {
        rows.add(changes.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += change.sizeInBytes();
    }
    rows.add(changes.subList(from, changes.size()));
    return rows;
  }

  private static boolean follows(List<Change> changes, int index) {
    Change previous = changes.get(index - 1);
    Change change = changes.get(index);
    return change.replica().equals(previous.replica()) && change.start() == previous.end();
  }

  /**
   * Returns what {@code seen} lacks of the log, in causal order.
   *
   * @param version what the log holds, in the state of the database that this reads
   */
  static List<Change> since(
      Connection sql, long row, DocumentId document, VersionVector seen, VersionVector version)
      throws SQLException {
    List<ReplicaId> behind = new ArrayList<>(version.replicas());
    behind.removeIf(replica -> seen.next(replica) >= version.next(replica));
    Unseen unseen = new Unseen(document, seen);
    try (PreparedStatement select = sql.prepareStatement(SINCE)) {
      select.setArray(
          1, sql.createArrayOf("bigint", behind.stream().map(ReplicaId::bits).toArray()));
      select.setArray(2, sql.createArrayOf("bigint", behind.stream().map(seen::next).toArray()));
      select.setLong(3, row);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          unseen.add(rows);
        }
      }
    }
    for (ReplicaId replica : behind) {
      unseen.requireReached(replica, version.next(replica));
    }
    return unseen.changes;
  }

  /**
   * Collects what is unseen from rows in the order of appending, and checks that none is missing.
   */
  private static final class Unseen {
    final List<Change> changes = new ArrayList<>();
    private final DocumentId document;
    private final VersionVector seen;
    private final Map<ReplicaId, Long> reached = new HashMap<>();

    Unseen(DocumentId document, VersionVector seen) {
      this.document = document;
      this.seen = seen;
    }

    void add(ResultSet row) throws SQLException {
      ReplicaId replica = new ReplicaId(row.getLong(1));
      long start = row.getLong(2);
      long end = row.getLong(3);
      byte[] bytes = row.getBytes(5);
      if (start < 0 || start >= end) {
        throw damaged(new EventId(replica, end - 1), "has an impossible start, " + start, null);
      }
      EventId first = new EventId(replica, start);
      if (RowChecksum.ofChanges(document, replica, start, end, bytes) != row.getInt(4)) {
        throw damaged(first, "has a wrong checksum", null);
      }
      requireReached(replica, start);
      reached.put(replica, end);
      try {
        for (Change change : Change.parse(bytes)) {
          if (!change.isKnown(seen)) {
            changes.add(change.since(seen));
          }
        }
      } catch (MalformedUpdateException e) {
        throw damaged(first, "cannot be read", e);
      }
    }

    void requireReached(ReplicaId replica, long next) {
      long end = reached.getOrDefault(replica, seen.next(replica));
      if (end < next) {
        throw damaged(new EventId(replica, end), "is missing", null);
      }
    }

    private StoreDamagedException damaged(EventId event, String what, @Nullable Throwable cause) {
      return new StoreDamagedException(
          "the database is damaged: in document "
              + document
              + " the change of replica "
              + event.replica()
              + " at sequence number "
              + event.sequence()
              + " "
              + what
              + "; it was left as it is. Restore the row of weft.change from a backup",
          cause);
    }
  }
}
