package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.EventRange;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/** Writes what was recovered into a new database. Used once. */
final class RepairedDatabase {
  /** How many missing ranges a letter's reason names, at most. */
  private static final int NAMED_RANGES = 8;

  private final Salvage salvage;
  private final SortedMap<DocumentId, RecoveredDocument> documents;
  private final Instant now;

  /** The letters that were salvaged. */
  private final List<DeadLetter> letters = new ArrayList<>();

  RepairedDatabase(
      Salvage salvage, SortedMap<DocumentId, RecoveredDocument> documents, Instant now) {
    this.salvage = salvage;
    this.documents = documents;
    this.now = now;
  }

  /**
   * Writes into an empty file, and closes it: nothing of it is left in a log.
   *
   * @throws StoreException if it cannot be written
   */
  void write(Path file) {
    try (SqliteConnection connection = SqliteConnection.openWriter(file)) {
      Schema.migrate(connection, file, Schema.STEPS);
      for (DocumentId document : documents.keySet()) {
        connection.update(
            Durability.WRITTEN,
            "write document " + document,
            sql -> {
              write(sql, file, document);
            });
      }
      connection.update(Durability.WRITTEN, "write the dead letters", this::writeLetters);
    } catch (SQLException e) {
      throw SqliteErrors.explain(file, "write what was recovered", e);
    }
  }

  private void write(SqliteConnection sql, Path file, DocumentId document) throws SQLException {
    SalvagedDocument salvaged = salvaged(document);
    RecoveredDocument recovered = recovered(document);
    long row = DocumentTable.require(sql, document);
    if (!recovered.log().isEmpty()) {
      List<Change> fresh = CausalAppend.of(document, VersionVector.EMPTY, recovered.log()).fresh();
      new ChangeTable(file).append(sql, row, document, fresh);
    }
    if (!salvaged.watermark().isEmpty()) {
      DocumentTable.setRelayDurable(sql, document, salvaged.watermark());
    }
    for (ReplicaId own : salvaged.own()) {
      // None is used again: what else was written under it is lost.
      PreparedStatement insert =
          sql.prepare("INSERT INTO identity (document, replica, state) VALUES (?, ?, 'retired')");
      insert.setLong(1, row);
      insert.setLong(2, own.bits());
      insert.executeUpdate();
    }
    for (PendingSave save : salvaged.saves()) {
      VersionVector held = save.version().intersect(recovered.version());
      PendingSaveTable.put(sql, row, document, save.of(held));
    }
    for (DeadLetter letter : salvaged.letters()) {
      if (!isTakenIn(letter, recovered.version())) {
        letters.add(letter);
      }
    }
  }

  /** Returns whether a letter of an earlier repair is no more needed. */
  private static boolean isTakenIn(DeadLetter letter, VersionVector version) {
    return !letter.holdsBack()
        && letter.changes().stream().allMatch(change -> change.isKnown(version));
  }

  private void writeLetters(SqliteConnection sql) throws SQLException {
    letters.sort(Comparator.comparingLong(DeadLetter::number));
    long last = 0;
    for (DeadLetter letter : letters) {
      // No checksum has the number: where it is damaged, the letter gets the next one.
      last = Math.max(last + 1, letter.number());
      continueAfter(sql, last - 1);
      add(
          sql,
          letter.document(),
          letter.code(),
          letter.reason(),
          letter.refusedAt(),
          letter.update());
    }
    continueAfter(sql, Math.max(last, salvage.lastLetter()));
    for (DocumentId document : documents.keySet()) {
      RecoveredDocument recovered = recovered(document);
      List<Change> waiting = withoutKept(document, recovered.waiting());
      if (!waiting.isEmpty()) {
        add(
            sql,
            document,
            DeadLetter.STORE_DAMAGED,
            reason(recovered),
            now,
            Change.combine(waiting));
      }
      List<Change> unused = withoutKept(document, recovered.unused());
      if (!unused.isEmpty()) {
        String reason =
            "found in parts of the damaged store that were in no use: they may have been discarded";
        add(sql, document, DeadLetter.LEFT_OUT, reason, now, Change.combine(unused));
      }
    }
  }

  /** Has the next letter get the number after {@code last}: the numbers of letters stay. */
  private static void continueAfter(SqliteConnection sql, long last) throws SQLException {
    sql.prepare("DELETE FROM sqlite_sequence WHERE name = 'dead_letter'").executeUpdate();
    PreparedStatement insert =
        sql.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('dead_letter', ?)");
    insert.setLong(1, last);
    insert.executeUpdate();
  }

  private static void add(
      SqliteConnection sql,
      DocumentId document,
      String code,
      String reason,
      Instant refusedAt,
      byte[] update)
      throws SQLException {
    long row = DocumentTable.require(sql, document);
    DeadLetter unused = DeadLetterTable.add(sql, row, document, code, reason, refusedAt, update);
  }

  /** Returns those changes that no letter of the document has. */
  private List<Change> withoutKept(DocumentId document, List<Change> changes) {
    List<Change> kept = new ArrayList<>();
    for (DeadLetter letter : letters) {
      if (letter.document().equals(document)) {
        kept.addAll(letter.changes());
      }
    }
    List<Change> left = new ArrayList<>(changes);
    left.removeIf(change -> kept.stream().anyMatch(has -> hasAll(has, change)));
    return left;
  }

  private static boolean hasAll(Change has, Change change) {
    return has.replica().equals(change.replica())
        && has.start() <= change.start()
        && has.end() >= change.end();
  }

  private static String reason(RecoveredDocument recovered) {
    List<EventRange> missing = recovered.missing();
    if (missing.isEmpty()) {
      return "they cannot be taken in: they do not fit to what else was recovered";
    }
    StringBuilder reason = new StringBuilder("what they build on was lost with the damaged store:");
    for (EventRange range : missing.subList(0, Math.min(NAMED_RANGES, missing.size()))) {
      reason.append(' ').append(range);
    }
    if (missing.size() > NAMED_RANGES) {
      reason.append(" and ").append(missing.size() - NAMED_RANGES).append(" more");
    }
    return reason.toString();
  }

  private SalvagedDocument salvaged(DocumentId document) {
    SalvagedDocument found = salvage.documents().get(document);
    if (found == null) {
      throw new AssertionError("document " + document + " was recovered from nothing");
    }
    return found;
  }

  private RecoveredDocument recovered(DocumentId document) {
    RecoveredDocument found = documents.get(document);
    if (found == null) {
      throw new AssertionError("document " + document + " was not recovered");
    }
    return found;
  }
}
