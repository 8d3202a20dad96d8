package dev.weft.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
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
    } catch (IOException e) {
      throw new CommandFailure("cannot create the directory " + directory + ": " + e, e);
    }
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
