package dev.weft.desktop;

import dev.weft.relay.RelayServer;
import dev.weft.store.SqliteChangeStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** A real relay on a loopback port of its own, with a real store. */
public final class Loopback implements AutoCloseable {
  private final SqliteChangeStore store;
  private final RelayServer relay;

  /** Starts a relay whose store is in {@code directory}. */
  public Loopback(Path directory) {
    store = SqliteChangeStore.open(directory, new SplittableRandom(3));
    relay = RelayServer.builder().host("127.0.0.1").port(0).store(store).build();
    relay.start();
  }

  /** Returns the relay's address. */
  public URI uri() {
    return relay.uri();
  }

  @Override
  public void close() {
    relay.close();
    store.close();
  }
}
