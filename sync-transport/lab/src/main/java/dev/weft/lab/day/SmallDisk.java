package dev.weft.lab.day;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * A real disk of a few megabytes that can be filled to the last byte. It is mounted where this
 * process and those that it starts see it, so a process needs a mount name space of its own.
 * Confined to one thread at a time.
 */
final class SmallDisk {
  private static final String SIZE = "12m";
  private static final int CHUNK_BYTES = 4_096;

  private final Path directory;
  private final Path filler;

  private SmallDisk(Path directory) {
    this.directory = directory;
    this.filler = directory.resolve("filler");
  }

  /**
   * Mounts a disk.
   *
   * @throws IOException if that is not allowed here
   */
  static SmallDisk mount(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", directory.toString());
    return new SmallDisk(directory);
  }

  Path directory() {
    return directory;
  }

  /** Leaves no byte. */
  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE)) {
      byte[] chunk = new byte[CHUNK_BYTES];
      while (true) {
        out.write(chunk);
      }
    } catch (IOException e) {
      if (directory.toFile().getUsableSpace() >= CHUNK_BYTES) {
        throw e;
      }
    }
  }

  /** Makes room again. */
  void free() throws IOException {
    Files.deleteIfExists(filler);
  }

  /** Copies what is on it to a new directory of a larger one. */
  void save(Path to) throws IOException, InterruptedException {
    run("cp", "-r", directory.toString(), to.toString());
  }

  void unmount() throws IOException, InterruptedException {
    run("umount", directory.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + " failed");
    }
  }
}
