package dev.weft.relay;

import dev.weft.crdt.Limits;
import dev.weft.protocol.ConnectionLimits;
import dev.weft.store.ChangeStore;
import dev.weft.store.SqliteChangeStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/** A relay with a store in a directory, which can die and come back. One test thread uses it. */
final class TestRelay implements AutoCloseable {
  private final Path directory;
  private final RelayTimes times;
  private final RelayBounds bounds;
  ProbedStore store;
  RelayServer server;

  private TestRelay(Path directory, RelayTimes times, RelayBounds bounds) {
    this.directory = directory;
    this.times = times;
    this.bounds = bounds;
    this.store = new ProbedStore(openStore());
    this.server = serve();
  }

  static TestRelay start(Path directory) {
    return start(directory, RelayTimes.DEFAULT, RelayBounds.DEFAULT);
  }

  static TestRelay start(Path directory, RelayTimes times) {
    return start(directory, times, RelayBounds.DEFAULT);
  }

  static TestRelay start(Path directory, RelayBounds bounds) {
    return start(directory, RelayTimes.DEFAULT, bounds);
  }

  static TestRelay start(Path directory, RelayTimes times, RelayBounds bounds) {
    return new TestRelay(directory, times, bounds);
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
        RelayServer.builder()
            .store(store)
            .times(times)
            .bounds(bounds)
            .sendBufferBytes(8 << 10)
            .build();
    relay.start();
    return relay;
  }

  @Override
  public void close() {
    die();
  }

  /** The default times with others for what a test is about. */
  static RelayTimes times(
      Duration hello, Duration idle, Duration saveEdits, Duration idleDocument) {
    RelayTimes usual = RelayTimes.DEFAULT;
    return new RelayTimes(
        hello,
        usual.heartbeat(),
        idle,
        usual.stall(),
        usual.goodbye(),
        usual.writeBehind(),
        Duration.ofMillis(50),
        saveEdits,
        usual.saveStore(),
        usual.resend(),
        idleDocument);
  }

  static RelayTimes quickTo(String what, Duration time) {
    Duration long0 = Duration.ofMinutes(5);
    return times(
        what.equals("hello") ? time : long0,
        what.equals("idle") ? time : long0,
        what.equals("saveEdits") ? time : long0,
        what.equals("idleDocument") ? time : long0);
  }

  /** The default bounds with small ones for what waits, and for parts. */
  static RelayBounds bounds(int channels, int outboundBytes, int partBytes, int snapshotTailBytes) {
    RelayBounds usual = RelayBounds.DEFAULT;
    ConnectionLimits connection =
        new ConnectionLimits(usual.connection().maxFrameBytes(), channels, 4, 1_000);
    return new RelayBounds(
        usual.connections(),
        connection,
        usual.documents(),
        Limits.DEFAULT,
        usual.inboundBytes(),
        outboundBytes,
        partBytes,
        usual.unwrittenBytes(),
        usual.waitingChanges(),
        usual.waitingBytes(),
        usual.participants(),
        snapshotTailBytes);
  }
}
