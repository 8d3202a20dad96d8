package dev.weft.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The database of a directory, as long as this process owns that: in write-ahead mode, with two
 * connections, each behind a lock. One writes; the other reads, and so never waits for a disk to
 * confirm a commit. Thread-safe.
 */
final class SqliteDatabase implements AutoCloseable {
  private final Path directory;
  private final FileIdentity identity;
  private final StoreLock ownership;

  /** Fair, so that an append waits for one step of a compaction and not for all that follow. */
  private final ReentrantLock writing = new ReentrantLock(true);

  private final SqliteConnection writer;

  /** Whether a commit may have been made that no sync has followed. Guarded by {@link #writing}. */
  private boolean unsynced = true;

  /** Whether a sync has failed. Guarded by {@link #writing}. */
  private boolean syncFailed;

  private final ReentrantLock reading = new ReentrantLock();
  private final SqliteConnection reader;

  /** Set with both locks held. */
  private volatile boolean closed;

  private SqliteDatabase(
      StoreDirectory place, StoreLock ownership, SqliteConnection writer, SqliteConnection reader)
      throws IOException {
    this.directory = place.path();
    this.identity = FileIdentity.of(place.database());
    this.ownership = ownership;
    this.writer = writer;
    this.reader = reader;
  }

  /** Opens the database of a directory: see {@link SqliteChangeStore#open}. */
  static SqliteDatabase open(Path directory) {
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
      return new SqliteDatabase(place, ownership, writer, reader);
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

  Path directory() {
    return directory;
  }

  Path file() {
    return identity.path();
  }

  boolean isClosed() {
    return closed;
  }

  /** Keeps all others from writing until {@link #unlock}; the same thread may lock again. */
  void lock() {
    writing.lock();
  }

  void unlock() {
    writing.unlock();
  }

  /** Reads one consistent state. */
  <T> T read(String attempt, SqliteConnection.Work<T> work) {
    reading.lock();
    try {
      requireOpen();
      return reader.read(attempt, work);
    } finally {
      reading.unlock();
    }
  }

  /** Reads what is there while nobody writes. */
  <T> T readAsWriter(String attempt, SqliteConnection.Work<T> work) {
    writing.lock();
    try {
      requireOpen();
      return writer.read(attempt, work);
    } finally {
      writing.unlock();
    }
  }

  /** Writes all or nothing, as durably as asked. */
  <T> T write(Durability durability, String attempt, SqliteConnection.Work<T> work) {
    writing.lock();
    try {
      requireOpen();
      requireInPlace();
      requireSyncing(durability);
      unsynced = true;
      return writer.write(durability, attempt, work);
    } catch (StoreException e) {
      syncFailed |= SqliteErrors.isSyncFailure(e.getCause());
      throw e;
    } finally {
      writing.unlock();
    }
  }

  /**
   * Does as {@link #write} for work that certainly changes something: then a commit that is synced
   * has synced all before it. One that changed nothing would not be.
   */
  <T> T change(Durability durability, String attempt, SqliteConnection.Work<T> work) {
    writing.lock();
    try {
      T result = write(durability, attempt, work);
      unsynced = durability != Durability.FSYNCED;
      return result;
    } finally {
      writing.unlock();
    }
  }

  /**
   * Changes something, as {@link Durability#FSYNCED}, and leaves nothing of what was there before:
   * not on pages that are in no use, nor in the write-ahead log.
   */
  void changeForGood(String attempt, SqliteConnection.Action action) {
    writing.lock();
    // Who reads an earlier state keeps the log from being emptied.
    reading.lock();
    try {
      requireOpen();
      writer.overwriteDeleted(attempt, true);
      try {
        boolean unused =
            change(
                Durability.FSYNCED,
                attempt,
                sql -> {
                  action.run(sql);
                  return true;
                });
      } finally {
        writer.overwriteDeleted(attempt, false);
      }
      writer.emptyLog(attempt);
    } finally {
      reading.unlock();
      writing.unlock();
    }
  }

  /** Does as {@link #write}, without a result. */
  void update(Durability durability, String attempt, SqliteConnection.Action action) {
    write(
        durability,
        attempt,
        sql -> {
          action.run(sql);
          return true;
        });
  }

  /**
   * Writes, as {@link Durability#WRITTEN}, if there is cause to; returns false if there is none.
   */
  boolean writeIfDue(
      String attempt, SqliteConnection.Work<Boolean> isDue, SqliteConnection.Work<Boolean> work) {
    writing.lock();
    try {
      return readAsWriter(attempt, isDue) && write(Durability.WRITTEN, attempt, work);
    } finally {
      writing.unlock();
    }
  }

  /** Makes durable what was committed without a sync. */
  void sync(String attempt) {
    writing.lock();
    try {
      if (unsynced) {
        // SQLite syncs only with a commit that has written something.
        int unused =
            change(
                Durability.FSYNCED,
                attempt,
                sql -> sql.prepare("UPDATE store SET syncs = syncs + 1").executeUpdate());
      }
    } finally {
      writing.unlock();
    }
  }

  /**
   * Makes all durable, and closes; the second time does nothing.
   *
   * @throws StoreException if the disk does not confirm; it is closed nevertheless
   */
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
        StoreSeal.set(file());
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

  /** A file that was deleted takes writes still, and none of them can ever be read again. */
  private void requireInPlace() {
    if (!identity.isInPlace()) {
      throw new StoreException(
          "the store "
              + file()
              + " was deleted, moved or replaced while it was open: nothing more can be kept in it;"
              + " put the directory back, and open the store again");
    }
  }

  /**
   * After a failed sync the system may have dropped what it could not write, and say of the next
   * sync that it succeeded: only reading the file anew tells what is there.
   */
  private void requireSyncing(Durability durability) {
    if (syncFailed && durability == Durability.FSYNCED) {
      throw new StoreException(
          "the store "
              + file()
              + " could not be synced once, so it cannot be told what is on the disk; check the"
              + " disk, and open the store again");
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
