package dev.weft.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Guarantee;
import dev.weft.store.Author;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a save is worth, and what becomes of it while the database is stopped, crashes, or waits for
 * standbys.
 */
@ExtendWith(Servers.class)
@Timeout(60)
class PostgresOutageTest {
  /** Within which twenty who read are told that the database is away. */
  private static final Duration SOON = Duration.ofSeconds(10);

  private static final DocumentId NOTES = new DocumentId("notes");
  private static final VersionVector NOTHING = VersionVector.EMPTY;

  private final PostgresServer server;
  private final String database;
  private final Author ann = new Author(1);
  private PostgresChangeStore store;

  PostgresOutageTest(PostgresServer server) {
    this.server = server;
    database = server.emptiedDatabase();
  }

  @BeforeEach
  void openStore() {
    store = PostgresChangeStore.open(database);
  }

  @AfterEach
  void closeStore() {
    store.close();
    server.reset("synchronous_standby_names");
    server.reset("fsync");
  }

  private Duration readInVain() {
    long began = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> store.readSince(NOTES, NOTHING));
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Test
  void shouldSayWhyAtOnceWhileDatabaseIsAwayAndGoOnWhenItIsBack() {
    store.append(NOTES, ann.type("abc"), Durability.FSYNCED);
    List<Change> later = ann.type("def");
    server.stop();
    try {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> store.append(NOTES, later, Durability.WRITTEN))
          .withMessageStartingWith("cannot append to document notes: PostgreSQL at 127.0.0.1:")
          .withMessageContaining("cannot be reached");
      // One or two of them try, for two seconds each; the others do not. Where the machine stands
      // still more of them do, and not so every time.
      Duration took = readInVain();
      for (int again = 0; again < 2 && took.compareTo(SOON) >= 0; again++) {
        took = readInVain();
      }
      assertThat(took).isLessThan(SOON);
      // So that a relay can go on taking keystrokes in.
      assertThat(store.version(NOTES)).isEqualTo(VersionVector.of(ann.replica(), 3));
    } finally {
      server.start();
    }

    Eventually.until(
        "the store goes on",
        () -> {
          try {
            store.append(NOTES, later, Durability.FSYNCED);
            return true;
          } catch (StoreException e) {
            return false;
          }
        });
    assertThat(text()).isEqualTo("abcdef");
  }

  @Test
  void shouldHoldWhatItHasConfirmedWhenServerCrashes() {
    for (int i = 0; i < 20; i++) {
      store.append(NOTES, ann.type("" + i), i % 7 == 0 ? Durability.FSYNCED : Durability.WRITTEN);
    }
    server.crash();
    server.start();

    try (PostgresChangeStore reopened = PostgresChangeStore.open(database)) {
      assertThat(reopened.version(NOTES)).isEqualTo(ann.version());
    }
  }

  @Test
  void shouldHaveOneEffectWhenServerCrashesBetweenCommitAndAnswer() throws Exception {
    List<Change> changes = ann.type("abc");
    // The commit is on disk and waits for a standby that does not exist.
    server.set("synchronous_standby_names", "nobody");
    CompletableFuture<VersionVector> save = saveInBackground(changes);
    server.awaitCommitThatWaitsForStandby();
    server.crash();
    server.start();

    ExecutionException failure = catchThrowableOfType(ExecutionException.class, save::get);
    assertThat(failure).hasCauseInstanceOf(StoreException.class);
    server.reset("synchronous_standby_names");
    try (PostgresChangeStore other = PostgresChangeStore.open(database)) {
      assertThat(other.version(NOTES)).isEqualTo(ann.version());
    }
    Eventually.until("the save is repeated", () -> isAppended(changes));
    assertThat(text()).isEqualTo("abc");
    assertThat(store.readSince(NOTES, NOTHING)).hasSize(1);
  }

  @Test
  void shouldNotConfirmWhenSomeoneEndsTheWaitForStandbys() throws Exception {
    List<Change> changes = ann.type("abc");
    server.set("synchronous_standby_names", "nobody");
    CompletableFuture<VersionVector> save = saveInBackground(changes);
    server.awaitCommitThatWaitsForStandby();

    PostgresServer.executeAt(
        server.url("postgres"),
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");

    ExecutionException failure = catchThrowableOfType(ExecutionException.class, save::get);
    assertThat(failure)
        .hasCauseInstanceOf(StoreException.class)
        .hasMessageContaining("not certain");
    // It is there to read, but a repeated save waits again, for what it is built on too.
    assertThat(text()).isEqualTo("abc");
    CompletableFuture<VersionVector> again = saveInBackground(changes);
    server.awaitCommitThatWaitsForStandby();
    assertThat(again).isNotDone();
    server.reset("synchronous_standby_names");
    assertThat(again.get(20, TimeUnit.SECONDS)).isEqualTo(ann.version());
    assertThat(store.guarantee()).isEqualTo(Guarantee.FSYNCED);
  }

  @Test
  void shouldReportReplicationWhenStandbyConfirms() {
    store.append(NOTES, ann.type("abc"), Durability.FSYNCED);
    assertThat(store.guarantee()).isEqualTo(Guarantee.FSYNCED);

    try (WalReceiver standby = WalReceiver.start(server)) {
      server.set("synchronous_standby_names", WalReceiver.NAME);
      standby.awaitSynchronous();
      store.append(NOTES, ann.type("def"), Durability.FSYNCED);
      assertThat(store.guarantee()).isEqualTo(new Guarantee(Guarantee.Level.REPLICATED, 2));
      store.append(NOTES, List.of(), Durability.FSYNCED);
      assertThat(store.guarantee()).isEqualTo(new Guarantee(Guarantee.Level.REPLICATED, 2));
      server.reset("synchronous_standby_names");
    }
    Eventually.until(
        "it is told that there are no standbys any more",
        () -> {
          store.append(NOTES, List.of(), Durability.FSYNCED);
          return store.guarantee().equals(Guarantee.FSYNCED);
        });
  }

  @Test
  void shouldRefuseToConfirmWhenServerDoesNotWaitForItsDisk() {
    server.set("fsync", "off");
    Eventually.until("the setting holds", () -> server.get("fsync").equals("off"));

    List<Change> changes = ann.type("abc");
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(
            () -> {
              // A connection takes a changed setting up when it is next used.
              store.append(NOTES, List.of(), Durability.WRITTEN);
              store.append(NOTES, changes, Durability.FSYNCED);
            })
        .withMessageContaining("set fsync = on");
    assertThat(store.readSince(NOTES, NOTHING)).isEmpty();
  }

  private CompletableFuture<VersionVector> saveInBackground(List<Change> changes) {
    return CompletableFuture.supplyAsync(() -> store.append(NOTES, changes, Durability.FSYNCED));
  }

  private boolean isAppended(List<Change> changes) {
    try {
      store.append(NOTES, changes, Durability.FSYNCED);
      return true;
    } catch (StoreException e) {
      return false;
    }
  }

  private String text() {
    Author reader = new Author(99);
    // Connections for reading come back by themselves too, maybe a little later.
    Eventually.until(
        "the store can be read",
        () -> {
          try {
            reader.read(store.readSince(NOTES, NOTHING));
            return true;
          } catch (StoreException e) {
            return false;
          }
        });
    return reader.text();
  }
}
