package dev.weft.cluster;

import dev.weft.store.DocumentId;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.zip.CRC32C;

/**
 * The exclusive right to a document, from when it is taken to the end of the transaction, over all
 * relays: an advisory lock, which costs the database no write. There is one to append and one to
 * replace the snapshot. Stateless.
 */
final class DocumentLock {
  private static final String TO_APPEND =
      """
      SELECT
        pg_advisory_xact_lock(?, ?),
        set_config('synchronous_commit', 'on', true),
        current_setting('fsync'),
        current_setting('synchronous_standby_names')""";

  /** A snapshot need not be durable when it is confirmed: without it, the log is read instead. */
  private static final String FOR_SNAPSHOT =
      "SELECT pg_advisory_xact_lock(?, ?), set_config('synchronous_commit', 'off', true)";

  private DocumentLock() {}

  /**
   * Waits until nobody else appends to the document, and returns what the transaction's commit will
   * be worth. What others appended before is seen by the next statement, not by this one.
   */
  static ServerSettings toAppend(Connection sql, DocumentId document) throws SQLException {
    try (PreparedStatement take = sql.prepareStatement(TO_APPEND)) {
      take.setInt(1, PostgresSchema.LOCK_SPACE);
      take.setInt(2, key(document));
      try (ResultSet rows = take.executeQuery()) {
        rows.next();
        return new ServerSettings(rows.getString(3).equals("on"), rows.getString(4));
      }
    }
  }

  /** Waits until nobody else replaces the document's snapshot. */
  static void forSnapshot(Connection sql, DocumentId document) throws SQLException {
    try (PreparedStatement take = sql.prepareStatement(FOR_SNAPSHOT)) {
      take.setInt(1, PostgresSchema.SNAPSHOT_LOCK_SPACE);
      take.setInt(2, key(document));
      take.executeQuery().close();
    }
  }

  /** By name, for the document may have no row yet. Two of one key only wait for each other. */
  private static int key(DocumentId document) {
    CRC32C crc = new CRC32C();
    crc.update(document.value().getBytes(StandardCharsets.US_ASCII));
    return (int) crc.getValue();
  }
}
