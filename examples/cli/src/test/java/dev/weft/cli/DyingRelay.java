package dev.weft.cli;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import dev.weft.relay.RelayServer;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.ForwardingChangeStore;
import dev.weft.store.SqliteChangeStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

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
  private static final class DyingStore extends ForwardingChangeStore {
    DyingStore(ChangeStore store) {
      super(store);
    }

    @Override
    public VersionVector append(DocumentId document, List<Change> changes, Durability durability) {
      VersionVector version = super.append(document, changes, durability);
      if (durability == Durability.FSYNCED && !changes.isEmpty()) {
        Runtime.getRuntime().halt(EXIT_STATUS);
      }
      return version;
    }
  }
}
