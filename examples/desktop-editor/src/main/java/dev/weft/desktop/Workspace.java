package dev.weft.desktop;

import dev.weft.client.SharedText;
import dev.weft.client.TokenSource;
import dev.weft.client.WeftClient;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.WorkspaceStore;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import javax.swing.SwingUtilities;
import org.jspecify.annotations.Nullable;

/**
 * One document, open through a client and a store of its own. Opening and closing wait for the disk
 * and so are not for the event dispatch thread; what is in between is thread-safe.
 */
final class OpenDocument implements AutoCloseable {
  private final Path directory;
  private final boolean kept;
  private final WorkspaceStore store;
  private final WeftClient client;
  private final SharedText text;
  private final boolean hasRelay;

  private OpenDocument(
      Path directory,
      boolean kept,
      WorkspaceStore store,
      WeftClient client,
      SharedText text,
      boolean hasRelay) {
    this.directory = directory;
    this.kept = kept;
    this.store = store;
    this.client = client;
    this.text = text;
    this.hasRelay = hasRelay;
  }

  /**
   * Opens a document.
   *
   * @param relay the relay's address; null to stay on this device
   * @param directory where the store is, or is to be
   * @param kept whether the directory outlives the process
   * @throws dev.weft.store.StoreException if the store cannot be opened or read
   * @throws IllegalArgumentException if {@code relay} is not a relay's address
   */
  static OpenDocument open(DocumentId document, @Nullable URI relay, Path directory, boolean kept) {
    return open(document, relay, null, directory, kept);
  }

  /** As {@link #open(DocumentId, URI, Path, boolean)}, at a relay that asks for a token. */
  static OpenDocument open(
      DocumentId document,
      @Nullable URI relay,
      @Nullable TokenSource token,
      Path directory,
      boolean kept) {
    WorkspaceStore store = SqliteChangeStore.open(directory, new SecureRandom());
    return open(document, relay, token, directory, kept, store);
  }

  /** Opens a document in a store that is open already, and is closed with it. */
  static OpenDocument open(
      DocumentId document,
      @Nullable URI relay,
      @Nullable TokenSource token,
      Path directory,
      boolean kept,
      WorkspaceStore store) {
    WeftClient client = null;
    try {
      WeftClient.Builder builder =
          WeftClient.builder()
              .store(store)
              .listenerExecutor(SwingUtilities::invokeLater)
              .agent("weft-desktop");
      if (relay != null) {
        builder.relay(relay);
      }
      if (token != null) {
        builder.token(token);
      }
      client = builder.build();
      return new OpenDocument(directory, kept, store, client, client.open(document), relay != null);
    } catch (RuntimeException e) {
      if (client != null) {
        client.close();
      }
      store.close();
      throw e;
    }
  }

  SharedText text() {
    return text;
  }

  WeftClient client() {
    return client;
  }

  /** Returns whether there is a relay at all. */
  boolean hasRelay() {
    return hasRelay;
  }

  /** Returns whether the store outlives the process: in a demonstration it does not. */
  boolean isKept() {
    return kept;
  }

  /** Returns where the store is. */
  Path directory() {
    return directory;
  }

  /**
   * Flushes everything to the store and closes it.
   *
   * @throws dev.weft.store.StoreException if the store does not confirm; all is closed nevertheless
   */
  @Override
  public void close() {
    try (store) {
      client.close();
    }
  }
}
