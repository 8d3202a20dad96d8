package dev.weft.store;

import dev.weft.crdt.VersionVector;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The changes that were refused for good. Stateless. */
final class DeadLetterTable {
  private DeadLetterTable() {}

  /** Adds a letter and returns it with its number. */
  static DeadLetter add(
      SqliteConnection sql,
      long row,
      DocumentId document,
      String code,
      String reason,
      Instant refusedAt,
      byte[] update)
      throws SQLException {
    // To the millisecond, as it is stored.
    Instant told = Instant.ofEpochMilli(refusedAt.toEpochMilli());
    PreparedStatement insert =
        sql.prepare(
            """
            INSERT INTO dead_letter (document, code, reason, refused_at, bytes, crc)
            VALUES (?, ?, ?, ?, ?, ?) RETURNING number""");
    insert.setLong(1, row);
    insert.setString(2, code);
    insert.setString(3, reason);
    insert.setLong(4, told.toEpochMilli());
    insert.setBytes(5, update);
    insert.setInt(6, StoredRecord.checksum(document, nameOf(code, reason, told), update));
    try (ResultSet rows = insert.executeQuery()) {
      rows.next();
      return new DeadLetter(rows.getLong(1), document, code, reason, told, update);
    }
  }

  /** Returns the letters of a document, oldest first. */
  static List<DeadLetter> all(SqliteConnection sql, long row, DocumentId document)
      throws SQLException {
    PreparedStatement select =
        sql.prepare(
            """
            SELECT number, code, reason, refused_at, bytes, crc FROM dead_letter
            WHERE document = ? ORDER BY number""");
    select.setLong(1, row);
    List<DeadLetter> letters = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        String code = StoredRecord.name(rows, 2);
        String reason = StoredRecord.name(rows, 3);
        Instant refusedAt = Instant.ofEpochMilli(rows.getLong(4));
        byte[] update =
            StoredRecord.verified(
                document,
                nameOf(code, reason, refusedAt),
                StoredRecord.bytes(rows, 5),
                rows.getInt(6));
        letters.add(new DeadLetter(rows.getLong(1), document, code, reason, refusedAt, update));
      }
    }
    return letters;
  }

  /**
   * Has the letters that hold changes which the document has no more, since they were discarded
   * with another, hold nothing back.
   */
  static void leaveOut(
      SqliteConnection sql, long row, DocumentId document, VersionVector left, long discarded)
      throws SQLException {
    for (DeadLetter letter : all(sql, row, document)) {
      boolean lacks = !letter.changes().stream().allMatch(change -> change.isKnown(left));
      if (letter.holdsBack() && lacks && remove(sql, row, letter.number())) {
        String reason = "discarded with dead letter " + discarded + ": " + letter.reason();
        DeadLetter unused =
            add(
                sql,
                row,
                document,
                DeadLetter.LEFT_OUT,
                reason.substring(0, Math.min(reason.length(), DeadLetter.MAX_REASON_LENGTH)),
                letter.refusedAt(),
                letter.update());
      }
    }
  }

  /** Removes a letter, and returns whether it was there. */
  static boolean remove(SqliteConnection sql, long row, long number) throws SQLException {
    PreparedStatement delete =
        sql.prepare("DELETE FROM dead_letter WHERE document = ? AND number = ?");
    delete.setLong(1, row);
    delete.setLong(2, number);
    return delete.executeUpdate() > 0;
  }

  /** Under which name a letter is checked. */
  static String nameOf(String code, String reason, Instant refusedAt) {
    return "dead letter (" + code + ": " + reason + ") of " + refusedAt;
  }
}
