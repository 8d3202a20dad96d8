package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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

  private final Path directory;
  private final FileIdentity identity;
  private final RandomGenerator random;
  private final StoreLock ownership;
  private final ChangeTable changes;
  private final RecentDocuments recent = new RecentDocuments(RECENT_DOCUMENTS);

  /** Fair, so that an append waits for one step of a compaction and not for all that follow. */
  private final ReentrantLock writing = new ReentrantLock(true);

  /** Guarded by {@link #writing}; a test fills its disk. */
  final SqliteConnection writer;

  /** Whether a commit may have been made that no sync has followed. Guarded by {@link #writing}. */
  private boolean unsynced = true;

  private final ReentrantLock reading = new ReentrantLock();
  private final SqliteConnection reader;

  /** How many compactions were begun: rows that were joined since may end where none did before. */
  private final AtomicLong compactions = new AtomicLong();

  /** Set with both locks held. */
  private volatile boolean closed;

  private SqliteChangeStore(
      Path directory,
      FileIdentity identity,
      RandomGenerator random,
      StoreLock ownership,
      SqliteConnection writer,
      SqliteConnection reader) {
    this.directory = directory;
    this.identity = identity;
    this.random = random;
    this.ownership = ownership;
    this.writer = writer;
    this.reader = reader;
    changes = new ChangeTable(directory.resolve(FILE_NAME));
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
    StoreDirectory place = StoreDirectory.prepare(directory);
    StoreLock ownership = place.own();
    SqliteConnection writer = null;
    SqliteConnection reader = null;
    try {
      boolean unused = SetAside.finish(place);
      place.requireDatabaseOrNothing();
      boolean original = place.breakSeal();
      writer = SqliteConnection.openWriter(place.database());
      Schema.migrate(writer, place.database(), Schema.STEPS);
      place.syncEntries();
      writer.update(
          Durability.WRITTEN,
          "retire replica ids",
          sql -> {
            if (original) {
              IdentityTable.retireHeld(sql);
            } else {
              IdentityTable.retireAll(sql);
            }
          });
      reader = SqliteConnection.openReader(place.database());
      FileIdentity identity = FileIdentity.of(place.database());
      return new SqliteChangeStore(place.path(), identity, random, ownership, writer, reader);
    } catch (SQLException e) {
      StoreException failure = SqliteErrors.explain(place.database(), "open the database", e);
      closeAfter(failure, reader, writer, ownership);
      throw failure;
    } catch (IOException e) {
      StoreException failure =
          new StoreException("cannot read the store " + place.database() + " (" + e + ")", e);
      closeAfter(failure, reader, writer, ownership);
      throw failure;
    } catch (RuntimeException | Error e) {
      closeAfter(e, reader, writer, ownership);
      throw e;
    }
  }

  /** Returns the directory that the store is in: absolute, without symbolic links. */
  public Path directory() {
    return directory;
  }

  @Override
  public List<DocumentId> documents() {
    return read("list the documents", DocumentTable::all);
  }

  @Override
  public VersionVector version(DocumentId document) {
    return entry(document).version();
  }

  @Override
  public VersionVector append(DocumentId document, List<Change> appended, Durability durability) {
    writing.lock();
    try {
      VersionVector before = entry(document).version();
      CausalAppend append = CausalAppend.of(document, before, appended);
      if (!append.fresh().isEmpty()) {
        long row =
            write(
                durability,
                "append to document " + document,
                sql -> {
                  long found = DocumentTable.require(sql, document);
                  changes.append(sql, found, document, append.fresh());
                  return found;
                });
        recent.put(document, new RecentDocuments.Entry(row, append.after()));
        unsynced = durability != Durability.FSYNCED;
      } else if (durability == Durability.FSYNCED) {
        sync("sync document " + document);
      }
      return append.after();
    } finally {
      writing.unlock();
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
            read(
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
    return read(
        "read the snapshot of document " + document,
        sql -> SnapshotTable.get(sql, DocumentTable.find(sql, document), document));
  }

  @Override
  public void putSnapshot(DocumentId document, VersionVector version, byte[] snapshot) {
    writing.lock();
    try {
      requireHeld("a snapshot", document, version);
      requireRoomBeside(document, snapshot.length);
      update(
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
      writing.unlock();
    }
  }

  @Override
  public ReplicaId replicaId(DocumentId document) {
    return write(
        Durability.FSYNCED,
        "take a replica id for document " + document,
        sql -> IdentityTable.hold(sql, DocumentTable.require(sql, document), random));
  }

  @Override
  public boolean releaseReplicaId(DocumentId document, ReplicaId replica, long nextSequence) {
    writing.lock();
    try {
      boolean reusable = entry(document).version().next(replica) == nextSequence;
      return write(
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
      writing.unlock();
    }
  }

  @Override
  public void retireReplicaId(DocumentId document, ReplicaId replica) {
    update(
        Durability.FSYNCED,
        "retire a replica id of document " + document,
        sql -> {
          IdentityTable.retire(sql, DocumentTable.find(sql, document), replica);
        });
  }

  @Override
  public List<ReplicaId> ownReplicas(DocumentId document) {
    return read(
        "read the replica ids of document " + document,
        sql -> IdentityTable.all(sql, DocumentTable.find(sql, document)));
  }

  @Override
  public VersionVector relayDurable(DocumentId document) {
    return read(
        "read the relay's watermark of document " + document,
        sql -> DocumentTable.relayDurable(sql, document));
  }

  @Override
  public void advanceRelayDurable(DocumentId document, VersionVector durable) {
    update(
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
    return read(
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
    return write(
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
    return read(
        "read the dead letters of document " + document,
        sql -> DeadLetterTable.all(sql, DocumentTable.find(sql, document), document));
  }

  @Override
  public boolean removeDeadLetter(DocumentId document, long number) {
    return write(
        Durability.WRITTEN,
        "remove a dead letter of document " + document,
        sql -> DeadLetterTable.remove(sql, DocumentTable.find(sql, document), number));
  }

  @Override
  public long discardDeadLetter(DocumentId document, long number) {
    writing.lock();
    try {
      DeadLetter letter =
          deadLetters(document).stream()
              .filter(found -> found.number() == number)
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "document " + document + " has no dead letter " + number));
      VersionVector before = version(document);
      Discard left =
          Discard.of(
              StoredDocument.load(this, document, StoredDocument.READER).text(), letter.changes());
      long row =
          write(
              Durability.FSYNCED,
              "discard changes of document " + document,
              sql -> {
                long found = DocumentTable.find(sql, document);
                if (IdentityTable.isAnyHeld(sql, found)) {
                  throw new IllegalStateException(
                      "document " + document + " is open; close it before discarding changes");
                }
                compactions.incrementAndGet();
                changes.replaceAll(sql, found, document, left.changes());
                SnapshotTable.remove(sql, found);
                PendingSaveTable.limit(sql, found, document, left.version());
                IdentityTable.retireAll(sql, found);
                DeadLetterTable.remove(sql, found, number);
                return found;
              });
      recent.put(document, new RecentDocuments.Entry(row, left.version()));
      unsynced = false;
      return before.eventsSince(left.version());
    } catch (MalformedUpdateException e) {
      throw new AssertionError("a document wrote changes that cannot be read", e);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public boolean compact() {
    writing.lock();
    try {
      requireOpen();
      requireInPlace();
      return writer.write(
          Durability.WRITTEN,
          "compact the log",
          sql -> {
            if (RowCompaction.uncompactedRows(sql) < COMPACTED_ROWS) {
              return false;
            }
            compactions.incrementAndGet();
            unsynced = true;
            RowCompaction.step(sql);
            sql.vacuum(VACUUMED_PAGES);
            return RowCompaction.uncompactedRows(sql) >= COMPACTED_ROWS;
          });
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void putPendingSave(DocumentId document, PendingSave save) {
    writing.lock();
    try {
      requireHeld("save " + save.saveId(), document, save.version());
      update(
          Durability.FSYNCED,
          "write a pending save of document " + document,
          sql -> {
            PendingSaveTable.put(sql, DocumentTable.require(sql, document), document, save);
          });
    } finally {
      writing.unlock();
    }
  }

  @Override
  public List<PendingSave> pendingSaves(DocumentId document) {
    return read(
        "read the pending saves of document " + document,
        sql -> PendingSaveTable.all(sql, DocumentTable.find(sql, document), document));
  }

  @Override
  public void removePendingSave(DocumentId document, String saveId) {
    update(
        Durability.WRITTEN,
        "remove a pending save of document " + document,
        sql -> {
          PendingSaveTable.remove(sql, DocumentTable.find(sql, document), saveId);
        });
  }

  @Override
  public void close() {
    writing.lock();
    reading.lock();
    try {
      if (closed) {
        return;
      }
      Exception failure = closeAll(() -> sync("sync all changes"), reader, writer);
      if (failure == null) {
        StoreSeal.set(directory.resolve(FILE_NAME));
      }
      failure = first(failure, closeAll(ownership));
      closed = true;
      if (failure instanceof StoreException known) {
        throw known;
      }
      if (failure != null) {
        throw new StoreException(
            "cannot close the store in " + directory + " (" + failure + ")", failure);
      }
    } finally {
      reading.unlock();
      writing.unlock();
    }
  }

  /** Returns what is known of a document, from memory if it was used lately. */
  private RecentDocuments.Entry entry(DocumentId document) {
    RecentDocuments.Entry entry = recent.get(document);
    if (entry != null && !closed) {
      return entry;
    }
    // With the writing lock, so that no append can come between reading and remembering.
    writing.lock();
    try {
      requireOpen();
      RecentDocuments.Entry read =
          writer.read(
              "read the version of document " + document,
              sql -> {
                long row = DocumentTable.find(sql, document);
                return new RecentDocuments.Entry(row, changes.version(sql, row));
              });
      if (read.row() != DocumentTable.UNKNOWN) {
        recent.put(document, read);
      }
      return read;
    } finally {
      writing.unlock();
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
    long usable = directory.toFile().getUsableSpace();
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

  /** Makes durable what was committed without a sync. */
  private void sync(String attempt) {
    if (unsynced) {
      // SQLite syncs only with a commit that has written something.
      write(
          Durability.FSYNCED,
          attempt,
          sql -> sql.prepare("UPDATE store SET syncs = syncs + 1").executeUpdate());
      unsynced = false;
    }
  }

  private <T> T write(Durability durability, String attempt, SqliteConnection.Work<T> work) {
    writing.lock();
    try {
      requireOpen();
      requireInPlace();
      unsynced = true;
      return writer.write(durability, attempt, work);
    } finally {
      writing.unlock();
    }
  }

  private void update(Durability durability, String attempt, SqliteConnection.Action action) {
    write(
        durability,
        attempt,
        sql -> {
          action.run(sql);
          return true;
        });
  }

  private <T> T read(String attempt, SqliteConnection.Work<T> work) {
    reading.lock();
    try {
      requireOpen();
      return reader.read(attempt, work);
    } finally {
      reading.unlock();
    }
  }

  /** A file that was deleted takes writes still, and none of them can ever be read again. */
  private void requireInPlace() {
    if (!identity.isInPlace()) {
      throw new StoreException(
          "the store "
              + directory.resolve(FILE_NAME)
              + " was deleted, moved or replaced while it was open: nothing more can be kept in it;"
              + " put the directory back, and open the store again");
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store in " + directory + " is closed");
    }
  }

  private static @Nullable Exception first(@Nullable Exception one, @Nullable Exception other) {
    if (one != null && other != null) {
      one.addSuppressed(other);
    }
    return one != null ? one : other;
  }

  private static void closeAfter(Throwable failure, @Nullable AutoCloseable... resources) {
    Exception other = closeAll(resources);
    if (other != null) {
      failure.addSuppressed(other);
    }
  }

  /** Closes all, and returns what went wrong first. */
  private static @Nullable Exception closeAll(@Nullable AutoCloseable... resources) {
    Exception failure = null;
    for (AutoCloseable resource : resources) {
      try {
        if (resource != null) {
          resource.close();
        }
      } catch (Exception e) {
        failure = first(failure, e);
      }
    }
    return failure;
  }
}
