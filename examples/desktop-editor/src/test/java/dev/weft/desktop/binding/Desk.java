package dev.weft.desktop.binding;

import dev.weft.client.SharedText;
import dev.weft.client.WeftClient;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.swing.SwingUtilities;
import org.jspecify.annotations.Nullable;

/** A client with a real store in a directory of its own. */
public final class Desk implements AutoCloseable {
  private final Path directory;
  private final SqliteChangeStore store;
  private final WeftClient client;
  private int documents;

  /** Creates one that no other can reach. */
  public Desk() {
    this(null);
  }

  /** Creates one that is connected to a relay. */
  public Desk(@Nullable URI relay) {
    try {
      directory = Files.createTempDirectory("weft-desk");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    store = SqliteChangeStore.open(directory, new SecureRandom());
    WeftClient.Builder builder =
        WeftClient.builder().store(store).listenerExecutor(SwingUtilities::invokeLater);
    if (relay != null) {
      builder.relay(relay);
    }
    client = builder.build();
  }

  /** Opens a document that nobody has written yet. */
  public SharedText newText() {
    return open("text" + documents++);
  }

  public SharedText open(String document) {
    return client.open(new DocumentId(document));
  }

  public WeftClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    store.close();
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
