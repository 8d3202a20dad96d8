package dev.weft.desktop;

import dev.weft.crdt.VersionVector;
import dev.weft.relay.Authenticator;
import dev.weft.relay.RelayServer;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A real relay on a loopback port of its own, with a real store. */
public final class Loopback implements AutoCloseable {
  private final SqliteChangeStore store;
  private final RelayServer relay;

  /** Starts a relay, open to everybody, whose store is in {@code directory}. */
  public Loopback(Path directory) {
    this(directory, relay -> {});
  }

  /** Starts a relay that asks who its clients are. */
  public Loopback(Path directory, Authenticator authenticator) {
    this(directory, relay -> relay.authenticator(authenticator));
  }

  /** Starts a relay, open to everybody, at a port. */
  Loopback(Path directory, int port) {
    this(directory, relay -> relay.port(port));
  }

  private Loopback(Path directory, Consumer<RelayServer.Builder> options) {
    store = SqliteChangeStore.open(directory, new SplittableRandom(3));
    RelayServer.Builder builder = RelayServer.builder().host("127.0.0.1").port(0).store(store);
    options.accept(builder);
    relay = builder.build();
    relay.start();
  }

  /** Returns the relay's address. */
  public URI uri() {
    return relay.uri();
  }

  /** Returns what the relay's store has of a document. */
  VersionVector stored(DocumentId document) {
    return store.version(document);
  }

  /** Stops the relay; its store stays open. */
  void stop() {
    relay.close();
  }

  @Override
  public void close() {
    relay.close();
    store.close();
  }
}
