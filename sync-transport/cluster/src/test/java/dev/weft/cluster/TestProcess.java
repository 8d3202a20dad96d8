package dev.weft.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the servers that tests start have in common. */
final class TestProcess {
  private TestProcess() {}

  /** Runs a command to its end; its output is in the exception if it fails. */
  static void run(List<String> command) {
    try {
      // To a file: a server that the command leaves behind would keep a pipe open.
      File output = File.createTempFile("weft-test", ".log");
      try {
        Process process =
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException(command + " did not end within 60 s");
        }
        if (process.exitValue() != 0) {
          throw new IllegalStateException(
              command
                  + " ended with "
                  + process.exitValue()
                  + ": "
                  + Files.readString(output.toPath(), StandardCharsets.UTF_8));
        }
      } finally {
        Files.delete(output.toPath());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static void deleteAll(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
