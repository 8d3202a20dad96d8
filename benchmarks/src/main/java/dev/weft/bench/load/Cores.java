package dev.weft.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Gives server and clients a processor each, where there are two and the system can. */
final class Cores {
  /** Nobody has a processor of their own. */
  static final Cores SHARED = new Cores(false);

  private static final List<String> ON_FIRST = List.of("taskset", "-c", "0");

  private final boolean apart;

  private Cores(boolean apart) {
    this.apart = apart;
  }

  /**
   * Moves this process, as it is now and with all threads to come, to the second processor; shared
   * if there is none, or nothing to do it with.
   */
  static Cores apart() throws IOException {
    if (Runtime.getRuntime().availableProcessors() < 2) {
      return SHARED;
    }
    long self = ProcessHandle.current().pid();
    Process process;
    try {
      process =
          new ProcessBuilder("taskset", "-a", "-p", "-c", "1", Long.toString(self))
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      // There is no such command here.
      return SHARED;
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.onExit().join().exitValue();
    if (status != 0) {
      throw new LoadFailure("taskset failed: " + said.lines().findFirst().orElse("silently"));
    }
    return new Cores(true);
  }

  /** Returns whether they have. */
  boolean areApart() {
    return apart;
  }

  /** Returns what begins the command of a server. */
  List<String> ofServer() {
    return apart ? ON_FIRST : List.of();
  }
}
