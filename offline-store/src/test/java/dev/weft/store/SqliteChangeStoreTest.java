package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on SQLite, and what is particular to a directory with a database. */
class SqliteChangeStoreTest extends WorkspaceStoreContract<SqliteChangeStore> {
  @TempDir Path temp;

  /** A new seed for each opening: the ids must not come out the same by chance. */
  private long seed;

  @Override
  protected SqliteChangeStore open() {
    return SqliteChangeStore.open(temp.resolve("store"), new Random(seed++));
  }

  @Test
  void shouldMakeNewReplicaIdWhenRandomRepeatsItself() {
    Path directory = temp.resolve("repeating");
    try (SqliteChangeStore first = SqliteChangeStore.open(directory, new Random(1))) {
      first.replicaId(NOTES);
    }
    try (SqliteChangeStore second = SqliteChangeStore.open(directory, new Random(1))) {
      second.replicaId(NOTES);
      assertThat(second.ownReplicas(NOTES)).doesNotHaveDuplicates().hasSize(2);
    }
  }

  @Test
  void shouldOpenWhenPathHasCharactersThatUrlsAndPathsTreatSpecially() throws IOException {
    for (String name :
        List.of("what?cache=shared", "50% off #1", "a b;c&d=e", "\u00fcml\u00e4ut")) {
      Path directory = temp.resolve(name);
      Author ann = new Author(1);
      try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random())) {
        store.append(NOTES, ann.type("abc"), Durability.WRITTEN);
      }
      assertThat(directory.resolve("weft.db")).as(name).isNotEmptyFile();
      try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random())) {
        assertThat(store.version(NOTES)).isEqualTo(ann.version());
      }
    }
  }

  @Test
  void shouldLeaveOneFileWithAllWhenClosed() throws IOException {
    store.append(NOTES, new Author(1).type("abc"), Durability.WRITTEN);
    store.close();

    try (var files = Files.list(store.directory())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("weft.db", "weft.lock", "weft.seal");
    }
    assertThat(store.directory().resolve("weft.lock")).isEmptyFile();
  }

  @Test
  void shouldShareRowAmongConsecutiveChangesOfOneReplica() throws SQLException {
    Author ann = new Author(1);
    List<Change> burst = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      burst.addAll(ann.type("a"));
      burst.addAll(ann.delete(0, 1));
    }
    store.append(NOTES, burst, Durability.WRITTEN);
    assertThat(readAll(NOTES).version()).isEqualTo(ann.version());
    store.close();

    assertThat(queryLong("SELECT count(*) FROM change")).isOne();
  }

  @Test
  void shouldShareRowAmongNeighboursWhenCompacted() throws SQLException {
    Author ann = new Author(1);
    Author ben = new Author(2);
    for (int i = 0; i < 1_024; i++) {
      store.append(NOTES, ann.type("a"), Durability.WRITTEN);
      store.append(POEM, ben.type("b"), Durability.WRITTEN);
    }

    boolean more;
    do {
      more = store.compact();
    } while (more);
    store.close();

    // One for each document in each step of 512, and whoever typed last goes on with theirs.
    assertThat(queryLong("SELECT count(*) FROM change")).isLessThan(2 * 2_048 / 512);
    assertThat(queryLong("SELECT max(length(bytes)) FROM change")).isLessThan(1_100);
    assertThat(queryLong("PRAGMA freelist_count")).isZero();
  }

  @Test
  void shouldFillRowsWhenCompactedNowAndThen() throws SQLException {
    Author ann = new Author(1);
    for (int i = 0; i < 6_000; i++) {
      // At another place each time, so that it joins badly.
      store.append(NOTES, ann.typeAt(i * 7 % (ann.length() + 1), "a"), Durability.WRITTEN);
      if (i % 100 == 99) {
        store.compact();
      }
    }
    store.close();

    assertThat(queryLong("SELECT avg(length(bytes)) FROM change WHERE length(bytes) > 100"))
        .isGreaterThan(ChangeTable.MAX_SHARED_BYTES / 3);
    assertThat(queryLong("SELECT max(length(bytes)) FROM change"))
        .isLessThanOrEqualTo(ChangeTable.MAX_SHARED_BYTES);
    store = open();
    assertThat(readAll(NOTES).text()).isEqualTo(ann.text());
  }

  @Test
  void shouldNotTakeForDamageWhatIsBeingDiscarded() throws Exception {
    Author ann = new Author(1);
    store.append(NOTES, ann.type("kept"), Durability.WRITTEN);
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Integer> reading =
        CompletableFuture.supplyAsync(
            () -> {
              int reads = 0;
              while (!done.get()) {
                store.readSince(NOTES, NOTHING);
                reads++;
              }
              return reads;
            });
    for (int i = 0; i < 60; i++) {
      List<Change> refused = new Author(100 + i).type("refused");
      store.append(NOTES, refused, Durability.WRITTEN);
      DeadLetter letter = store.putDeadLetter(NOTES, "no", "", Instant.EPOCH, refused);
      assertThat(store.discardDeadLetter(NOTES, letter.number())).isEqualTo(7);
    }
    done.set(true);

    assertThat(reading.get(30, TimeUnit.SECONDS)).isPositive();
    assertThat(readAll(NOTES).text()).isEqualTo("kept");
  }

  @Test
  void shouldLeaveRowAloneWhenItIsNotAsWritten() throws SQLException {
    Author ann = new Author(1);
    for (int i = 0; i < 512; i++) {
      store.append(NOTES, ann.type("a"), Durability.WRITTEN);
    }
    store.close();
    execute("UPDATE change SET bytes = zeroblob(length(bytes)) WHERE start_sequence = 99");
    store = open();

    assertThat(store.compact()).isFalse();
    store.close();

    assertThat(queryLong("SELECT count(*) FROM change")).isEqualTo(3);
    assertThat(queryLong("SELECT start_sequence FROM change WHERE end_sequence = 100"))
        .isEqualTo(99);
  }

  @Test
  void shouldReturnNewReplicaIdWhenStoreWasCopied() throws IOException {
    ReplicaId replica = store.replicaId(NOTES);
    store.append(NOTES, new Author(replica).type("abc"), Durability.WRITTEN);
    assertThat(store.releaseReplicaId(NOTES, replica, 3)).isTrue();
    store.close();
    Path copy = Files.createDirectory(temp.resolve("copy"));
    try (var files = Files.list(store.directory())) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }

    try (SqliteChangeStore copied = SqliteChangeStore.open(copy, new Random(99))) {
      assertThat(copied.replicaId(NOTES)).isNotEqualTo(replica);
      assertThat(copied.outbox(NOTES)).extracting(Change::replica).containsExactly(replica);
    }
    store = open();
    assertThat(store.replicaId(NOTES)).as("the original goes on").isEqualTo(replica);
  }

  @Test
  void shouldReturnNewReplicaIdWhenBackupWasPutBackInPlace() throws IOException {
    ReplicaId replica = store.replicaId(NOTES);
    assertThat(store.releaseReplicaId(NOTES, replica, 0)).isTrue();
    store.close();
    Path file = store.directory().resolve("weft.db");
    Path seal = store.directory().resolve("weft.seal");
    byte[] backup = Files.readAllBytes(file);
    byte[] sealThen = Files.readAllBytes(seal);
    Object timeThen = Files.getLastModifiedTime(file);
    store = open();
    assertThat(store.replicaId(NOTES)).isEqualTo(replica);
    store.append(NOTES, new Author(replica).type("sent and lost"), Durability.WRITTEN);
    assertThat(store.releaseReplicaId(NOTES, replica, 13)).isTrue();
    store.close();

    Files.write(file, backup);
    Files.write(seal, sealThen);
    Files.setLastModifiedTime(file, (FileTime) timeThen);
    store = open();

    assertThat(store.version(NOTES)).isEqualTo(NOTHING);
    assertThat(store.replicaId(NOTES)).isNotEqualTo(replica);
  }

  @Test
  void shouldReturnNewReplicaIdWhenSealIsMissing() throws IOException {
    ReplicaId replica = store.replicaId(NOTES);
    assertThat(store.releaseReplicaId(NOTES, replica, 0)).isTrue();
    store.close();
    Files.delete(store.directory().resolve("weft.seal"));
    store = open();
    assertThat(store.replicaId(NOTES)).isNotEqualTo(replica);
  }

  @Test
  void shouldReadByIndexWhenLittleIsMissing() throws SQLException {
    store.close();

    assertThat(
            plan(
                "SELECT bytes FROM change WHERE document = 1 AND replica = 2 AND end_sequence > 3"
                    + " AND end_sequence <= 9 ORDER BY end_sequence"))
        .isEqualTo(
            "SEARCH change USING INDEX change_by_replica"
                + " (document=? AND replica=? AND end_sequence>? AND end_sequence<?)");
  }

  @Test
  void shouldSayWhatToDoWhenParentDirectoryIsMissing() {
    Path directory = temp.resolve("no/such");
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> SqliteChangeStore.open(directory, new Random()))
        .withMessage(
            "cannot open the store in "
                + directory
                + ": the directory "
                + temp.resolve("no")
                + " does not exist; create it first");
  }

  @Test
  void shouldSayWhatToDoWhenDirectoryIsFile() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> SqliteChangeStore.open(file, new Random()))
        .withMessageContaining(file + ": it is a file, not a directory");
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> SqliteChangeStore.open(file.resolve("store"), new Random()))
        .withMessageContaining("cannot open the store in " + file.resolve("store"));
  }

  @Test
  void shouldSayThatNothingIsKeptWhenDirectoryVanishes() throws IOException {
    Path directory = temp.resolve("vanishing");
    Author ann = new Author(1);
    try (SqliteChangeStore vanishing = SqliteChangeStore.open(directory, new Random())) {
      vanishing.append(NOTES, ann.type("kept "), Durability.FSYNCED);
      Path aside = Files.move(directory, temp.resolve("aside"));

      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> vanishing.append(NOTES, ann.type("more"), Durability.WRITTEN))
          .withMessageContaining("was deleted, moved or replaced while it was open");
      assertThat(vanishing.version(NOTES).next(ann.replica())).isEqualTo(5);

      Files.move(aside, directory);
      vanishing.append(NOTES, ann.ownSince(5), Durability.WRITTEN);
    }
    try (SqliteChangeStore again = SqliteChangeStore.open(directory, new Random())) {
      assertThat(again.version(NOTES)).isEqualTo(ann.version());
    }
  }

  @Test
  void shouldSayWhatToDoWhenDirectoryIsReadOnly() throws IOException {
    Path directory = Files.createDirectory(temp.resolve("read-only"));
    assertThat(directory.toFile().setWritable(false)).isTrue();
    try {
      assumeFalse(Files.isWritable(directory), "this user may write everywhere");
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> SqliteChangeStore.open(directory, new Random()))
          .withMessageContaining("cannot be written (permission denied); check its permissions");
    } finally {
      assertThat(directory.toFile().setWritable(true)).isTrue();
    }
  }

  @Test
  void shouldLeaveFileAsItIsWhenItIsNoDatabase() throws IOException {
    store.close();
    Path file = store.directory().resolve("weft.db");
    String content = "Dear diary, this is not a database, but it is longer than a header.";
    Files.writeString(file, content);

    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(() -> store = open())
        .withMessageContaining(file + ": it is not a database, or its beginning is damaged");
    assertThat(file).hasContent(content);
  }

  @Test
  void shouldLeaveDatabaseAsItIsWhenItIsAnotherPrograms() throws Exception {
    Path directory = Files.createDirectory(temp.resolve("other"));
    Path file = directory.resolve("weft.db");
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      statement.execute("CREATE TABLE recipe (name TEXT)");
    }

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> SqliteChangeStore.open(directory, new Random()))
        .withMessageContaining(file + ": it is a database of another program");
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      assertThat(statement.executeQuery("SELECT count(*) FROM sqlite_schema").getLong(1)).isOne();
    }
  }

  @Test
  void shouldRefuseWhenSchemaIsNewer() throws SQLException {
    store.append(NOTES, new Author(1).type("abc"), Durability.WRITTEN);
    store.close();
    execute("PRAGMA user_version = 77");

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> store = open())
        .withMessageContaining("newer version of Weft (schema 77, this one knows up to 3)");

    execute("PRAGMA user_version = 3");
    store = open();
    assertThat(readAll(NOTES).text()).isEqualTo("abc");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long queryLong(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      return statement.executeQuery(sql).getLong(1);
    }
  }

  private String plan(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      return statement.executeQuery("EXPLAIN QUERY PLAN " + sql).getString("detail");
    }
  }

  /** Another connection to the file of the store, which must be closed. */
  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + store.directory().resolve("weft.db"));
  }
}
