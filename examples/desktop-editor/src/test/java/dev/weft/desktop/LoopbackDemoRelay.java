package dev.weft.desktop;

import dev.weft.crdt.VersionVector;
import dev.weft.desktop.network.NetworkLink;
import dev.weft.store.DocumentId;
import dev.weft.store.ReservedPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A real relay in this process. Killed, it is cut off all at once, so that what it still stores and
 * says in stopping reaches nobody. Thread-safe.
 */
final class LoopbackDemoRelay implements DemoRelay, AutoCloseable {
  private final Path directory;
  private final ReservedPort port = ReservedPort.any();
  private final NetworkLink front;

  // Guarded by this.
  private @Nullable Loopback relay;
  private CompletableFuture<Void> ended = new CompletableFuture<>();

  LoopbackDemoRelay(Path directory) throws IOException {
    this.directory = directory;
    Loopback first = startRelay();
    relay = first;
    front = NetworkLink.to(first.uri());
  }

  private Loopback startRelay() {
    return new Loopback(directory, port.number());
  }

  @Override
  public URI uri() {
    return front.uri();
  }

  @Override
  public synchronized void start() throws IOException {
    if (relay != null) {
      throw new IllegalStateException("it runs");
    }
    relay = startRelay();
    front.mend();
    ended = new CompletableFuture<>();
  }

  @Override
  public synchronized void kill() {
    if (relay != null) {
      try {
        front.cut();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      relay.close();
      relay = null;
      ended.complete(null);
    }
  }

  @Override
  public synchronized CompletableFuture<?> ended() {
    return ended;
  }

  /** Returns what the relay's store has of a document; nothing while it does not run. */
  synchronized VersionVector stored(DocumentId document) {
    return relay == null ? VersionVector.EMPTY : relay.stored(document);
  }

  @Override
  public void close() {
    kill();
    front.close();
    port.close();
  }
}
