package dev.weft.cli.loopback;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.weft.relay.RelayServer;
import dev.weft.store.ChangeStore;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.WorkspaceStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * A real relay on a free port of the loopback address, with its own store in a temporary directory,
 * where its clients' stores find a place too. All of it is gone when it is closed. Thread-safe.
 */
public final class LoopbackRelay implements AutoCloseable {
  private final Path directory;
  private final ChangeStore store;
  private final RelayServer relay;

  private LoopbackRelay(Path directory, ChangeStore store, RelayServer relay) {
    this.directory = directory;
    this.store = store;
    this.relay = relay;
  }

  /**
   * Starts a relay.
   *
   * @throws IOException if there is no place for its files
   */
  public static LoopbackRelay start() throws IOException {
    Path directory = Files.createTempDirectory("weft-loopback");
    ChangeStore store = null;
    RelayServer relay = null;
    try {
      store = SqliteChangeStore.open(directory.resolve("relay"), new SecureRandom());
      relay = RelayServer.builder().store(store).build();
      relay.start();
      return new LoopbackRelay(directory, store, relay);
    } catch (RuntimeException e) {
      if (relay != null) {
        relay.close();
      }
      if (store != null) {
        store.close();
      }
      delete(directory);
      throw e;
    }
  }

  /** Returns where clients connect. */
  public URI uri() {
    return relay.uri();
  }

  /** Returns where a client that opens its own store has a place for it; see {@link #openStore}. */
  public Path storeDirectory(String name) {
    return directory.resolve(name);
  }

  /**
   * Opens the store of a client, to be closed before this.
   *
   * @param name tells it from others
   * @param replicaIds is asked for the ids under which the client writes
   */
  public WorkspaceStore openStore(String name, RandomGenerator replicaIds) {
    return SqliteChangeStore.open(storeDirectory(name), replicaIds);
  }

  /** Stops the relay and deletes all files. */
  @Override
  public void close() throws IOException {
    try {
      relay.close();
      store.close();
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    // Nobody else writes there, so no symbolic link can lead out of it.
    MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
  }
}
