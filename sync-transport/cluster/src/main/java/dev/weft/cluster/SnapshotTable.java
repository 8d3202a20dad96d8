package dev.weft.cluster;

import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import dev.weft.store.StoreDamagedException;
import dev.weft.store.StoredSnapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The latest snapshot of each document that has one. Stateless. */
final class SnapshotTable {
  private static final String VERSION = "snapshot version";
  private static final String BYTES = "snapshot";

  private SnapshotTable() {}

  static void put(
      Connection sql, long row, DocumentId document, VersionVector version, byte[] bytes)
      throws SQLException {
    byte[] vector = version.toBytes();
    try (PreparedStatement upsert =
        sql.prepareStatement(
            """
            INSERT INTO weft.snapshot (document, version, version_crc, bytes, bytes_crc)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (document) DO UPDATE SET
              version = excluded.version,
              version_crc = excluded.version_crc,
              bytes = excluded.bytes,
              bytes_crc = excluded.bytes_crc""")) {
      upsert.setLong(1, row);
      upsert.setBytes(2, vector);
      upsert.setInt(3, RowChecksum.ofNamed(document, VERSION, vector));
      upsert.setBytes(4, bytes);
      upsert.setInt(5, RowChecksum.ofNamed(document, BYTES, bytes));
      upsert.executeUpdate();
    }
  }

  /** Returns what the snapshot has seen, without reading it; empty if there is none. */
  static VersionVector version(Connection sql, long row, DocumentId document) throws SQLException {
    try (PreparedStatement select =
        sql.prepareStatement("SELECT version, version_crc FROM weft.snapshot WHERE document = ?")) {
      select.setLong(1, row);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? version(document, rows) : VersionVector.EMPTY;
      }
    }
  }

  static Optional<StoredSnapshot> get(Connection sql, long row, DocumentId document)
      throws SQLException {
    try (PreparedStatement select =
        sql.prepareStatement(
            "SELECT version, version_crc, bytes, bytes_crc FROM weft.snapshot WHERE document = ?")) {
      select.setLong(1, row);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new StoredSnapshot(
                    version(document, rows),
                    verified(document, BYTES, rows.getBytes(3), rows.getInt(4))))
            : Optional.empty();
      }
    }
  }

  private static VersionVector version(DocumentId document, ResultSet row) throws SQLException {
    try {
      return VersionVector.parse(verified(document, VERSION, row.getBytes(1), row.getInt(2)));
    } catch (MalformedUpdateException e) {
      throw damaged(document, VERSION, e);
    }
  }

  private static byte[] verified(DocumentId document, String name, byte[] bytes, int crc) {
    if (RowChecksum.ofNamed(document, name, bytes) != crc) {
      throw damaged(document, name, null);
    }
    return bytes;
  }

  private static StoreDamagedException damaged(
      DocumentId document, String name, @Nullable Throwable cause) {
    return new StoreDamagedException(
        "the database is damaged: document "
            + document
            + " has a "
            + name
            + " that is not the one written; it was left as it is. Restore the row weft.snapshot from a"
            + " backup or delete it: the log has all of the document",
        cause);
  }
}
