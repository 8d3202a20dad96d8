package dev.weft.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Guarantee;
import dev.weft.store.Author;
import dev.weft.store.ChangeStoreContract;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.StoreDamagedException;
import dev.weft.store.StoreException;
import dev.weft.store.StoredDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract on PostgreSQL, and what is particular to several relays on one database. */
@ExtendWith(Servers.class)
class PostgresChangeStoreTest extends ChangeStoreContract<PostgresChangeStore> {
  private final PostgresServer server;
  private final String database;

  PostgresChangeStoreTest(PostgresServer server) {
    this.server = server;
    database = server.emptiedDatabase();
  }

  @Override
  protected PostgresChangeStore open() {
    return PostgresChangeStore.open(database);
  }

  /** What this store has read of the document before is less than what the snapshot has. */
  @Test
  void shouldLoadWhatAnotherRelayHasWrittenAndMadeASnapshotOf() {
    try (PostgresChangeStore one = PostgresChangeStore.open(database);
        PostgresChangeStore other = PostgresChangeStore.open(database)) {
      Author ann = new Author(1);
      one.append(NOTES, ann.type("abc"), Durability.WRITTEN);
      other.append(NOTES, ann.type("def"), Durability.WRITTEN);
      other.putSnapshot(NOTES, ann.version(), ann.snapshot());

      assertThat(StoredDocument.load(one, NOTES, new ReplicaId(7)).text().text())
          .isEqualTo("abcdef");
    }
  }

  @Test
  void shouldStoreOnceWhenTwoRelaysAppendOverlappingBatches() {
    try (PostgresChangeStore other = open()) {
      Author ann = new Author(1);
      List<Change> first = ann.type("abc");
      List<Change> second = ann.type("def");
      List<Change> third = ann.type("ghi");
      store.append(NOTES, concat(first, second), Durability.WRITTEN);

      other.append(NOTES, concat(first, second, third), Durability.WRITTEN);
      VersionVector version = store.append(NOTES, concat(second, third), Durability.FSYNCED);

      assertThat(version).isEqualTo(ann.version());
      assertThat(store.readSince(NOTES, NOTHING)).hasSize(3);
      assertThat(readAll(NOTES).text()).isEqualTo("abcdefghi");
    }
  }

  @Test
  void shouldSucceedForAllWhenRelaysAppendTheSameAtTheSameTime() throws Exception {
    int relays = 4;
    int rounds = 25;
    Author ann = new Author(1);
    Author ben = new Author(2);
    List<Change> history = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      List<Change> question = ann.type("?");
      ben.read(question);
      List<Change> answer = ben.type("!");
      ann.read(answer);
      history.addAll(concat(question, answer));
    }
    ExecutorService threads = Executors.newFixedThreadPool(relays);
    List<PostgresChangeStore> stores = new ArrayList<>();
    try {
      List<CompletableFuture<VersionVector>> appends = new ArrayList<>();
      for (int relay = 0; relay < relays; relay++) {
        PostgresChangeStore own = open();
        stores.add(own);
        int batch = 1 + relay;
        appends.add(
            CompletableFuture.supplyAsync(
                () -> {
                  VersionVector reached = NOTHING;
                  for (int from = 0; from < history.size(); from += batch) {
                    int to = Math.min(from + batch, history.size());
                    reached = own.append(NOTES, history.subList(from, to), Durability.WRITTEN);
                  }
                  return reached;
                },
                threads));
      }
      for (CompletableFuture<VersionVector> append : appends) {
        assertThat(append.get(60, TimeUnit.SECONDS)).isEqualTo(ann.version());
      }
    } finally {
      threads.shutdown();
      stores.forEach(PostgresChangeStore::close);
    }
    assertThat(store.readSince(NOTES, NOTHING)).hasSize(2 * rounds);
    assertThat(readAll(NOTES).text()).isEqualTo(ann.text());
  }

  @Test
  void shouldReadAndBuildOnWhatAnotherRelayAppended() {
    try (PostgresChangeStore other = open()) {
      Author ann = new Author(1);
      Author ben = new Author(2);
      store.append(NOTES, ann.type("abc"), Durability.WRITTEN);
      VersionVector seen = store.version(NOTES);
      List<Change> hers = ann.type("def");
      other.append(NOTES, hers, Durability.WRITTEN);

      assertThat(store.readSince(NOTES, seen)).isEqualTo(hers);
      assertThat(store.version(NOTES)).isEqualTo(ann.version());

      ben.read(other.readSince(NOTES, NOTHING));
      List<Change> his = ben.type("ghi");
      List<Change> more = ben.type("jkl");
      other.append(NOTES, his, Durability.WRITTEN);
      // This relay has not heard of what the change is built on.
      assertThat(store.append(NOTES, more, Durability.WRITTEN)).isEqualTo(ben.version());
    }
  }

  @Test
  void shouldRefuseGapWhenAnotherRelayHoldsWhatIsMissing() {
    try (PostgresChangeStore other = open()) {
      Author ann = new Author(1);
      store.append(NOTES, ann.type("abc"), Durability.WRITTEN);
      ann.type("missing");

      assertThatIllegalArgumentException()
          .isThrownBy(() -> other.append(NOTES, ann.type("def"), Durability.WRITTEN))
          .withMessageContaining("missing=0000000000000001@9");
      assertThat(other.readSince(NOTES, NOTHING)).hasSize(1);
    }
  }

  @Test
  void shouldNoticeWhenDatabaseHasLostItsLastRows() {
    Author ann = new Author(1);
    List<Change> first = ann.type("abc");
    List<Change> second = ann.type("def");
    store.append(NOTES, first, Durability.WRITTEN);
    store.append(NOTES, second, Durability.WRITTEN);
    // As after a failover to a standby that lagged behind.
    PostgresServer.executeAt(database, "DELETE FROM weft.change WHERE ordinal = 2");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.append(NOTES, ann.type("ghi"), Durability.FSYNCED));
    assertThat(store.version(NOTES)).isEqualTo(VersionVector.of(ann.replica(), 3));
    assertThat(store.append(NOTES, List.of(), Durability.FSYNCED))
        .isEqualTo(VersionVector.of(ann.replica(), 3));

    store.append(NOTES, ann.since(NOTHING), Durability.FSYNCED);
    assertThat(readAll(NOTES).text()).isEqualTo("abcdefghi");
  }

  @Test
  void shouldNoticeWhenDatabaseWentOnWithoutItsLastRows() {
    Author ann = new Author(1);
    Author ben = new Author(2);
    store.append(NOTES, ann.type("abc"), Durability.WRITTEN);
    List<Change> lost = ann.type("def");
    store.append(NOTES, lost, Durability.WRITTEN);
    PostgresServer.executeAt(database, "DELETE FROM weft.change WHERE ordinal = 2");
    try (PostgresChangeStore other = open()) {
      other.append(NOTES, ben.type("xyz"), Durability.WRITTEN);
    }

    VersionVector version = store.append(NOTES, List.of(), Durability.FSYNCED);

    assertThat(version.next(ann.replica())).isEqualTo(3);
    assertThat(version.next(ben.replica())).isEqualTo(3);
    assertThat(store.version(NOTES)).isEqualTo(version);
  }

  @Test
  void shouldReportDamageWhenRowIsNotTheOneWritten() {
    Author ann = new Author(1);
    store.append(NOTES, ann.type("abc"), Durability.WRITTEN);
    PostgresServer.executeAt(
        database, "UPDATE weft.change SET bytes = set_byte(bytes, 8, get_byte(bytes, 8) # 1)");

    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(() -> store.readSince(NOTES, NOTHING))
        .withMessageContaining("document notes")
        .withMessageContaining("0000000000000001 at sequence number 0 has a wrong checksum");
  }

  @Test
  void shouldReportDamageWhenRowBelongsToAnotherDocument() {
    store.append(NOTES, new Author(1).type("abc"), Durability.WRITTEN);
    PostgresServer.executeAt(database, "UPDATE weft.document SET name = 'poem'");

    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(() -> store.readSince(POEM, NOTHING));
  }

  @Test
  void shouldReportDamageWhenRowInTheMiddleIsMissing() {
    Author ann = new Author(1);
    for (String word : List.of("a", "b", "c")) {
      store.append(NOTES, ann.type(word), Durability.WRITTEN);
    }
    PostgresServer.executeAt(database, "DELETE FROM weft.change WHERE ordinal = 2");

    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(() -> store.readSince(NOTES, NOTHING))
        .withMessageContaining("at sequence number 1 is missing");
  }

  @Test
  void shouldReportDamageWhenSnapshotIsNotTheOneWritten() {
    Author ann = new Author(1);
    store.append(NOTES, ann.type("abc"), Durability.WRITTEN);
    store.putSnapshot(NOTES, ann.version(), ann.snapshot());
    PostgresServer.executeAt(
        database, "UPDATE weft.snapshot SET bytes = set_byte(bytes, 8, get_byte(bytes, 8) # 1)");

    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(() -> store.snapshot(NOTES))
        .withMessageContaining("delete it");
    assertThat(readAll(NOTES).text()).isEqualTo("abc");
  }

  @Test
  void shouldSpreadDocumentsOverPartitions() {
    for (int i = 0; i < 30; i++) {
      store.append(new DocumentId("note-" + i), new Author(1).type("x"), Durability.WRITTEN);
    }

    String partitions =
        PostgresServer.queryAt(database, "SELECT count(DISTINCT tableoid) FROM weft.change");
    assertThat(Integer.parseInt(partitions)).isGreaterThan(5);
  }

  @Test
  void shouldSayWhatToDoWhenAddressIsUnusable() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PostgresChangeStore.open("jdbc:sqlite:secret"))
        .withMessageContaining("jdbc:postgresql://HOST")
        .withMessageNotContaining("secret");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> PostgresChangeStore.open("jdbc:postgresql://host:notaport/db?password=secret"))
        .withMessageNotContaining("secret");
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(
            () ->
                // Nobody is given a port so low.
                PostgresChangeStore.open("jdbc:postgresql://127.0.0.1:1/weft?password=secret"))
        .withMessageContaining("/weft cannot be reached (")
        .withMessageNotContaining("secret");
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> PostgresChangeStore.open(server.url("nowhere")))
        .withMessageContaining("no such database")
        .withMessageContaining("create it first");
  }

  @Test
  void shouldRunWithFewRightsWhenSchemaIsThere() {
    String postgres = server.url("postgres");
    PostgresServer.executeAt(postgres, "DROP ROLE IF EXISTS plain");
    PostgresServer.executeAt(postgres, "CREATE ROLE plain LOGIN");
    String empty = server.newDatabase();
    String asPlain = "user=plain";
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> PostgresChangeStore.open(empty.replaceFirst("user=[a-z]+", asPlain)))
        .withMessageContaining("may not do that");
    PostgresServer.executeAt(
        database,
        "GRANT USAGE ON SCHEMA weft TO plain;"
            + "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA weft TO plain");

    try (PostgresChangeStore plain =
        PostgresChangeStore.open(database.replaceFirst("user=[a-z]+", asPlain))) {
      Author ann = new Author(1);
      plain.append(NOTES, ann.type("abc"), Durability.WRITTEN);
      plain.append(NOTES, List.of(), Durability.FSYNCED);
      plain.putSnapshot(NOTES, ann.version(), ann.snapshot());
      assertThat(plain.guarantee()).isEqualTo(Guarantee.FSYNCED);
    } finally {
      PostgresServer.executeAt(database, "DROP OWNED BY plain");
    }
  }

  @SafeVarargs
  private static List<Change> concat(List<Change>... lists) {
    List<Change> all = new ArrayList<>();
    for (List<Change> list : lists) {
      all.addAll(list);
    }
    return all;
  }
}
