package dev.weft.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A place where simulations are played: in memory, where the system has a directory for that. */
final class Laboratory implements AutoCloseable {
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Path directory;
  private final Simulation simulation;

  Laboratory() throws IOException {
    directory =
        Files.isDirectory(MEMORY) && Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "weft-lab")
            : Files.createTempDirectory("weft-lab");
    simulation = new Simulation(directory);
  }

  Simulation simulation() {
    return simulation;
  }

  @Override
  public void close() throws IOException {
    Files.delete(directory);
  }
}
