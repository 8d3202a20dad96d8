package dev.weft.cli;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import dev.weft.relay.RelayServer;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.StoredSnapshot;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * A relay whose process dies, as by {@code kill -9}, when its disk has confirmed the first changes:
 * they are committed, and nobody has heard of it.
 */
final class DyingRelay {
  static final int EXIT_STATUS = 137;

  private DyingRelay() {}

  /** Runs the relay on a free port, with a store in the directory that is the first argument. */
  public static void main(String[] arguments) throws Exception {
    ChangeStore store =
        new DyingStore(SqliteChangeStore.open(Path.of(arguments[0]), new SecureRandom()));
    RelayServer relay = RelayServer.builder().store(store).build();
    relay.start();
    System.out.println("listening on " + relay.uri());
    Thread.currentThread().join();
  }

  /** Passes everything on, and dies after the first commit of changes. */
  private record DyingStore(ChangeStore store) implements ChangeStore {
    @Override
    public VersionVector append(DocumentId document, List<Change> changes, Durability durability) {
      VersionVector version = store.append(document, changes, durability);
      if (durability == Durability.FSYNCED && !changes.isEmpty()) {
        Runtime.getRuntime().halt(EXIT_STATUS);
      }
      return version;
    }

    @Override
    public List<DocumentId> documents() {
      return store.documents();
    }

    @Override
    public VersionVector version(DocumentId document) {
      return store.version(document);
    }

    @Override
    public List<Change> readSince(DocumentId document, VersionVector seen) {
      return store.readSince(document, seen);
    }

    @Override
    public Optional<StoredSnapshot> snapshot(DocumentId document) {
      return store.snapshot(document);
    }

    @Override
    public void putSnapshot(DocumentId document, VersionVector version, byte[] snapshot) {
      store.putSnapshot(document, version, snapshot);
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
