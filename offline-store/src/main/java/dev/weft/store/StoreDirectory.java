package dev.weft.store;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The directory of a store before there is a store in it: made, owned, and looked at. Says in a
 * sentence what is wrong with it. Not thread-safe.
 */
final class StoreDirectory {
  private static final byte[] SQLITE_HEADER =
      "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] NO_BYTES = {};

  /** What Java says of a full disk, by no class of its own. */
  private static final String NO_SPACE = "No space left";

  private final Path path;
  private final boolean created;

  private StoreDirectory(Path path, boolean created) {
    this.path = path;
    this.created = created;
  }

  /**
   * Finds a directory, or makes it if only it is missing.
   *
   * @throws StoreException if it cannot be made or is something else
   */
  static StoreDirectory prepare(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    try {
      boolean created = false;
      if (!Files.isDirectory(absolute)) {
        Files.createDirectory(absolute);
        created = true;
      }
      return new StoreDirectory(absolute.toRealPath(), created);
    } catch (FileAlreadyExistsException e) {
      throw new StoreException(
          "cannot open the store in " + absolute + ": it is a file, not a directory", e);
    } catch (NoSuchFileException e) {
      throw new StoreException(
          "cannot open the store in "
              + absolute
              + ": the directory "
              + absolute.getParent()
              + " does not exist; create it first",
          e);
    } catch (IOException e) {
      throw unwritable(absolute, e);
    }
  }

  /**
   * Finds the directory of a store that must be there. Creates nothing.
   *
   * @throws StoreException if there is no such directory, or no store was ever in it
   */
  static StoreDirectory existing(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    StoreDirectory place;
    try {
      if (!Files.isDirectory(absolute)) {
        throw new StoreException("there is no store in " + absolute + ": it is no directory");
      }
      place = new StoreDirectory(absolute.toRealPath(), false);
    } catch (IOException e) {
      throw unwritable(absolute, e);
    }
    if (!Files.exists(place.database()) && !place.hasTraces()) {
      throw new StoreException("there is no store in " + place.path + ": it has no weft.db");
    }
    return place;
  }

  Path path() {
    return path;
  }

  Path database() {
    return path.resolve(SqliteChangeStore.FILE_NAME);
  }

  /** Returns where the database's write-ahead log is, if it has one. */
  Path log() {
    return path.resolve(SqliteChangeStore.FILE_NAME + "-wal");
  }

  /**
   * Takes the ownership of the directory.
   *
   * @throws StoreLockedException if another has it
   * @throws StoreException if the lock cannot be written
   */
  StoreLock own() {
    try {
      return StoreLock.acquire(path);
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  /**
   * Looks at the first bytes of the database file, if there is one, before SQLite opens it. Only
   * the owner may: closing a file takes away the locks that this process has on it.
   *
   * @throws StoreException if the file is no database
   */
  void requireDatabaseOrNothing() {
    byte[] header;
    try (InputStream in = Files.newInputStream(database())) {
      header = in.readNBytes(SQLITE_HEADER.length);
    } catch (NoSuchFileException e) {
      header = NO_BYTES;
    } catch (IOException e) {
      throw new StoreException(
          "cannot read the store " + database() + " (" + e + "); check its permissions", e);
    }
    if (header.length == 0 && hasTraces()) {
      // To begin anew would make the loss look like an empty store.
      throw new StoreDamagedException(
          "cannot open the store "
              + database()
              + ": it is missing or empty, though there was a store here; put it back, or run `weft"
              + " store repair "
              + path
              + "`",
          null);
    }
    if (header.length > 0 && !Arrays.equals(header, SQLITE_HEADER)) {
      throw new StoreDamagedException(
          "cannot open the store "
              + database()
              + ": it is not a database, or its beginning is damaged; it was left as it is. Run"
              + " `weft store repair "
              + path
              + "` if it was a store, or use another directory",
          null);
    }
  }

  /** Returns whether there is something that only a store leaves beside its database. */
  boolean hasTraces() {
    try {
      return Files.exists(path.resolve(StoreSeal.FILE_NAME))
          || SetAside.last(path) > 0
          || (Files.exists(log()) && Files.size(log()) > 0);
    } catch (IOException e) {
      throw new StoreException("cannot read the directory " + path + " (" + e + ")", e);
    }
  }

  static byte[] sqliteHeader() {
    return SQLITE_HEADER.clone();
  }

  /**
   * Takes the seal off the database, and returns whether it was whole: what is there is what was
   * closed last. Only the owner may.
   *
   * @throws StoreException if the seal cannot be taken off
   */
  boolean breakSeal() {
    try {
      return StoreSeal.breakOff(database());
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  /** Makes the names of new files survive a crash of the machine. */
  void syncEntries() {
    if (File.separatorChar == '\\') {
      // Windows cannot sync a directory; NTFS keeps a journal of the names.
      return;
    }
    try {
      sync(path);
      Path parent = path.getParent();
      if (created && parent != null) {
        sync(parent);
      }
    } catch (IOException e) {
      throw new StoreException("cannot sync the directory " + path + " (" + e + ")", e);
    }
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static StoreException unwritable(Path directory, IOException cause) {
    String prefix = "cannot open the store in " + directory + ": ";
    String file =
        cause instanceof FileSystemException failure && failure.getFile() != null
            ? failure.getFile()
            : directory.toString();
    if (cause instanceof AccessDeniedException) {
      return new StoreException(
          prefix
              + file
              + " cannot be written (permission denied); check its permissions, or use another"
              + " directory",
          cause);
    }
    String reason = reasonOf(cause);
    if (reason.contains(NO_SPACE)) {
      return new StoreException(
          prefix + "the disk is full; nothing stored is lost, free some space", cause);
    }
    return new StoreException(
        prefix + file + " cannot be written (" + reason + "); check the disk", cause);
  }

  private static String reasonOf(IOException cause) {
    return cause instanceof FileSystemException failure && failure.getReason() != null
        ? failure.getReason()
        : String.valueOf(cause.getMessage());
  }
}
