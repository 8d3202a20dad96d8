package dev.weft.store;

import dev.weft.crdt.VersionVector;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The latest snapshot of each document that has one. Stateless. */
final class SnapshotTable {
  /** Under which names a snapshot is checked. */
  static final String VERSION = "snapshot version";

  static final String BYTES = "snapshot";

  private SnapshotTable() {}

  static void put(
      SqliteConnection sql, long row, DocumentId document, VersionVector version, byte[] bytes)
      throws SQLException {
    byte[] vector = version.toBytes();
    PreparedStatement replace =
        sql.prepare(
            """
            INSERT OR REPLACE INTO snapshot (document, version, version_crc, bytes, bytes_crc)
            VALUES (?, ?, ?, ?, ?)""");
    replace.setLong(1, row);
    replace.setBytes(2, vector);
    replace.setInt(3, StoredRecord.checksum(document, VERSION, vector));
    replace.setBytes(4, bytes);
    replace.setInt(5, StoredRecord.checksum(document, BYTES, bytes));
    replace.executeUpdate();
  }

  static void remove(SqliteConnection sql, long row) throws SQLException {
    PreparedStatement delete = sql.prepare("DELETE FROM snapshot WHERE document = ?");
    delete.setLong(1, row);
    delete.executeUpdate();
  }

  /** Returns what the snapshot has seen, without reading it; empty if there is none. */
  static VersionVector version(SqliteConnection sql, long row, DocumentId document)
      throws SQLException {
    PreparedStatement select =
        sql.prepare("SELECT version, version_crc FROM snapshot WHERE document = ?");
    select.setLong(1, row);
    try (ResultSet rows = select.executeQuery()) {
      return rows.next()
          ? StoredRecord.vector(document, VERSION, StoredRecord.bytes(rows, 1), rows.getInt(2))
          : VersionVector.EMPTY;
    }
  }

  static Optional<StoredSnapshot> get(SqliteConnection sql, long row, DocumentId document)
      throws SQLException {
    PreparedStatement select =
        sql.prepare(
            "SELECT version, version_crc, bytes, bytes_crc FROM snapshot WHERE document = ?");
    select.setLong(1, row);
    try (ResultSet rows = select.executeQuery()) {
      if (!rows.next()) {
        return Optional.empty();
      }
      return Optional.of(
          new StoredSnapshot(
              StoredRecord.vector(document, VERSION, StoredRecord.bytes(rows, 1), rows.getInt(2)),
              StoredRecord.verified(document, BYTES, StoredRecord.bytes(rows, 3), rows.getInt(4))));
    }
  }
}
