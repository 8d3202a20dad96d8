package dev.weft.desktop;

import java.awt.Component;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import javax.swing.JOptionPane;
import org.jspecify.annotations.Nullable;

/**
 * What the person here wants to be called by the others; kept in a file beside the store. Reading
 * and writing wait for the disk. Stateless.
 */
final class OwnName {
  /** In code points. */
  private static final int LONGEST = 64;

  private OwnName() {}

  /** Returns the name that was kept in a directory, or else that of the person's account. */
  static String read(Path directory) {
    String kept;
    try {
      kept = Files.readString(file(directory)).strip();
    } catch (IOException notThereOrNotReadable) {
      // It is a help, and no document depends on it.
      kept = "";
    }
    return kept.isEmpty() ? System.getProperty("user.name", "") : cut(kept);
  }

  /**
   * Keeps a name in a directory.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  static void write(Path directory, String name) {
    Path file = file(directory);
    Path written = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(written, name + "\n");
      Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(Path directory) {
    return directory.resolve("own-name");
  }

  /** Asks the person for another name; empty if none was given. */
  static Optional<String> ask(Component parent, String present) {
    @Nullable Object given =
        JOptionPane.showInputDialog(
            parent,
            "The others see this name at your caret:",
            "Your Name",
            JOptionPane.PLAIN_MESSAGE,
            null,
            null,
            present);
    return Optional.ofNullable(given)
        .map(name -> cut(name.toString().strip()))
        .filter(name -> !name.isEmpty());
  }

  private static String cut(String name) {
    return name.codePoints()
        .limit(LONGEST)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
