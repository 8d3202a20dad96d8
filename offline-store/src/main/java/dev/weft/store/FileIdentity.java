package dev.weft.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which file a path named when it was opened, to tell whether it still does. Immutable.
 *
 * @param path the file's name
 * @param key what the file system knows the file by; null where it does not tell
 */
record FileIdentity(Path path, @Nullable Object key) {
  static FileIdentity of(Path path) throws IOException {
    return new FileIdentity(path, keyOf(path));
  }

  /** Returns whether the path still names that file. One question to the system, no reading. */
  boolean isInPlace() {
    try {
      return Objects.equals(keyOf(path), key);
    } catch (IOException e) {
      // Not there, or not to be reached: whatever is written goes where nobody finds it.
      return false;
    }
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }
}
