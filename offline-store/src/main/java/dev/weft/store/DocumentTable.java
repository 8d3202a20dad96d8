package dev.weft.store;

import dev.weft.crdt.VersionVector;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The documents that a store knows, and what the relay holds durably of each. Stateless. */
final class DocumentTable {
  /** The row of a document that has none. */
  static final long UNKNOWN = 0;

  /** Under which name the watermark is checked. */
  static final String RELAY_DURABLE = "relay watermark";

  /**
   * Whether a document is more than a name: one that was opened and not written has a replica id
   * beside that, which is to be found again, and nothing else.
   */
  private static final String IS_HELD =
      """
      (relay_durable IS NOT NULL
        OR EXISTS (SELECT 1 FROM change WHERE change.document = document.id)
        OR id IN (SELECT document FROM snapshot)
        OR id IN (SELECT document FROM pending_save)
        OR id IN (SELECT document FROM dead_letter))""";

  private DocumentTable() {}

  /** Returns the documents of which there is anything, by name. */
  static List<DocumentId> all(SqliteConnection sql) throws SQLException {
    List<DocumentId> documents = new ArrayList<>();
    PreparedStatement select =
        sql.prepare("SELECT name FROM document WHERE " + IS_HELD + " ORDER BY name");
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        documents.add(parse(StoredRecord.name(rows, 1)));
      }
    }
    return documents;
  }

  /** Returns whether there is anything of the document of a row. */
  static boolean isHeld(SqliteConnection sql, long row) throws SQLException {
    PreparedStatement select =
        sql.prepare("SELECT EXISTS (SELECT 1 FROM document WHERE id = ? AND " + IS_HELD + ")");
    select.setLong(1, row);
    try (ResultSet rows = select.executeQuery()) {
      return rows.getBoolean(1);
    }
  }

  private static DocumentId parse(String name) {
    try {
      return new DocumentId(name);
    } catch (IllegalArgumentException e) {
      throw new StoreDamagedException(
          "the store is damaged: it lists a document that cannot exist (" + e.getMessage() + ")",
          e);
    }
  }

  /** Returns the document of a row; null if there is none. */
  static @Nullable DocumentId name(SqliteConnection sql, long row) throws SQLException {
    PreparedStatement select = sql.prepare("SELECT name FROM document WHERE id = ?");
    select.setLong(1, row);
    try (ResultSet rows = select.executeQuery()) {
      return rows.next() ? parse(StoredRecord.name(rows, 1)) : null;
    }
  }

  /** Returns the row of a document, {@link #UNKNOWN} if it has none. */
  static long find(SqliteConnection sql, DocumentId document) throws SQLException {
    PreparedStatement select = sql.prepare("SELECT id FROM document WHERE name = ?");
    select.setString(1, document.value());
    try (ResultSet rows = select.executeQuery()) {
      return rows.next() ? rows.getLong(1) : UNKNOWN;
    }
  }

  /** Returns the row of a document, which has one from now on. */
  static long require(SqliteConnection sql, DocumentId document) throws SQLException {
    long row = find(sql, document);
    if (row != UNKNOWN) {
      return row;
    }
    PreparedStatement insert = sql.prepare("INSERT INTO document (name) VALUES (?) RETURNING id");
    insert.setString(1, document.value());
    try (ResultSet rows = insert.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  static VersionVector relayDurable(SqliteConnection sql, DocumentId document) throws SQLException {
    PreparedStatement select =
        sql.prepare("SELECT relay_durable, relay_durable_crc FROM document WHERE name = ?");
    select.setString(1, document.value());
    try (ResultSet rows = select.executeQuery()) {
      if (!rows.next()) {
        return VersionVector.EMPTY;
      }
      byte[] bytes = rows.getBytes(1);
      return bytes == null
          ? VersionVector.EMPTY
          : StoredRecord.vector(document, RELAY_DURABLE, bytes, rows.getInt(2));
    }
  }

  static void setRelayDurable(SqliteConnection sql, DocumentId document, VersionVector durable)
      throws SQLException {
    byte[] bytes = durable.toBytes();
    PreparedStatement update =
        sql.prepare("UPDATE document SET relay_durable = ?, relay_durable_crc = ? WHERE id = ?");
    update.setBytes(1, bytes);
    update.setInt(2, StoredRecord.checksum(document, RELAY_DURABLE, bytes));
    update.setLong(3, require(sql, document));
    update.executeUpdate();
  }
}
