package dev.weft.cli.loopback;

import java.io.OutputStream;
import java.nio.file.Path;

/** A process that opens a {@link KillableRelay} and says where, to be killed. */
final class RelayOwner {
  private RelayOwner() {}

  /** Prints the relay's process, and the directory of its files. */
  public static void main(String[] arguments) throws Exception {
    try (KillableRelay relay = KillableRelay.open()) {
      Path directory = relay.storeDirectory("x").getParent();
      System.out.println(ProcessHandle.current().children().findFirst().orElseThrow().pid());
      System.out.println(directory);
      // Ends with the test, if that is ended before it kills this.
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
