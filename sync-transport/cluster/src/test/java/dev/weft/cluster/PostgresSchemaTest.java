package dev.weft.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.crdt.VersionVector;
import dev.weft.store.Author;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a database comes to its layout. */
@ExtendWith(Servers.class)
class PostgresSchemaTest {
  private static final DocumentId NOTES = new DocumentId("notes");

  private final PostgresServer server;

  PostgresSchemaTest(PostgresServer server) {
    this.server = server;
  }

  @Test
  void shouldMakeOneClusterWhenRelaysStartTogether() {
    String database = server.newDatabase();
    List<CompletableFuture<PostgresChangeStore>> opening = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      opening.add(CompletableFuture.supplyAsync(() -> PostgresChangeStore.open(database)));
    }
    List<PostgresChangeStore> stores = opening.stream().map(CompletableFuture::join).toList();

    assertThat(stores.stream().map(PostgresChangeStore::clusterName).distinct()).hasSize(1);
    assertThat(stores.get(0).clusterName()).hasSize(36);
    stores.forEach(PostgresChangeStore::close);
  }

  @Test
  void shouldKeepWhatIsThereWhenLayoutGetsNewer() {
    String database = server.newDatabase();
    Author ann = new Author(1);
    String name;
    try (PostgresChangeStore store = PostgresChangeStore.open(database)) {
      store.append(NOTES, ann.type("abc"), Durability.WRITTEN);
      name = store.clusterName();
    }
    List<List<String>> steps = new ArrayList<>(PostgresSchema.STEPS);
    steps.add(List.of("ALTER TABLE weft.document ADD COLUMN title text"));

    try (Database newer = Database.open(database, steps, System::nanoTime, new Random(1))) {
      assertThat(newer.clusterName()).isEqualTo(name);
    }

    assertThat(PostgresServer.queryAt(database, "SELECT count(title) FROM weft.document"))
        .isEqualTo("0");
    assertThat(PostgresServer.queryAt(database, "SELECT count(*) FROM weft.change")).isEqualTo("1");
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> PostgresChangeStore.open(database))
        .withMessageContaining("newer version of Weft (schema 2, this one knows up to 1)");
  }

  @Test
  void shouldLeaveDatabaseAsItWasWhenStepFails() {
    String database = server.newDatabase();
    List<List<String>> steps = new ArrayList<>(PostgresSchema.STEPS);
    steps.add(List.of("ALTER TABLE weft.nothing ADD COLUMN title text"));

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> Database.open(database, steps, System::nanoTime, new Random(1)))
        .withMessageContaining("\"weft.nothing\" does not exist");

    assertThat(PostgresServer.queryAt(database, "SELECT to_regclass('weft.cluster') IS NULL"))
        .isEqualTo("t");
    try (PostgresChangeStore store = PostgresChangeStore.open(database)) {
      assertThat(store.version(NOTES)).isEqualTo(VersionVector.EMPTY);
    }
  }
}
