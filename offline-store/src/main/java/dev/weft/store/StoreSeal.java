package dev.weft.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The proof that a database is the very file that was closed last, untouched since: the file {@code
 * weft.seal}, written after closing, says which file that was and when the system last changed it.
 * A copy is another file, and one that was overwritten by a backup has been changed since; so both
 * are told from the original, whatever they contain. Who opens a store breaks the seal first.
 *
 * <p>A false alarm (the file was moved to another disk, or its permissions were changed) costs new
 * replica ids, nothing else. What this cannot tell is a whole machine that was put back to an
 * earlier state.
 */
final class StoreSeal {
  static final String FILE_NAME = "weft.seal";

  /**
   * What a copy or a restored backup cannot have alike. On Unix, nobody can set the change time.
   */
  private static final String UNIX_ATTRIBUTES = "unix:ino,ctime,size";

  private static final String BASIC_ATTRIBUTES = "creationTime,lastModifiedTime,size";

  private StoreSeal() {}

  /** Seals a database. Only after it was closed, by who owns the directory. */
  static void set(Path database) {
    try {
      Files.writeString(sealOf(database), fingerprint(database), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      // All is stored and closed. Without a whole seal the next opening takes new replica ids, as
      // it must if this directory cannot be written any more.
    }
  }

  /**
   * Takes the seal away, and returns whether it was whole. Before the database is opened, by who
   * owns the directory.
   *
   * @throws IOException if it cannot be taken away
   */
  static boolean breakOff(Path database) throws IOException {
    boolean whole = isWhole(database);
    Files.deleteIfExists(sealOf(database));
    return whole;
  }

  private static boolean isWhole(Path database) throws IOException {
    if (Files.exists(database.resolveSibling(database.getFileName() + "-wal"))) {
      // Closing leaves no log of writes: this one belongs to a copy, or to who was not closed.
      return false;
    }
    try {
      return Files.readString(sealOf(database), StandardCharsets.ISO_8859_1)
          .equals(fingerprint(database));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static Path sealOf(Path database) {
    return database.resolveSibling(FILE_NAME);
  }

  private static String fingerprint(Path database) throws IOException {
    boolean unix = database.getFileSystem().supportedFileAttributeViews().contains("unix");
    Map<String, Object> attributes =
        new TreeMap<>(Files.readAttributes(database, unix ? UNIX_ATTRIBUTES : BASIC_ATTRIBUTES));
    StringBuilder text = new StringBuilder();
    attributes.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    return text.toString();
  }
}
