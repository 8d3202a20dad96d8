package dev.weft.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A new directory that is deleted, with all that is in it, when it is closed. Not thread-safe. */
public final class ScratchDirectory implements AutoCloseable {
  private final Path path;

  /** Creates a directory in {@code parent}. */
  public ScratchDirectory(Path parent) throws IOException {
    path = Files.createTempDirectory(parent, "weft-store-");
  }

  /** Returns where it is. */
  public Path path() {
    return path;
  }

  /** Returns a new directory in {@code parent} with copies of this one's files. */
  ScratchDirectory copy(Path parent) throws IOException {
    ScratchDirectory copy = new ScratchDirectory(parent);
    for (Path file : files()) {
      Files.copy(file, copy.path.resolve(file.getFileName()));
    }
    return copy;
  }

  /** Returns the size of a file, 0 if there is none. */
  long sizeOf(String file) throws IOException {
    Path found = path.resolve(file);
    return Files.exists(found) ? Files.size(found) : 0;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.toList();
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
