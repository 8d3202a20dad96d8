package dev.weft.client;

import dev.weft.crdt.VersionVector;
import dev.weft.relay.ConnectionCount;
import dev.weft.relay.RelayServer;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import dev.weft.store.ReservedPort;
import dev.weft.store.SqliteChangeStore;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/** A real relay with a real store, that can be stopped and started again. Not thread-safe. */
final class TestRelay implements AutoCloseable {
  private final Path directory;

  private final ReservedPort port = ReservedPort.any();
  private SqliteChangeStore store;
  private RelayServer server;

  TestRelay(Path directory) {
    this.directory = directory;
    store = SqliteChangeStore.open(directory, new SecureRandom());
    server = start(store, port.number());
  }

  private static RelayServer start(ChangeStore store, int port) {
    RelayServer server = RelayServer.builder().port(port).store(store).build();
    server.start();
    return server;
  }

  URI uri() {
    return server.uri();
  }

  int port() {
    return server.port();
  }

  /** Returns how many connections were made so far, each request that polls among them. */
  long connections() {
    return server.connectionsByVersion().values().stream().mapToLong(ConnectionCount::opened).sum();
  }

  /** Returns what the relay's store holds. */
  VersionVector stored(DocumentId document) {
    return store.version(document);
  }

  void stop() {
    server.close();
    store.close();
  }

  /** Stops in good order, sending the clients to another relay of the same store. */
  void drainTo(RelayServer other) {
    server.drain(Duration.ofSeconds(5), List.of(other.uri()));
  }

  /** Returns another relay of the same store. */
  RelayServer another() {
    RelayServer other = RelayServer.builder().store(store).build();
    other.start();
    return other;
  }

  /** Starts again on the same port. */
  void startAgain() {
    store = SqliteChangeStore.open(directory, new SecureRandom());
    server = start(store, server.port());
  }

  @Override
  public void close() {
    stop();
    port.close();
  }
}
