package dev.weft.cli.loopback;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.weft.relay.RelayServer;
import dev.weft.relay.RelayStartException;
import dev.weft.store.ChangeStore;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * What runs in the process of a {@link KillableRelay}: a relay that ends with its standard input,
 * and so with the process that started it, and then leaves nothing behind.
 */
final class RelayChild {
  static final String READY = "listening on ";
  static final String FAILED = "cannot listen: ";

  private RelayChild() {}

  /** Runs it. Arguments: PORT DIRECTORY; the directory is deleted in the end. */
  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[0]);
    Path directory = Path.of(arguments[1]);
    try {
      serve(port, directory.resolve("relay"));
    } catch (RelayStartException | StoreException e) {
      // Who started it tells it on, and may try again.
      System.out.println(FAILED + e.getMessage());
      System.exit(1);
    }
    if (Files.exists(directory)) {
      // Nobody else writes there, so no symbolic link can lead out of it.
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private static void serve(int port, Path data) throws IOException {
    try (ChangeStore store = SqliteChangeStore.open(data, new SecureRandom());
        RelayServer relay = RelayServer.builder().port(port).store(store).build()) {
      relay.start();
      System.out.println(READY + relay.uri());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
