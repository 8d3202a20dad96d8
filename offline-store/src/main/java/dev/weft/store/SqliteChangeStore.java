package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * A store in one SQLite file in a directory of its own, which one process at a time owns. It serves
 * a workspace of a person and a relay alike. Thread-safe.
 *
 * <pre>{@code
 * try (WorkspaceStore store = SqliteChangeStore.open(directory, new SecureRandom())) {
 *   store.append(document, changes, Durability.FSYNCED);
 * }
 * }</pre>
 *
 * <p>There are two connections to the file, in write-ahead mode, each behind a lock: one that
 * writes, and one that reads, which so never waits for a disk to confirm a commit. The versions of
 * the documents in recent use are kept in memory; they change only with the writing lock held.
 */
public final class SqliteChangeStore implements WorkspaceStore {
  /** The database's name in the directory; SQLite keeps two files of its own beside it. */
  static final String FILE_NAME = "weft.db";

  private static final int RECENT_DOCUMENTS = 4_096;

  /** How many rows must have come for a compaction to be worth a commit. */
  private static final int COMPACTED_ROWS = 64;

  /** What a snapshot must leave on the disk for the log. */
  private static final long RESERVED_BYTES = 1 << 20;

  /** How many free pages are given back with each compaction, at most. */
  private static final int VACUUMED_PAGES = 256;

  private final SqliteDatabase database;
  private final RandomGenerator random;
  private final ChangeTable changes;
  private final RecentDocuments recent = new RecentDocuments(RECENT_DOCUMENTS);

  /** How many compactions were begun: rows that were joined since may end where none did before. */
  private final AtomicLong compactions = new AtomicLong();

  private SqliteChangeStore(SqliteDatabase database, RandomGenerator random) {
    this.database = database;
    this.random = random;
    changes = new ChangeTable(database.file());
  }

  /**
   * Opens the store in {@code directory}, which is created if it is missing (its parent is not). An
   * older layout is brought up to date, and a {@linkplain StoreRepair repair} that was broken off
   * is finished.
   *
   * @param directory where the store is, and nothing else
   * @param random the source of replica ids: a secure one outside of tests
   * @throws StoreLockedException if this or another process has the store open
   * @throws StoreDamagedException if the database is damaged, or gone from where there was one; all
   *     is left as it is
   * @throws StoreException if the directory cannot be written, or what is there is no store or one
   *     of a newer version
   */
  public static SqliteChangeStore open(Path directory, RandomGenerator random) {
    return new SqliteChangeStore(SqliteDatabase.open(directory), random);
  }

  /** Returns the directory that the store is in: absolute, without symbolic links. */
  public Path directory() {
    return database.directory();
  }

  @Override
  public List<DocumentId> documents() {
    return database.read("list the documents", DocumentTable::all);
  }

  @Override
  public VersionVector version(DocumentId document) {
    return entry(document).version();
  }

  @Override
  public VersionVector append(DocumentId document, List<Change> appended, Durability durability) {
    database.lock();
    try {
      VersionVector before = entry(document).version();
      CausalAppend append = CausalAppend.of(document, before, appended);
      if (!append.fresh().isEmpty()) {
        long row =
            database.change(
                durability,
                "append to document " + document,
                sql -> {
                  long found = DocumentTable.require(sql, document);
                  changes.append(sql, found, document, append.fresh());
                  return found;
                });
        recent.put(document, new RecentDocuments.Entry(row, append.after()));
      } else if (durability == Durability.FSYNCED) {
        database.sync("sync document " + document);
      }
      return append.after();
    } finally {
      database.unlock();
    }
  }

  @Override
  public List<Change> readSince(DocumentId document, VersionVector seen) {
    while (true) {
      long begun = compactions.get();
      // Taken before the rows are read: rows that are added meanwhile would not be closed under
      // causality, since the replicas are read one after the other.
      RecentDocuments.Entry entry = entry(document);
      if (seen.includes(entry.version())) {
        return List.of();
      }
      List<ChangeTable.Row> rows;
      try {
        rows =
            database.read(
                "read document " + document,
                sql -> changes.between(sql, entry.row(), document, seen, entry.version()));
      } catch (StoreDamagedException e) {
        if (begun != compactions.get()) {
          // Of what was joined meanwhile, a row may reach beyond the version taken.
          continue;
        }
        throw e;
      }
      return changes.decode(document, rows, seen);
    }
  }

  @Override
  public Optional<StoredSnapshot> snapshot(DocumentId document) {
    return database.read(
        "read the snapshot of document " + document,
        sql -> SnapshotTable.get(sql, DocumentTable.find(sql, document), document));
  }

  @Override
  public void putSnapshot(DocumentId document, VersionVector version, byte[] snapshot) {
    database.lock();
    try {
      requireHeld("a snapshot", document, version);
      requireRoomBeside(document, snapshot.length);
      database.update(
          Durability.WRITTEN,
          "write the snapshot of document " + document,
          sql -> {
            long row = DocumentTable.require(sql, document);
            VersionVector before = SnapshotTable.version(sql, row, document);
            if (before.compare(version) != VersionVector.Order.AFTER) {
              SnapshotTable.put(sql, row, document, version, snapshot);
            }
          });
    } finally {
      database.unlock();
    }
  }

  @Override
  public ReplicaId replicaId(DocumentId document) {
    return database.write(
        Durability.FSYNCED,
        "take a replica id for document " + document,
        sql -> IdentityTable.hold(sql, DocumentTable.require(sql, document), random));
  }

  @Override
  public boolean releaseReplicaId(DocumentId document, ReplicaId replica, long nextSequence) {
    database.lock();
    try {
      boolean reusable = entry(document).version().next(replica) == nextSequence;
      return database.write(
          Durability.WRITTEN,
          "give back the replica id of document " + document,
          sql -> {
            long row = DocumentTable.find(sql, document);
            if (!IdentityTable.isHeld(sql, row, replica)) {
              return false;
            }
            IdentityTable.release(sql, row, reusable);
            return reusable;
          });
    } finally {
      database.unlock();
    }
  }

  @Override
  public void retireReplicaId(DocumentId document, ReplicaId replica) {
    database.update(
        Durability.FSYNCED,
        "retire a replica id of document " + document,
        sql -> {
          IdentityTable.retire(sql, DocumentTable.find(sql, document), replica);
        });
  }

  @Override
  public List<ReplicaId> ownReplicas(DocumentId document) {
    return database.read(
        "read the replica ids of document " + document,
        sql -> IdentityTable.all(sql, DocumentTable.find(sql, document)));
  }

  @Override
  public VersionVector relayDurable(DocumentId document) {
    return database.read(
        "read the relay's watermark of document " + document,
        sql -> DocumentTable.relayDurable(sql, document));
  }

  @Override
  public void advanceRelayDurable(DocumentId document, VersionVector durable) {
    database.update(
        Durability.WRITTEN,
        "write the relay's watermark of document " + document,
        sql -> {
          VersionVector before = DocumentTable.relayDurable(sql, document);
          if (!before.includes(durable)) {
            DocumentTable.setRelayDurable(sql, document, before.merge(durable));
          }
        });
  }

  @Override
  public OutboxSize outboxSize(DocumentId document) {
    return database.read(
        "measure the outbox of document " + document,
        sql -> {
          long row = DocumentTable.find(sql, document);
          VersionVector durable = DocumentTable.relayDurable(sql, document);
          OutboxSize size = OutboxSize.EMPTY;
          for (ReplicaId own : IdentityTable.all(sql, row)) {
            size = size.plus(changes.sizeBehind(sql, row, own, durable.next(own)));
          }
          return size;
        });
  }

  @Override
  public DeadLetter putDeadLetter(
      DocumentId document, String code, String reason, Instant refusedAt, List<Change> refused) {
    DeadLetter.requireValid(code, reason, refused);
    return database.write(
        Durability.FSYNCED,
        "keep refused changes of document " + document,
        sql ->
            DeadLetterTable.add(
                sql,
                DocumentTable.require(sql, document),
                document,
                code,
                reason,
                refusedAt,
                Change.combine(refused)));
  }

  @Override
  public List<DeadLetter> deadLetters(DocumentId document) {
    return database.read(
        "read the dead letters of document " + document,
        sql -> DeadLetterTable.all(sql, DocumentTable.find(sql, document), document));
  }

  @Override
  public boolean removeDeadLetter(DocumentId document, long number) {
    return database.write(
        Durability.WRITTEN,
        "remove a dead letter of document " + document,
        sql -> DeadLetterTable.remove(sql, DocumentTable.find(sql, document), number));
  }

  @Override
  public long discardDeadLetter(DocumentId document, long number) {
    database.lock();
    try {
      DeadLetter letter = find(document, number);
      VersionVector before = version(document);
      Discard left =
          Discard.of(
              StoredDocument.load(this, document, StoredDocument.READER).text(), letter.changes());
      // Who reads meanwhile waits, and does not look for what is being taken out.
      recent.remove(document);
      compactions.incrementAndGet();
      database.changeForGood(
          "discard changes of document " + document,
          sql -> {
            discard(sql, document, letter, left);
          });
      return before.eventsSince(left.version());
    } catch (MalformedUpdateException e) {
      throw new AssertionError("a document wrote changes that cannot be read", e);
    } finally {
      database.unlock();
    }
  }

  private DeadLetter find(DocumentId document, long number) {
    for (DeadLetter letter : deadLetters(document)) {
      if (letter.number() == number) {
        return letter;
      }
    }
    throw new IllegalArgumentException("document " + document + " has no dead letter " + number);
  }

  private void discard(SqliteConnection sql, DocumentId document, DeadLetter letter, Discard left)
      throws SQLException {
    long row = DocumentTable.find(sql, document);
    if (IdentityTable.isAnyHeld(sql, row)) {
      throw new IllegalStateException(
          "document " + document + " is open; close it before discarding changes");
    }
    changes.replaceAll(sql, row, document, left.changes());
    SnapshotTable.remove(sql, row);
    PendingSaveTable.limit(sql, row, document, left.version());
    IdentityTable.retireAll(sql, row);
    DeadLetterTable.remove(sql, row, letter.number());
    DeadLetterTable.leaveOut(sql, row, document, left.version(), letter.number());
  }

  @Override
  public boolean compact() {
    return database.writeIfDue(
        "compact the log",
        sql -> RowCompaction.uncompactedRows(sql) >= COMPACTED_ROWS,
        sql -> {
          compactions.incrementAndGet();
          RowCompaction.step(sql);
          sql.vacuum(VACUUMED_PAGES);
          return RowCompaction.uncompactedRows(sql) >= COMPACTED_ROWS;
        });
  }

  @Override
  public void putPendingSave(DocumentId document, PendingSave save) {
    database.lock();
    try {
      requireHeld("save " + save.saveId(), document, save.version());
      database.update(
          Durability.FSYNCED,
          "write a pending save of document " + document,
          sql -> {
            PendingSaveTable.put(sql, DocumentTable.require(sql, document), document, save);
          });
    } finally {
      database.unlock();
    }
  }

  @Override
  public List<PendingSave> pendingSaves(DocumentId document) {
    return database.read(
        "read the pending saves of document " + document,
        sql -> PendingSaveTable.all(sql, DocumentTable.find(sql, document), document));
  }

  @Override
  public void removePendingSave(DocumentId document, String saveId) {
    database.update(
        Durability.WRITTEN,
        "remove a pending save of document " + document,
        sql -> {
          PendingSaveTable.remove(sql, DocumentTable.find(sql, document), saveId);
        });
  }

  @Override
  public void close() {
    database.close();
  }

  /** Returns what is known of a document, from memory if it was used lately. */
  private RecentDocuments.Entry entry(DocumentId document) {
    RecentDocuments.Entry entry = recent.get(document);
    if (entry != null && !database.isClosed()) {
      return entry;
    }
    // With the writing lock, so that no append can come between reading and remembering.
    database.lock();
    try {
      RecentDocuments.Entry read =
          database.readAsWriter(
              "read the version of document " + document,
              sql -> {
                long row = DocumentTable.find(sql, document);
                return new RecentDocuments.Entry(row, changes.version(sql, row, document));
              });
      if (read.row() != DocumentTable.UNKNOWN) {
        recent.put(document, read);
      }
      return read;
    } finally {
      database.unlock();
    }
  }

  private void requireHeld(String what, DocumentId document, VersionVector version) {
    VersionVector held = entry(document).version();
    if (!held.includes(version)) {
      throw new IllegalArgumentException(
          what
              + " of document "
              + document
              + " must cover only what is stored, version=["
              + version
              + "] stored=["
              + held
              + "]");
    }
  }

  /** A snapshot only saves time: it must not take the last room on the disk from the log. */
  private void requireRoomBeside(DocumentId document, int snapshotBytes) {
    // Once in the log of writes, once in the database.
    long needed = 2L * snapshotBytes + RESERVED_BYTES;
    long usable = directory().toFile().getUsableSpace();
    if (usable < needed) {
      throw new StoreException(
          "the snapshot of document "
              + document
              + " was not written: the disk is nearly full, usable bytes="
              + usable
              + " needed="
              + needed);
    }
  }
}
