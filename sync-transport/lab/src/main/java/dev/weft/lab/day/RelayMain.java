package dev.weft.lab.day;

import dev.weft.cli.Weft;
import java.io.IOException;

/** The {@code weft} command, as it is, but that it ends with the process that started it. */
final class RelayMain {
  private RelayMain() {}

  public static void main(String[] args) {
    Thread orphaned = new Thread(RelayMain::endWithInput, "end-with-input");
    orphaned.setDaemon(true);
    orphaned.start();
    Weft.main(args);
  }

  private static void endWithInput() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is said to it.
      }
    } catch (IOException e) {
      // It is over as well.
    }
    Runtime.getRuntime().halt(1);
  }
}
