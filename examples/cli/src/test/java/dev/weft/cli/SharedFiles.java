package dev.weft.cli;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the recorded traces and conformance histories, which are no part of this project: the
 * traces in the folder that WEFT_TRACES names, the histories in a folder {@code conformance} beside
 * it.
 */
public final class SharedFiles {
  private SharedFiles() {}

  /** Returns the traces, or ends the test if there are none. */
  public static List<Path> traces() {
    Path folder = tracesFolder();
    try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
      List<Path> traces =
          files.filter(file -> file.toString().endsWith(".json.gz")).sorted().toList();
      if (traces.isEmpty()) {
        missing(folder);
      }
      return traces;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the file of a trace, or ends the test if it is missing. */
  public static Path trace(String name) {
    return required(tracesFolder().resolve(name));
  }

  /** Returns a file of conformance histories, or ends the test if it is missing. */
  public static Path conformance(String name) {
    return required(tracesFolder().resolveSibling("conformance").resolve(name));
  }

  private static Path tracesFolder() {
    String named = System.getenv("WEFT_TRACES");
    return named == null
        ? repository().resolveSibling("shared").resolve("traces")
        : Path.of(named).toAbsolutePath().normalize();
  }

  private static Path required(Path file) {
    if (!Files.isReadable(file)) {
      missing(file);
    }
    return file;
  }

  private static void missing(Path path) {
    String sentence =
        path + " is missing: WEFT_TRACES must name the folder of traces (default ../shared/traces)";
    if ("true".equals(System.getenv("CI"))) {
      fail(sentence);
    }
    abort(sentence);
  }

  /** The folder of the whole project, above this module's. */
  private static Path repository() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new AssertionError("the tests run outside of the project");
    }
    return folder;
  }
}
