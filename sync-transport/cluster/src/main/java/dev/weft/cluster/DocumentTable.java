package dev.weft.cluster;

import dev.weft.store.DocumentId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The documents that the database knows. Stateless. */
final class DocumentTable {
  /** The row of a document that has none. */
  static final long UNKNOWN = 0;

  private DocumentTable() {}

  static List<DocumentId> all(Connection sql) throws SQLException {
    List<DocumentId> documents = new ArrayList<>();
    try (PreparedStatement select =
            sql.prepareStatement("SELECT name FROM weft.document ORDER BY name");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        documents.add(new DocumentId(rows.getString(1)));
      }
    }
    return documents;
  }

  /** Returns the row of a document, {@link #UNKNOWN} if it has none. */
  static long find(Connection sql, DocumentId document) throws SQLException {
    try (PreparedStatement select =
        sql.prepareStatement("SELECT id FROM weft.document WHERE name = ?")) {
      select.setString(1, document.value());
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? rows.getLong(1) : UNKNOWN;
      }
    }
  }

  /** Makes a row for a document that has none, and returns it. The caller holds its lock. */
  static long create(Connection sql, DocumentId document) throws SQLException {
    try (PreparedStatement insert =
        sql.prepareStatement("INSERT INTO weft.document (name) VALUES (?) RETURNING id")) {
      insert.setString(1, document.value());
      try (ResultSet rows = insert.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }
}
