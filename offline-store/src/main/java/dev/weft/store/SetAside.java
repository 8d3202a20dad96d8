package dev.weft.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts a repaired database in the place of a damaged one, which keeps its bytes under another name.
 * Only the owner of the directory may. Stateless.
 *
 * <pre>
 * weft.db.repairing     being written, worth nothing: removed by who finds it
 * weft.db.repaired-N    complete and synced: from here on, whoever finds it goes on with the rest
 * weft.db.damaged-N     what was weft.db, with what SQLite keeps beside it
 * </pre>
 *
 * <p>A name has its file whole or not at all, and the number tells which files belong together; so
 * there is no step after which a death loses or mistakes anything.
 */
final class SetAside {
  private static final String DATABASE = SqliteChangeStore.FILE_NAME;
  private static final String REPAIRING = DATABASE + ".repairing";
  private static final String REPAIRED = DATABASE + ".repaired-";
  private static final String DAMAGED = DATABASE + ".damaged-";

  private static final Pattern REPAIRED_NAME =
      Pattern.compile(Pattern.quote(REPAIRED) + "(\\d{1,9})");
  private static final Pattern DAMAGED_NAME =
      Pattern.compile(Pattern.quote(DAMAGED) + "(\\d{1,9})(-journal|-wal|-shm)?");

  /** What SQLite keeps beside a database, and itself: it goes last. */
  private static final String[] COMPANIONS = {"-journal", "-wal", "-shm", ""};

  private SetAside() {}

  /** Is told before each step, so that a test can die there. */
  @FunctionalInterface
  interface Steps {
    /** Nobody listens. */
    Steps UNWATCHED = step -> {};

    void before(String step) throws IOException;
  }

  /**
   * Returns where a new database is written: an empty file that those may read who may read {@code
   * source}, if there is one.
   */
  static Path newDatabase(StoreDirectory place, Path source) throws IOException {
    removeUnfinished(place);
    Path written = place.path().resolve(REPAIRING);
    boolean hasPermissions = source.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (!hasPermissions || !Files.exists(source)) {
      return Files.createFile(written);
    }
    Set<PosixFilePermission> permissions = EnumSet.of(PosixFilePermission.OWNER_WRITE);
    permissions.addAll(Files.getPosixFilePermissions(source));
    return Files.createFile(written, PosixFilePermissions.asFileAttribute(permissions));
  }

  /**
   * Puts the new database, which is closed, in the place of the old one. O(1) renames, after a
   * sync.
   *
   * @return where the old one is now
   */
  static Path replace(StoreDirectory place, Steps steps) throws IOException {
    long last = last(place.path());
    boolean missing = !Files.exists(place.database()) && !Files.exists(place.log());
    long number = missing && last > 0 ? last : last + 1;
    Path written = place.path().resolve(REPAIRING);
    if (Files.exists(place.path().resolve(REPAIRING + "-wal"))) {
      throw new AssertionError("a database that is not closed is to be renamed, " + written);
    }
    steps.before("sync");
    try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    steps.before("name repaired");
    move(written, place.path().resolve(REPAIRED + number));
    place.syncEntries();
    return complete(place, number, steps);
  }

  /**
   * Goes on with what was begun before a death. For who opens the directory.
   *
   * @return whether a repaired database was put in place
   * @throws StoreException if the directory cannot be written
   */
  static boolean finish(StoreDirectory place) {
    try {
      removeUnfinished(place);
      long number = repaired(place.path());
      if (number == 0) {
        return false;
      }
      Path unused = complete(place, number, Steps.UNWATCHED);
      return true;
    } catch (IOException e) {
      throw failed(place.path(), e);
    }
  }

  /** Returns what to throw if the directory cannot be read or written. */
  static StoreException failed(Path directory, IOException cause) {
    return new StoreException(
        "cannot repair the store in "
            + directory
            + " ("
            + cause
            + "); nothing is lost, check the disk and the permissions, and repair again",
        cause);
  }

  /** Returns whether a complete database waits to be put in place. */
  static boolean isUnfinished(StoreDirectory place) throws IOException {
    return repaired(place.path()) > 0;
  }

  /** Returns what is to be repaired: if there is no database, that which was set aside last. */
  static Path source(StoreDirectory place) throws IOException {
    long last = last(place.path());
    return last > 0 && isEmpty(place.database()) && isEmpty(place.log())
        ? damaged(place.path(), last)
        : place.database();
  }

  private static boolean isEmpty(Path file) throws IOException {
    return !Files.exists(file) || Files.size(file) == 0;
  }

  /** Returns where a damaged database of a number is. */
  static Path damaged(Path directory, long number) {
    return directory.resolve(DAMAGED + number);
  }

  /** Returns the highest number of a database that was set aside, 0 if none was. */
  static long last(Path directory) throws IOException {
    return highest(directory, DAMAGED_NAME);
  }

  private static long repaired(Path directory) throws IOException {
    return highest(directory, REPAIRED_NAME);
  }

  private static long highest(Path directory, Pattern name) throws IOException {
    long highest = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, DATABASE + ".*")) {
      for (Path file : files) {
        Matcher matcher = name.matcher(String.valueOf(file.getFileName()));
        if (matcher.matches()) {
          highest = Math.max(highest, Long.parseLong(matcher.group(1)));
        }
      }
    }
    return highest;
  }

  private static void removeUnfinished(StoreDirectory place) throws IOException {
    for (String companion : COMPANIONS) {
      Files.deleteIfExists(place.path().resolve(REPAIRING + companion));
    }
  }

  private static Path complete(StoreDirectory place, long number, Steps steps) throws IOException {
    Path damaged = damaged(place.path(), number);
    steps.before("break seal");
    boolean unused = place.breakSeal();
    for (String companion : COMPANIONS) {
      Path from = place.path().resolve(DATABASE + companion);
      if (Files.exists(from)) {
        steps.before("set aside " + from.getFileName());
        move(from, place.path().resolve(DAMAGED + number + companion));
      }
    }
    // The old names must be gone on the disk before another file takes one.
    place.syncEntries();
    steps.before("put in place");
    move(place.path().resolve(REPAIRED + number), place.database());
    place.syncEntries();
    return damaged;
  }

  /** Renames a file, never over another. */
  private static void move(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      throw new IOException("there is a file " + to + " already");
    }
    Path unused = Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }
}
