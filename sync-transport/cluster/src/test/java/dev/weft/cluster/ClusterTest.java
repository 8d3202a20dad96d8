package dev.weft.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.Guarantee;
import dev.weft.client.SaveReceipt;
import dev.weft.client.SharedText;
import dev.weft.client.SyncStatus;
import dev.weft.client.WeftClient;
import dev.weft.crdt.VersionVector;
import dev.weft.relay.RelayServer;
import dev.weft.store.Author;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients of different relays write one text: through real sockets, a real PostgreSQL and a real
 * Redis, which go away and come back.
 */
@ExtendWith(Servers.class)
@Timeout(120)
class ClusterTest {
  private static final DocumentId NOTES = new DocumentId("notes");

  @TempDir Path directory;

  private final PostgresServer postgres;
  private final RedisServer redis;
  private final String database;
  private final Random random = new Random(5);

  /** Closed in the reverse order. */
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  private int clients;

  ClusterTest(PostgresServer postgres, RedisServer redis) {
    this.postgres = postgres;
    this.redis = redis;
    database = postgres.emptiedDatabase();
  }

  @AfterEach
  void closeAll() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
    postgres.reset("synchronous_standby_names");
  }

  @Test
  void shouldConvergeWhenClientsUseDifferentRelays() {
    RelayServer one = serve(withRedis());
    RelayServer two = serve(withRedis());
    List<SharedText> texts = List.of(join(one), join(one), join(two), join(two));

    for (int i = 0; i < 200; i++) {
      edit(texts, i);
    }

    awaitEqual(texts);
    SaveReceipt receipt = texts.get(0).save().join();
    assertThat(receipt.guarantee().level()).isEqualTo(Guarantee.Level.FSYNCED);
    assertStored(texts.get(3));
  }

  @Test
  void shouldShowKeystrokesToOtherRelaysBeforeTheyAreStored() {
    RelayServer one = serve(withRedis());
    RelayServer two = serve(withRedis());
    SharedText ann = join(one);
    SharedText ben = join(two);
    ann.insert(0, "both are here; ");
    awaitEqual(List.of(ann, ben));
    // What they have may have come from the store.
    redis.awaitSubscribers("*:" + NOTES, 2);
    postgres.stop();
    try {
      ann.insert(0, "and still ");
      awaitEqual(List.of(ann, ben));
    } finally {
      postgres.start();
    }
    ann.save().join();
    assertStored(ben);
  }

  @Test
  void shouldConvergeWhenRedisGoesAndComesBack() {
    RelayServer one = serve(withRedis());
    RelayServer two = serve(withRedis());
    List<SharedText> texts = List.of(join(one), join(two));
    for (int i = 0; i < 50; i++) {
      edit(texts, i);
    }
    redis.kill();
    try {
      for (int i = 50; i < 100; i++) {
        edit(texts, i);
      }
      awaitEqual(texts);
    } finally {
      redis.start();
    }
    for (int i = 100; i < 150; i++) {
      edit(texts, i);
    }

    awaitEqual(texts);
    texts.get(1).save().join();
    assertStored(texts.get(0));
  }

  @Test
  void shouldConvergeWhenThereIsNoRedis() {
    RelayServer one = serve(database);
    RelayServer two = serve(database);
    List<SharedText> texts = List.of(join(one), join(two));

    for (int i = 0; i < 50; i++) {
      edit(texts, i);
    }

    awaitEqual(texts);
  }

  @Test
  void shouldHaveOneEffectWhenPostgresCrashesBetweenSaveAndAcknowledgement() {
    RelayServer one = serve(withRedis());
    RelayServer two = serve(withRedis());
    SharedText ann = join(one);
    SharedText ben = join(two);
    ann.insert(0, "first");
    ann.save().join();
    // The commit is on disk, and waits for a standby that does not exist.
    postgres.set("synchronous_standby_names", "nobody");
    ann.insert(5, " second");
    CompletableFuture<SaveReceipt> save = ann.save();
    postgres.awaitCommitThatWaitsForStandby();
    assertThat(save).isNotDone();
    postgres.crash();
    postgres.start();
    assertThat(save).isNotDone();
    postgres.reset("synchronous_standby_names");

    SaveReceipt receipt = save.join();

    assertThat(receipt.version().includes(ann.version())).isTrue();
    awaitEqual(List.of(ann, ben));
    assertThat(ben.text()).isEqualTo("first second");
    assertStored(ann);
  }

  @Test
  void shouldAcknowledgeNothingWhilePostgresIsAway() throws Exception {
    RelayServer one = serve(withRedis());
    SharedText ann = join(one);
    SharedText ben = join(one);
    ann.insert(0, "safe");
    ann.save().join();
    CompletableFuture<SaveReceipt> save;
    postgres.stop();
    try {
      ann.insert(4, ", not safe");
      save = ann.save();
      // Keystrokes go on meanwhile.
      awaitEqual(List.of(ann, ben));
      Eventually.until(
          "the save is under way", () -> ann.status().saves() == SyncStatus.Saves.SAVING);
      assertThat(save).isNotDone();
    } finally {
      postgres.start();
    }

    assertThat(save.get(30, TimeUnit.SECONDS).version().includes(ann.version())).isTrue();
    assertStored(ben);
  }

  @Test
  void shouldStoreAgainWhatDatabaseHasLost() {
    RelayServer one = serve(withRedis());
    RelayServer two = serve(withRedis());
    SharedText ann = join(one);
    SharedText ben = join(two);
    for (String word : List.of("one ", "two ", "three ")) {
      ann.insert(ann.length(), word);
      ann.save().join();
    }
    awaitEqual(List.of(ann, ben));
    // As after a failover to a standby that lagged behind.
    PostgresServer.executeAt(database, "DELETE FROM weft.change WHERE ordinal > 1");

    // What is saved now builds on what is lost; at the other relay it does not.
    ann.insert(ann.length(), "four");
    ben.insert(0, "zero ");
    CompletableFuture<SaveReceipt> save = ann.save();
    ben.save().join();
    save.join();

    awaitEqual(List.of(ann, ben));
    ann.save().join();
    assertStored(ben);
    assertThat(ben.text()).isEqualTo("zero one two three four");
  }

  @Test
  void shouldSayThatSaveIsReplicatedWhenStandbyHasIt() {
    RelayServer one = serve(withRedis());
    SharedText ann = join(one);
    try (WalReceiver standby = WalReceiver.start(postgres)) {
      postgres.set("synchronous_standby_names", WalReceiver.NAME);
      standby.awaitSynchronous();
      ann.insert(0, "on two disks");

      Guarantee guarantee = ann.save().join().guarantee();

      assertThat(guarantee.level()).isEqualTo(Guarantee.Level.REPLICATED);
      assertThat(guarantee.copies()).isEqualTo(2);
      postgres.reset("synchronous_standby_names");
    }
  }

  @Test
  void shouldLoseNothingWhenClientMovesToAnotherRelay() {
    RelayServer one = serve(withRedis());
    RelayServer two = serve(withRedis());
    SharedText reader = join(two);
    SqliteChangeStore device = device();
    try (WeftClient first = connect(one, device)) {
      SharedText text = first.open(NOTES);
      text.insert(0, "written at one relay");
    }
    one.drain(Duration.ofSeconds(5));

    SharedText text = use(connect(two, device)).open(NOTES);
    text.insert(text.length(), ", saved at another");
    text.save().join();

    awaitEqual(List.of(text, reader));
    assertThat(reader.text()).isEqualTo("written at one relay, saved at another");
  }

  private String withRedis() {
    return database + "," + redis.url();
  }

  private RelayServer serve(String address) {
    Cluster cluster = use(Cluster.join(ClusterAddress.parse(address)));
    RelayServer relay =
        use(
            RelayServer.builder()
                .store(cluster.store())
                .fanOut(cluster.fanOut())
                .guarantee(cluster::guarantee)
                .build());
    relay.start();
    return relay;
  }

  private SharedText join(RelayServer relay) {
    SharedText text = use(connect(relay, device())).open(NOTES);
    text.caughtUp().join();
    return text;
  }

  private SqliteChangeStore device() {
    return use(SqliteChangeStore.open(directory.resolve("client" + clients++), random));
  }

  private WeftClient connect(RelayServer relay, SqliteChangeStore device) {
    return WeftClient.builder()
        .relay(relay.uri())
        .store(device)
        .closeWithin(Duration.ofSeconds(30))
        .random(new Random(clients))
        .backoff(Duration.ofMillis(20), Duration.ofMillis(500))
        .build();
  }

  private <T extends AutoCloseable> T use(T resource) {
    open.push(resource);
    return resource;
  }

  private void edit(List<SharedText> texts, int i) {
    SharedText text = texts.get(random.nextInt(texts.size()));
    text.transact(
        document -> {
          int length = document.length();
          if (length > 10 && random.nextInt(4) == 0) {
            int start = random.nextInt(length - 5);
            document.delete(start, start + 5);
          } else {
            document.insert(random.nextInt(length + 1), "w" + i + " ");
          }
        });
  }

  /** Waits until everybody has what anybody has written before. */
  private static void awaitEqual(List<SharedText> texts) {
    VersionVector all =
        texts.stream().map(SharedText::version).reduce(VersionVector.EMPTY, VersionVector::merge);
    Eventually.until(
        "everybody has all", () -> texts.stream().allMatch(text -> text.version().equals(all)));
    assertThat(texts.stream().map(SharedText::text).distinct()).hasSize(1);
  }

  /** Checks that the database has what the text has, once. */
  private void assertStored(SharedText text) {
    try (PostgresChangeStore store = PostgresChangeStore.open(database)) {
      Author reader = new Author(0x7ead);
      reader.read(store.readSince(NOTES, VersionVector.EMPTY));
      assertThat(reader.version()).isEqualTo(text.version());
      assertThat(reader.text()).isEqualTo(text.text());
      long events = text.version().eventsSince(VersionVector.EMPTY);
      assertThat(
              PostgresServer.queryAt(
                  database, "SELECT sum(end_sequence - start_sequence) FROM weft.change"))
          .isEqualTo(Long.toString(events));
    }
  }
}
