package dev.weft.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where this person's stores are kept unless said otherwise. */
final class WeftHome {
  private WeftHome() {}

  /**
   * Returns {@code given}, or if that is null the folder {@code name} in the home, which is {@code
   * WEFT_HOME} or {@code ~/.weft}; either exists afterwards.
   *
   * @throws CommandFailure if it cannot be created
   */
  static Path directory(@Nullable Path given, String name) throws CommandFailure {
    Path directory = path(given, name);
    try {
      return Files.createDirectories(directory);
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailure(directory + ": is a file, and not a directory", e);
    } catch (NoSuchFileException e) {
      // All that was missing was to be made: what is there does not let it.
      throw new CommandFailure(
          "cannot create the directory " + directory + ": none can be made in " + above(directory),
          e);
    } catch (IOException e) {
      throw new CommandFailure(
          "cannot create the directory " + directory + ": " + FileTrouble.describe(directory, e),
          e);
    }
  }

  /** Returns the nearest directory above one that is not there. */
  private static Path above(Path directory) {
    Path above = directory.toAbsolutePath().normalize().getParent();
    while (above != null && !Files.isDirectory(above)) {
      above = above.getParent();
    }
    return above == null ? directory : above;
  }

  /** Returns what {@link #directory} returns, whether it exists or not. */
  static Path path(@Nullable Path given, String name) {
    return given == null ? home().resolve(name) : given;
  }

  private static Path home() {
    String named = System.getenv("WEFT_HOME");
    return named == null || named.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".weft")
        : Path.of(named);
  }
}
