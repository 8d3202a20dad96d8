package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.EventRange;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads all that a database has, through SQLite, and says what is not as it was written. Not
 * thread-safe; used once. It reads only.
 */
final class StoreVerification {
  private static final ReplicaId READER = new ReplicaId(0);

  /** How much is applied at once. */
  private static final int PART_BYTES = 1 << 20;

  /** The tables whose rows name their document by its row. */
  private static final List<String> TABLES_OF_DOCUMENTS =
      List.of("change", "identity", "pending_save", "snapshot", "dead_letter");

  private final SqliteConnection sql;
  private final List<StoreReport.Document> documents = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private StoreVerification(SqliteConnection sql) {
    this.sql = sql;
  }

  /** Verifies a database of the latest layout. O(bytes). */
  static StoreReport of(SqliteConnection sql) {
    StoreVerification verification = new StoreVerification(sql);
    verification.run();
    return new StoreReport(verification.documents, verification.problems);
  }

  /** What is looked at; where the database fails, that is one more problem. */
  @FunctionalInterface
  private interface Look {
    void run() throws SQLException;
  }

  private void run() {
    look("the database", this::checkPages);
    Map<DocumentId, Long> rows = new TreeMap<>();
    look("table document", () -> readDocuments(rows));
    for (String table : TABLES_OF_DOCUMENTS) {
      look("table " + table, () -> checkOwners(table));
    }
    rows.forEach(this::checkDocument);
  }

  private void look(String what, Look look) {
    try {
      look.run();
    } catch (SQLException e) {
      problems.add(what + " cannot be read (" + SqliteErrors.codeOf(e) + ")");
    } catch (StoreDamagedException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  private void checkPages() throws SQLException {
    try (ResultSet rows = sql.prepare("PRAGMA integrity_check(20)").executeQuery()) {
      while (rows.next()) {
        for (String line : String.valueOf(rows.getString(1)).split("\n", -1)) {
          // Between them stand headings, in stars.
          if (!line.equals("ok") && !line.startsWith("***")) {
            problems.add("the database is malformed: " + line);
          }
        }
      }
    }
  }

  private void readDocuments(Map<DocumentId, Long> found) throws SQLException {
    try (ResultSet rows = sql.prepare("SELECT id, name FROM document").executeQuery()) {
      while (rows.next()) {
        try {
          found.put(new DocumentId(String.valueOf(rows.getString(2))), rows.getLong(1));
        } catch (IllegalArgumentException e) {
          problems.add("document row " + rows.getLong(1) + " has no valid name: " + e.getMessage());
        }
      }
    }
  }

  private void checkOwners(String table) throws SQLException {
    PreparedStatement select =
        sql.prepare(
            "SELECT count(*) FROM " + table + " WHERE document NOT IN (SELECT id FROM document)");
    try (ResultSet rows = select.executeQuery()) {
      rows.next();
      if (rows.getLong(1) > 0) {
        problems.add(
            "of table " + table + " " + rows.getLong(1) + " rows are of no document that is known");
      }
    }
  }

  private void checkDocument(DocumentId document, long row) {
    String name = "document " + document;
    TextDocument text = checkLog(document, row);
    look(
        name + ": the relay watermark",
        () -> {
          VersionVector unused = DocumentTable.relayDurable(sql, document);
        });
    look(name + ": the snapshot", () -> checkSnapshot(document, row, text));
    look(name + ": the pending saves", () -> checkSaves(document, row, text));
    look(name + ": the dead letters", () -> checkLetters(document, row));
  }

  /** Returns the document that the log makes; null if it makes none. */
  private @Nullable TextDocument checkLog(DocumentId document, long row) {
    int before = problems.size();
    List<Change> changes = new ArrayList<>();
    List<EventRange> ranges = new ArrayList<>();
    look("document " + document + ": the log", () -> readLog(document, row, changes, ranges));
    checkRanges(document, ranges);
    long events = 0;
    long bytes = 0;
    for (Change change : changes) {
      events += change.end() - change.start();
      bytes += change.sizeInBytes();
    }
    long replicas = changes.stream().map(Change::replica).distinct().count();
    StoreReport.Document found = new StoreReport.Document(document, events, (int) replicas, bytes);
    look(
        "document " + document,
        () -> {
          if (problems.size() > before || DocumentTable.isHeld(sql, row)) {
            documents.add(found);
          }
        });
    return problems.size() == before ? build(document, changes) : null;
  }

  private void readLog(DocumentId document, long row, List<Change> changes, List<EventRange> ranges)
      throws SQLException {
    PreparedStatement select =
        sql.prepare(
            """
            SELECT replica, start_sequence, end_sequence, crc, bytes
            FROM change WHERE document = ? ORDER BY arrival""");
    select.setLong(1, row);
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        ReplicaId replica = new ReplicaId(rows.getLong(1));
        long start = rows.getLong(2);
        long end = rows.getLong(3);
        String what =
            "document " + document + ": the change of replica " + replica + " at " + start;
        if (start < 0 || start >= end) {
          problems.add(what + " has an impossible end, " + end);
          continue;
        }
        ranges.add(new EventRange(replica, start, end));
        byte[] bytes = bytesOf(rows, 5);
        if (StoredRecord.checksum(document, replica, start, end, bytes) != rows.getInt(4)) {
          problems.add(what + " has a wrong checksum");
          continue;
        }
        try {
          List<Change> read = Change.parse(bytes);
          if (Salvage.isRun(read, replica, start, end)) {
            changes.addAll(read);
          } else {
            problems.add(what + " holds other events than those up to " + end);
          }
        } catch (MalformedUpdateException e) {
          problems.add(what + " cannot be read: " + e.getMessage());
        }
      }
    }
  }

  /** Checks that the rows of each replica follow one another. */
  private void checkRanges(DocumentId document, List<EventRange> ranges) {
    List<EventRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparing(EventRange::replica).thenComparingLong(EventRange::start));
    EventRange previous = null;
    for (EventRange range : sorted) {
      boolean follows = previous != null && previous.replica().equals(range.replica());
      long reached = follows && previous != null ? previous.end() : 0;
      if (range.start() > reached) {
        EventRange gap = new EventRange(range.replica(), reached, range.start());
        problems.add("document " + document + ": the changes " + gap + " are missing");
      } else if (range.start() < reached) {
        problems.add("document " + document + ": the changes " + range + " are there twice");
      }
      previous = range;
    }
  }

  private @Nullable TextDocument build(DocumentId document, List<Change> changes) {
    String what = "document " + document + ": the log makes no document: ";
    try {
      List<Change> ordered = CausalAppend.of(document, VersionVector.EMPTY, changes).fresh();
      TextDocument text = TextDocument.create(READER);
      int from = 0;
      int bytes = 0;
      for (int i = 0; i < ordered.size(); i++) {
        bytes += ordered.get(i).sizeInBytes();
        if (bytes >= PART_BYTES || i == ordered.size() - 1) {
          if (!text.apply(Change.combine(ordered.subList(from, i + 1))).isComplete()) {
            problems.add(what + "some of its changes lack what they build on");
            return null;
          }
          from = i + 1;
          bytes = 0;
        }
      }
      return text;
    } catch (IllegalArgumentException | MalformedUpdateException e) {
      problems.add(what + e.getMessage());
      return null;
    }
  }

  private void checkSnapshot(DocumentId document, long row, @Nullable TextDocument text)
      throws SQLException {
    Optional<StoredSnapshot> stored = SnapshotTable.get(sql, row, document);
    if (stored.isEmpty()) {
      return;
    }
    String what = "document " + document + ": the snapshot ";
    VersionVector version = stored.get().version();
    try {
      TextDocument loaded = TextDocument.load(READER, stored.get().bytes());
      if (!loaded.version().equals(version)) {
        problems.add(what + "is of version " + loaded.version() + ", not of " + version);
      } else if (text != null && !text.version().includes(version)) {
        problems.add(what + "has more than the log, version " + version);
      } else if (text != null && !loaded.text().equals(textAt(text, version))) {
        problems.add(what + "has another text than the log makes of version " + version);
      }
    } catch (MalformedUpdateException e) {
      problems.add(what + "cannot be read: " + e.getMessage());
    }
  }

  private static String textAt(TextDocument text, VersionVector version) {
    return text.version().equals(version) ? text.text() : text.textAt(version);
  }

  private void checkSaves(DocumentId document, long row, @Nullable TextDocument text)
      throws SQLException {
    PreparedStatement select =
        sql.prepare("SELECT save_id, version, crc, copies FROM pending_save WHERE document = ?");
    select.setLong(1, row);
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        String saveId = String.valueOf(rows.getString(1));
        byte[] bytes = bytesOf(rows, 2);
        int crc = rows.getInt(3);
        int copies = rows.getInt(4);
        look(
            "a pending save",
            () -> {
              VersionVector version =
                  StoredRecord.vector(
                      document, PendingSaveTable.nameOf(saveId, copies), bytes, crc);
              if (text != null && !text.version().includes(version)) {
                problems.add(
                    "document "
                        + document
                        + ": save "
                        + saveId
                        + " covers more than the log has, version "
                        + version);
              }
            });
      }
    }
  }

  private void checkLetters(DocumentId document, long row) throws SQLException {
    PreparedStatement select =
        sql.prepare(
            """
            SELECT number, code, reason, refused_at, bytes, crc
            FROM dead_letter WHERE document = ?""");
    select.setLong(1, row);
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        long number = rows.getLong(1);
        byte[] bytes = bytesOf(rows, 5);
        if (!isLetter(document, rows, bytes)) {
          problems.add(
              "document " + document + ": dead letter " + number + " is not what was written");
        }
      }
    }
  }

  private static boolean isLetter(DocumentId document, ResultSet row, byte[] bytes)
      throws SQLException {
    try {
      String name =
          DeadLetterTable.nameOf(
              String.valueOf(row.getString(2)),
              String.valueOf(row.getString(3)),
              Instant.ofEpochMilli(row.getLong(4)));
      return StoredRecord.checksum(document, name, bytes) == row.getInt(6)
          && !Change.parse(bytes).isEmpty();
    } catch (DateTimeException | MalformedUpdateException e) {
      // Either says that it is not what a store writes.
      return false;
    }
  }

  /** A damaged column may be null where none can be. */
  private static byte[] bytesOf(ResultSet row, int column) throws SQLException {
    byte[] bytes = row.getBytes(column);
    return bytes == null ? new byte[0] : bytes;
  }
}
