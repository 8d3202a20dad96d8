package dev.weft.relay;

import dev.weft.store.ChangeStore;
import dev.weft.store.SqliteChangeStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A relay with a store in a directory, which can die and come back. One test thread uses it. */
final class TestRelay implements AutoCloseable {
  private final Path directory;
  private final Tuning tuning;
  private final UnaryOperator<RelayServer.Builder> more;
  ProbedStore store;
  RelayServer server;

  private TestRelay(Path directory, Tuning tuning, UnaryOperator<RelayServer.Builder> more) {
    this.directory = directory;
    this.tuning = tuning;
    this.more = more;
    this.store = new ProbedStore(openStore());
    this.server = serve();
  }

  static TestRelay start(Path directory) {
    return start(directory, new Tuning());
  }

  static TestRelay start(Path directory, Tuning tuning) {
    return start(directory, tuning, builder -> builder);
  }

  /** Starts a relay with more settings than a tuning has. */
  static TestRelay start(Path directory, Tuning tuning, UnaryOperator<RelayServer.Builder> more) {
    return new TestRelay(directory, tuning, more);
  }

  URI uri() {
    return server.uri();
  }

  /** Dies without a word and comes back with what the store has. */
  void restart() {
    die();
    store = new ProbedStore(openStore());
    server = serve();
  }

  /** Dies without a word. */
  void die() {
    store.open();
    server.abort();
    store.close();
  }

  /** Opens the store of a relay that has died. */
  ChangeStore openStore() {
    return SqliteChangeStore.open(directory, new Random(1));
  }

  private RelayServer serve() {
    RelayServer relay =
        more.apply(
                RelayServer.builder()
                    .store(store)
                    .times(tuning.times())
                    .bounds(tuning.bounds())
                    .sendBufferBytes(8 << 10))
            .build();
    relay.start();
    return relay;
  }

  @Override
  public void close() {
    die();
  }
}
