package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What can be read of a store's files, page by page and whatever state they are in. Not
 * thread-safe; used once.
 *
 * <p>A row is known by its shape, and taken only if its checksum is right. That includes the
 * document's name, so the pages are read twice: first for the names, then for the rest.
 *
 * <pre>
 * read                                               rows count as
 * the file under what SQLite reads of the log        in use; of free pages, in no use
 * what the log has behind a damaged frame            in use
 * pages of the file that the log replaces            in no use
 * </pre>
 *
 * <p>O(bytes), and for each damaged row O(bytes of the row · documents).
 */
final class Salvage {
  private static final String DOCUMENT = "NTNN";
  private static final String DOCUMENT_WITH_WATERMARK = "NTBI";
  private static final String CHANGE = "NIIIIIB";
  private static final String IDENTITY = "NIIT";
  private static final String PENDING_SAVE = "NITBII";
  private static final String PENDING_SAVE_BEFORE_COPIES = "NITBI";
  private static final String SNAPSHOT = "NBIBI";
  private static final String DEAD_LETTER = "NITTIBI";

  /** What of AUTOINCREMENT is kept: a table's name, and the last number given. */
  private static final String SEQUENCE = "TI";

  private static final Set<String> TABLES =
      Set.of(
          DOCUMENT,
          DOCUMENT_WITH_WATERMARK,
          CHANGE,
          IDENTITY,
          PENDING_SAVE,
          PENDING_SAVE_BEFORE_COPIES,
          SNAPSHOT,
          DEAD_LETTER,
          SEQUENCE);

  private static final String NAME_INDEX = "TI";
  private static final String IDENTITY_INDEX = "III";
  private static final String CHANGE_INDEX = "IIII";
  private static final Set<String> INDEXES = Set.of(NAME_INDEX, IDENTITY_INDEX, CHANGE_INDEX);

  private static final Set<String> IDENTITY_STATES = Set.of("free", "held", "retired");

  /** What SQLite takes if nobody says otherwise. */
  static final int DEFAULT_PAGE_SIZE = 4_096;

  /** No sequence number is above: a document has not that many events. */
  private static final long MAX_SEQUENCE = Integer.MAX_VALUE;

  private final Map<Long, Set<DocumentId>> namesByRow = new HashMap<>();
  private final SortedMap<DocumentId, SalvagedDocument> documents = new TreeMap<>();
  private final Set<String> damagedRows = new TreeSet<>();
  private long lastLetter;
  private boolean verified;

  private Salvage() {}

  /**
   * Reads a database and its write-ahead log, of which either may be missing. Changes nothing.
   *
   * @throws IOException if the disk fails
   */
  static Salvage read(Path database, Path log) throws IOException {
    Salvage salvage = new Salvage();
    try (FileChannel main = open(database);
        FileChannel tail = open(log)) {
      Set<Integer> sizes = new LinkedHashSet<>();
      int told = main == null ? 0 : PageImage.pageSizeOf(main);
      if (tail != null) {
        int logged = WriteAheadLog.read(tail, DEFAULT_PAGE_SIZE).pageSize();
        sizes.add(logged == 0 ? DEFAULT_PAGE_SIZE : logged);
      }
      sizes.add(told == 0 ? DEFAULT_PAGE_SIZE : told);
      // The header may be what is damaged, and no store has another size than this.
      sizes.add(DEFAULT_PAGE_SIZE);
      for (boolean naming : new boolean[] {true, false}) {
        for (int size : sizes) {
          salvage.read(main, tail, size, naming);
        }
      }
    }
    salvage.dropMisreadNames();
    return salvage;
  }

  private static @Nullable FileChannel open(Path file) throws IOException {
    return Files.isRegularFile(file) ? FileChannel.open(file, StandardOpenOption.READ) : null;
  }

  /** Returns what was found, by document. */
  SortedMap<DocumentId, SalvagedDocument> documents() {
    return documents;
  }

  /** Returns what the relay was known to hold of a document. */
  VersionVector watermark(DocumentId document) {
    SalvagedDocument found = documents.get(document);
    return found == null ? VersionVector.EMPTY : found.watermark();
  }

  /** Returns the highest number of a dead letter that is known to have been given. */
  long lastLetter() {
    return lastLetter;
  }

  /** Returns a sentence for each row that is there and is not what was written. */
  List<String> damagedRows() {
    return List.copyOf(damagedRows);
  }

  /** Returns whether anything was found that only a store has written. */
  boolean isStore() {
    return verified;
  }

  private void read(
      @Nullable FileChannel main, @Nullable FileChannel tail, int pageSize, boolean naming)
      throws IOException {
    WriteAheadLog log = tail == null ? WriteAheadLog.NONE : WriteAheadLog.read(tail, pageSize);
    boolean fits = log.pageSize() == 0 || log.pageSize() == pageSize;
    PageImage alone = PageImage.of(main, pageSize);
    if (tail == null || !fits) {
      Set<Integer> free = alone.freePages();
      scan(alone, page -> !free.contains(page), naming);
      return;
    }
    PageImage seen = alone.overlaid(tail, log.committed());
    Set<Integer> free = seen.freePages();
    // The file may not be cut yet to what it is.
    int last = log.databasePages() == 0 ? Integer.MAX_VALUE : log.databasePages();
    scan(seen, page -> page <= last && !free.contains(page), naming);
    Map<Integer, Long> all = new HashMap<>(log.committed());
    all.putAll(log.cutOff());
    scan(alone.overlaid(tail, all), log.cutOff().keySet(), true, naming);
    scan(alone, all.keySet(), false, naming);
  }

  private void scan(PageImage image, IntPredicate inUse, boolean naming) throws IOException {
    PageScan scan = new PageScan(image, TABLES, INDEXES);
    for (int page = 1; page <= image.pages(); page++) {
      scan(scan, page, inUse.test(page), naming);
    }
    for (int page : image.pagesBehind()) {
      scan(scan, page, inUse.test(page), naming);
    }
  }

  private void scan(PageImage image, Set<Integer> pages, boolean inUse, boolean naming)
      throws IOException {
    PageScan scan = new PageScan(image, TABLES, INDEXES);
    for (int page : pages) {
      scan(scan, page, inUse, naming);
    }
  }

  private void scan(PageScan scan, int page, boolean inUse, boolean naming) throws IOException {
    scan.scan(
        page,
        (row, inIndex) -> {
          if (naming) {
            takeName(row, inIndex);
          } else if (inIndex) {
            takeEntry(row, inUse);
          } else {
            takeRow(row, inUse);
          }
        });
  }

  private void takeName(RawRecord row, boolean inIndex) {
    boolean named =
        inIndex
            ? row.shape().equals(NAME_INDEX)
            : row.shape().equals(DOCUMENT) || row.shape().equals(DOCUMENT_WITH_WATERMARK);
    if (!named) {
      return;
    }
    DocumentId document = nameOrNull(row.text(inIndex ? 0 : 1));
    long number = inIndex ? row.integer(1) : row.rowid();
    if (document != null && number > 0) {
      namesByRow.computeIfAbsent(number, unused -> new LinkedHashSet<>()).add(document);
      documents.computeIfAbsent(document, unused -> new SalvagedDocument());
    }
  }

  /**
   * Drops the names of which nothing was found, where something was found under another name of the
   * same row: no checksum has the name alone, and a damaged one may look valid.
   */
  private void dropMisreadNames() {
    Set<DocumentId> misread = new TreeSet<>();
    for (Set<DocumentId> names : namesByRow.values()) {
      if (names.stream().anyMatch(name -> !found(name).isEmpty())) {
        names.stream().filter(name -> found(name).isEmpty()).forEach(misread::add);
      }
    }
    documents.keySet().removeAll(misread);
  }

  private static @Nullable DocumentId nameOrNull(String name) {
    try {
      return new DocumentId(name);
    } catch (IllegalArgumentException e) {
      // What only looks like a row may hold anything.
      return null;
    }
  }

  private void takeEntry(RawRecord entry, boolean inUse) {
    if (entry.shape().equals(IDENTITY_INDEX)) {
      takeIdentity(entry.integer(0), entry.integer(1));
    } else if (entry.shape().equals(CHANGE_INDEX) && inUse) {
      long end = entry.integer(2);
      if (end > 0 && end <= MAX_SEQUENCE) {
        VersionVector version = VersionVector.of(new ReplicaId(entry.integer(1)), end);
        namesOf(entry.integer(0)).forEach(name -> found(name).claim(version));
      }
    }
  }

  private void takeRow(RawRecord row, boolean inUse) {
    switch (row.shape()) {
      case DOCUMENT_WITH_WATERMARK -> takeWatermark(row);
      case CHANGE -> takeChanges(row, inUse);
      case IDENTITY -> {
        if (IDENTITY_STATES.contains(row.text(3))) {
          takeIdentity(row.integer(1), row.integer(2));
        }
      }
      case PENDING_SAVE -> takeSave(row, row.integer(5), inUse);
      case PENDING_SAVE_BEFORE_COPIES -> takeSave(row, 1, inUse);
      case SNAPSHOT -> takeSnapshot(row, inUse);
      case DEAD_LETTER -> takeLetter(row, inUse);
      case SEQUENCE -> {
        if (row.text(0).equals("dead_letter")) {
          noteLetter(row.integer(1));
        }
      }
      default -> {
        // A document without a watermark is a name, and the names are known.
      }
    }
  }

  private void takeIdentity(long document, long replica) {
    namesOf(document).forEach(name -> found(name).addOwn(new ReplicaId(replica)));
  }

  private void takeWatermark(RawRecord row) {
    DocumentId document = nameOrNull(row.text(1));
    if (document == null) {
      return;
    }
    VersionVector watermark = vector(document, DocumentTable.RELAY_DURABLE, row, 2, 3);
    if (watermark == null) {
      damaged(document, "what the relay holds is not what was written");
    } else {
      found(document).addWatermark(watermark);
    }
  }

  private void takeChanges(RawRecord row, boolean inUse) {
    ReplicaId replica = new ReplicaId(row.integer(2));
    long start = row.integer(3);
    long end = row.integer(4);
    if (start < 0 || start >= end || end > MAX_SEQUENCE) {
      damagedRow(row, inUse);
      return;
    }
    byte[] bytes = row.blob(6);
    DocumentId document =
        owner(
            row.integer(1),
            (name, crc) -> StoredRecord.checksum(name, replica, start, end, bytes) == crc,
            (int) row.integer(5));
    List<Change> changes = document == null ? List.of() : changesOf(bytes);
    if (document == null || !isRun(changes, replica, start, end)) {
      damagedRow(row, inUse);
      return;
    }
    found(document).addChanges(changes, inUse);
  }

  /** Returns whether changes are the events of a replica from {@code start} to {@code end}. */
  static boolean isRun(List<Change> changes, ReplicaId replica, long start, long end) {
    long reached = start;
    for (Change change : changes) {
      if (!change.replica().equals(replica) || change.start() != reached) {
        return false;
      }
      reached = change.end();
    }
    return reached == end;
  }

  private static List<Change> changesOf(byte[] bytes) {
    try {
      return Change.parse(bytes);
    } catch (MalformedUpdateException e) {
      // By its checksum it is what was written, and still no update: nothing can be made of it.
      return List.of();
    }
  }

  private void takeSave(RawRecord row, long asked, boolean inUse) {
    String saveId = row.text(2);
    byte[] version = row.blob(3);
    int copies = (int) Math.max(1, Math.min(Integer.MAX_VALUE, asked));
    DocumentId document =
        owner(
            row.integer(1),
            (name, crc) ->
                StoredRecord.checksum(name, PendingSaveTable.nameOf(saveId, copies), version)
                    == crc,
            (int) row.integer(4));
    VersionVector vector = document == null ? null : vectorOf(version);
    if (document == null
        || vector == null
        || saveId.isEmpty()
        || saveId.length() > PendingSave.MAX_ID_LENGTH) {
      damagedRow(row, inUse);
    } else if (inUse) {
      found(document).addSave(new PendingSave(saveId, vector, copies));
    }
  }

  private void takeSnapshot(RawRecord row, boolean inUse) {
    for (DocumentId name : candidates(row.rowid())) {
      VersionVector version = vector(name, SnapshotTable.VERSION, row, 1, 2);
      if (version == null) {
        continue;
      }
      if (inUse) {
        found(name).claim(version);
      }
      verified = true;
      byte[] bytes = row.blob(3);
      if (StoredRecord.checksum(name, SnapshotTable.BYTES, bytes) == (int) row.integer(4)) {
        found(name).addChanges(changesOf(bytes), inUse);
        return;
      }
      damaged(name, "the snapshot is not what was written");
      return;
    }
    damagedRow(row, inUse);
  }

  private void takeLetter(RawRecord row, boolean inUse) {
    noteLetter(row.rowid());
    Instant refusedAt;
    try {
      refusedAt = Instant.ofEpochMilli(row.integer(4));
    } catch (DateTimeException e) {
      damagedRow(row, inUse);
      return;
    }
    String code = row.text(2);
    String reason = row.text(3);
    byte[] update = row.blob(5);
    String nameOf = DeadLetterTable.nameOf(code, reason, refusedAt);
    DocumentId document =
        owner(
            row.integer(1),
            (name, crc) -> StoredRecord.checksum(name, nameOf, update) == crc,
            (int) row.integer(6));
    if (document == null || changesOf(update).isEmpty()) {
      damagedRow(row, inUse);
    } else if (inUse) {
      found(document)
          .addLetter(new DeadLetter(row.rowid(), document, code, reason, refusedAt, update));
    }
  }

  private void noteLetter(long number) {
    // What only looks like a row must not use up all numbers.
    if (number > 0 && number <= Integer.MAX_VALUE) {
      lastLetter = Math.max(lastLetter, number);
    }
  }

  /** Returns the document to which a checksum says that a row belongs. */
  private @Nullable DocumentId owner(
      long row, BiPredicate<DocumentId, Integer> isOwner, int checksum) {
    for (DocumentId name : candidates(row)) {
      if (isOwner.test(name, checksum)) {
        verified = true;
        return name;
      }
    }
    return null;
  }

  /** Returns all names, that of the row first. */
  private Set<DocumentId> candidates(long row) {
    Set<DocumentId> names = new LinkedHashSet<>(namesOf(row));
    names.addAll(documents.keySet());
    return names;
  }

  private Set<DocumentId> namesOf(long row) {
    return namesByRow.getOrDefault(row, Set.of());
  }

  private SalvagedDocument found(DocumentId document) {
    return documents.computeIfAbsent(document, unused -> new SalvagedDocument());
  }

  private @Nullable VersionVector vector(
      DocumentId document, String name, RawRecord row, int bytes, int checksum) {
    byte[] vector = row.blob(bytes);
    if (StoredRecord.checksum(document, name, vector) != (int) row.integer(checksum)) {
      return null;
    }
    verified = true;
    return vectorOf(vector);
  }

  private static @Nullable VersionVector vectorOf(byte[] bytes) {
    try {
      return VersionVector.parse(bytes);
    } catch (MalformedUpdateException e) {
      // As for an update.
      return null;
    }
  }

  private void damaged(DocumentId document, String what) {
    damagedRows.add("document " + document + ": " + what);
  }

  private void damagedRow(RawRecord row, boolean inUse) {
    if (!inUse) {
      return;
    }
    String table =
        switch (row.shape()) {
          case CHANGE -> "change";
          case PENDING_SAVE, PENDING_SAVE_BEFORE_COPIES -> "pending_save";
          case SNAPSHOT -> "snapshot";
          default -> "dead_letter";
        };
    damagedRows.add(
        "row "
            + row.rowid()
            + " of table "
            + table
            + " is not what was written, or of no document");
  }
}
