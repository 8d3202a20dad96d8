package dev.weft.bench.load.server;

import java.io.IOException;
import java.util.List;

/** Gives server and clients a processor each, where there are two and the system can. */
public final class Cores {
  /** Nobody has a processor of their own. */
  public static final Cores SHARED = new Cores(false);

  private static final List<String> ON_FIRST = List.of("taskset", "-c", "0");

  private final boolean apart;

  private Cores(boolean apart) {
    this.apart = apart;
  }

  /**
   * Moves this process, as it is now and with all threads to come, to the second processor; shared
   * if there is none, or nothing to do it with.
   */
  public static Cores apart() throws IOException {
    if (Runtime.getRuntime().availableProcessors() < 2) {
      return SHARED;
    }
    long self = ProcessHandle.current().pid();
    Process process;
    try {
      process =
          new ProcessBuilder("taskset", "-a", "-p", "-c", "1", Long.toString(self))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      // There is no such command here.
      return SHARED;
    }
    process.getOutputStream().close();
    // Where this process may not use the second processor, they share what there is.
    return process.onExit().join().exitValue() == 0 ? new Cores(true) : SHARED;
  }

  /** Returns who has which processors, for a person. */
  public String describe() {
    return apart
        ? "server and clients on a processor each"
        : "server and clients share the processors";
  }

  /** Returns whether they have one each. */
  public boolean areApart() {
    return apart;
  }

  /** Returns what begins the command of a server. */
  public List<String> ofServer() {
    return apart ? ON_FIRST : List.of();
  }
}
