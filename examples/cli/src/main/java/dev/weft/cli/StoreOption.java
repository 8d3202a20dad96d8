package dev.weft.cli;

import dev.weft.store.SqliteChangeStore;
import dev.weft.store.StoreLockedException;
import dev.weft.store.WorkspaceStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The store of this device. */
final class StoreOption {
  @Option(
      names = "--store",
      paramLabel = "DIR",
      converter = Directory.class,
      description =
          "The store of this device (default: store in $$WEFT_HOME or ~/.weft); one command uses it"
              + " at a time.")
  private @Nullable Path store;

  /**
   * Returns the store's directory, which exists.
   *
   * @throws CommandFailure if it cannot be created
   */
  Path directory() throws CommandFailure {
    return WeftHome.directory(store, "store");
  }

  /**
   * Opens the store to look at it.
   *
   * @throws CommandFailure if there is none
   */
  WorkspaceStore openExisting() throws CommandFailure {
    Path directory = WeftHome.path(store, "store");
    if (!Files.isDirectory(directory)) {
      throw new CommandFailure("there is no store in " + directory + " yet");
    }
    try (Stream<Path> files = Files.list(directory)) {
      // Under whatever name: what is wrong with a set aside one, opening says.
      if (files.noneMatch(file -> file.getFileName().toString().startsWith("weft.db"))) {
        throw new CommandFailure("there is no store in " + directory + " yet");
      }
    } catch (IOException e) {
      throw new CommandFailure(
          "cannot read the directory " + directory + ": " + FileTrouble.describe(directory, e), e);
    }
    return open(directory);
  }

  /**
   * Opens a store.
   *
   * @throws CommandFailure if it is open elsewhere
   */
  static WorkspaceStore open(Path directory) throws CommandFailure {
    try {
      return SqliteChangeStore.open(directory, new SecureRandom());
    } catch (StoreLockedException e) {
      throw new CommandFailure(e.getMessage() + ": an editor or another command has it open", e);
    }
  }

  /** Reads a directory's name. */
  static final class Directory implements ITypeConverter<Path> {
    @Override
    public Path convert(String value) {
      if (value.isEmpty()) {
        throw new TypeConversionException("a directory's name must not be empty");
      }
      return Path.of(value);
    }
  }
}
