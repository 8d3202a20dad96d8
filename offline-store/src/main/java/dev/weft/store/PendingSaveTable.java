package dev.weft.store;

import dev.weft.crdt.VersionVector;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The saves that wait for an answer. Stateless. */
final class PendingSaveTable {
  private PendingSaveTable() {}

  static void put(SqliteConnection sql, long row, DocumentId document, PendingSave save)
      throws SQLException {
    byte[] version = save.version().toBytes();
    PreparedStatement insert =
        sql.prepare(
            """
            INSERT INTO pending_save (document, save_id, version, crc, copies)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET
              version = excluded.version, crc = excluded.crc, copies = excluded.copies""");
    insert.setLong(1, row);
    insert.setString(2, save.saveId());
    insert.setBytes(3, version);
    insert.setInt(
        4, StoredRecord.checksum(document, nameOf(save.saveId(), save.copies()), version));
    insert.setInt(5, save.copies());
    insert.executeUpdate();
  }

  static List<PendingSave> all(SqliteConnection sql, long row, DocumentId document)
      throws SQLException {
    PreparedStatement select =
        sql.prepare(
            "SELECT save_id, version, crc, copies FROM pending_save WHERE document = ? ORDER BY id");
    select.setLong(1, row);
    List<PendingSave> saves = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        String saveId = StoredRecord.name(rows, 1);
        int copies = rows.getInt(4);
        VersionVector version =
            StoredRecord.vector(
                document, nameOf(saveId, copies), StoredRecord.bytes(rows, 2), rows.getInt(3));
        saves.add(new PendingSave(saveId, version, copies));
      }
    }
    return saves;
  }

  static void remove(SqliteConnection sql, long row, String saveId) throws SQLException {
    PreparedStatement delete =
        sql.prepare("DELETE FROM pending_save WHERE document = ? AND save_id = ?");
    delete.setLong(1, row);
    delete.setString(2, saveId);
    delete.executeUpdate();
  }

  /** Has the saves of a document cover no more than {@code version}. */
  static void limit(SqliteConnection sql, long row, DocumentId document, VersionVector version)
      throws SQLException {
    for (PendingSave save : all(sql, row, document)) {
      if (!version.includes(save.version())) {
        put(sql, row, document, save.of(save.version().intersect(version)));
      }
    }
  }

  /** Under which name a save is checked. */
  static String nameOf(String saveId, int copies) {
    // One is what all had before there was a number.
    return "pending save " + saveId + (copies == 1 ? "" : " on " + copies);
  }
}
