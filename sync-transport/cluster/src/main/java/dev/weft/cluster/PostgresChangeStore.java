package dev.weft.cluster;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Guarantee;
import dev.weft.store.CausalAppend;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.StoreException;
import dev.weft.store.StoredSnapshot;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The change store that the relays of a cluster share, in PostgreSQL: any number of relays append
 * to and read from one database at the same time. Thread-safe.
 *
 * <pre>{@code
 * try (PostgresChangeStore store =
 *     PostgresChangeStore.open("jdbc:postgresql://db.example.org/weft?user=weft&password=secret")) {
 *   store.append(document, changes, Durability.FSYNCED);
 * }
 * }</pre>
 *
 * <h2>How it keeps the promises of {@link ChangeStore}</h2>
 *
 * <ul>
 *   <li>An append is a transaction that holds the document's lock, over all relays. What it adds is
 *       decided by what the database has then, never by what this relay remembers. So relays may
 *       append the same changes, or overlapping ones, and all succeed.
 *   <li>Every append waits until the server has the commit on disk, and on the disks of its
 *       synchronous standbys if it has any: {@link Durability#WRITTEN} too, since other relays read
 *       the changes at once and their clients write on top of them, which must not lose its ground
 *       when the server crashes. {@link Durability#FSYNCED} further holds if nothing had to be
 *       added, and {@link #guarantee} tells what it was worth.
 *   <li>If the connection breaks while a commit is under way, it cannot be known whether it
 *       succeeded. The append throws then, although it may have stored all of its changes;
 *       repeated, it has one effect.
 *   <li>{@link #version} of a document in recent use is answered from memory: all that this store
 *       has appended or read, and maybe less than what other relays have appended since. So it can
 *       be asked at each keystroke, also while the database is away. {@link #append} and {@link
 *       #readSince} see what there is.
 * </ul>
 *
 * <p>While the database is away every method that needs it throws {@link StoreException} at once,
 * or after 2 seconds for the one caller at a time who tries to reach it; a connection that does not
 * answer for 10 seconds is given up. Connections come back by themselves.
 *
 * <p>The address must lead to the server itself or a pooler in session mode. It was tested with
 * PostgreSQL 15. Against the loss of the server's disk, or a failover to a standby that is not
 * synchronous, {@code FSYNCED} gives no guarantee: that takes synchronous standbys.
 */
public final class PostgresChangeStore implements ChangeStore {
  /** A version takes some tens of bytes for each replica. */
  private static final int MAX_RECENT_DOCUMENTS = 10_000;

  private final Database database;
  private final RecentPositions recent = new RecentPositions(MAX_RECENT_DOCUMENTS);
  private volatile Guarantee guarantee = Guarantee.FSYNCED;

  private PostgresChangeStore(Database database) {
    this.database = database;
  }

  /**
   * Connects to the database, and creates what is missing in its schema {@code weft}. That takes
   * the right to create a schema, or to create tables in that one; afterwards the right to use them
   * is enough.
   *
   * @param jdbcUrl {@code jdbc:postgresql://HOST[:PORT]/DATABASE}, with the driver's options:
   *     several hosts for a failover, {@code user}, {@code password}, {@code sslmode}. Without a
   *     password the driver looks into {@code ~/.pgpass}. It is never shown.
   * @throws IllegalArgumentException if the address is not of that form
   * @throws StoreException if the database cannot be reached, refuses the user, or is of a newer
   *     version
   */
  public static PostgresChangeStore open(String jdbcUrl) {
    return open(jdbcUrl, System::nanoTime, new SecureRandom());
  }

  static PostgresChangeStore open(String jdbcUrl, LongSupplier ticker, RandomGenerator random) {
    return new PostgresChangeStore(Database.open(jdbcUrl, PostgresSchema.STEPS, ticker, random));
  }

  /**
   * Returns what the latest append with {@link Durability#FSYNCED} was worth, and with it all that
   * was appended before: {@code REPLICATED} if the server waited for standbys, as it says itself.
   */
  public Guarantee guarantee() {
    return guarantee;
  }

  /** Returns the name that the database gives to the cluster, the same for every relay of it. */
  String clusterName() {
    return database.clusterName();
  }

  @Override
  public List<DocumentId> documents() {
    return database.read("list the documents", DocumentTable::all);
  }

  @Override
  public VersionVector version(DocumentId document) {
    database.requireOpen();
    LogPosition known = recent.get(document);
    return known != null ? known.version() : read(document, VersionVector.EMPTY, false).version();
  }

  @Override
  public VersionVector append(DocumentId document, List<Change> changes, Durability durability) {
    LogPosition known = recent.getOrStart(document);
    Appended appended =
        database.append(
            "append to document " + document,
            sql -> {
              ServerSettings settings = DocumentLock.toAppend(sql, document);
              long row = DocumentTable.find(sql, document);
              LogPosition end = ChangeLog.position(sql, row, known);
              // Before what is asked is looked at: if it cannot be done, the version says why.
              recent.put(document, known, end);
              CausalAppend append = CausalAppend.of(document, end.version(), changes);
              if (!append.fresh().isEmpty()) {
                if (row == DocumentTable.UNKNOWN) {
                  row = DocumentTable.create(sql, document);
                }
                end = ChangeLog.append(sql, row, document, end, append.fresh(), append.after());
              } else if (durability == Durability.FSYNCED) {
                CertainCommit.force(sql);
              }
              return durability == Durability.FSYNCED
                  ? new Appended(end, CertainCommit.commit(sql, settings))
                  : new Appended(end, null);
            });
    recent.put(document, appended.end, appended.end);
    if (appended.guarantee != null) {
      guarantee = appended.guarantee;
    }
    return appended.end.version();
  }

  @Override
  public List<Change> readSince(DocumentId document, VersionVector seen) {
    return read(document, seen, true).changes;
  }

  private Reading read(DocumentId document, VersionVector seen, boolean withChanges) {
    LogPosition known = recent.getOrStart(document);
    Reading reading =
        database.read(
            "read document " + document,
            sql -> {
              long row = DocumentTable.find(sql, document);
              LogPosition end = ChangeLog.position(sql, row, known);
              return new Reading(
                  end,
                  !withChanges || seen.includes(end.version())
                      ? List.of()
                      : ChangeLog.since(sql, row, document, seen, end.version()));
            });
    recent.put(document, known, reading.end);
    return reading;
  }

  @Override
  public Optional<StoredSnapshot> snapshot(DocumentId document) {
    return database.read(
        "read the snapshot of document " + document,
        sql -> SnapshotTable.get(sql, DocumentTable.find(sql, document), document));
  }

  @Override
  public void putSnapshot(DocumentId document, VersionVector version, byte[] snapshot) {
    LogPosition known = recent.getOrStart(document);
    database.append(
        "write the snapshot of document " + document,
        sql -> {
          DocumentLock.forSnapshot(sql, document);
          long row = DocumentTable.find(sql, document);
          VersionVector held = ChangeLog.position(sql, row, known).version();
          if (!held.includes(version)) {
            throw new IllegalArgumentException(
                "a snapshot of document "
                    + document
                    + " must cover only what is stored, version=["
                    + version
                    + "] stored=["
                    + held
                    + "]");
          }
          VersionVector before = SnapshotTable.version(sql, row, document);
          if (row != DocumentTable.UNKNOWN
              && before.compare(version) != VersionVector.Order.AFTER) {
            SnapshotTable.put(sql, row, document, version, snapshot);
          }
          return held;
        });
  }

  /** Closes the store. Every append that has returned is on disk already. */
  @Override
  public void close() {
    database.close();
  }

  /** How far the log reaches now, and what the commit was worth, where that was asked. */
  private record Appended(LogPosition end, @Nullable Guarantee guarantee) {}

  private record Reading(LogPosition end, List<Change> changes) {
    VersionVector version() {
      return end.version();
    }
  }
}
