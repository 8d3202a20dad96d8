package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a check says of a store, and that it changes nothing. */
class StoreCheckTest {
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final DocumentId POEM = new DocumentId("poem");

  @TempDir Path directory;

  private final Author ann = new Author(0xa11);

  /** Two rows of one author and one of another who builds on them. */
  @BeforeEach
  void write() {
    try (SqliteChangeStore store = open()) {
      store.append(NOTES, ann.type("first"), Durability.WRITTEN);
      store.append(NOTES, ann.type("second"), Durability.WRITTEN);
      Author ben = new Author(0xbe7);
      ben.read(ann.since(VersionVector.EMPTY));
      store.append(NOTES, ben.type("third"), Durability.WRITTEN);
      store.append(POEM, new Author(1).type("rose"), Durability.WRITTEN);
      store.putSnapshot(NOTES, ann.version(), ann.snapshot());
      store.putPendingSave(NOTES, new PendingSave("save", ann.version()));
      store.advanceRelayDurable(NOTES, ann.version());
      DeadLetter unused = store.putDeadLetter(NOTES, "no", "no", Instant.EPOCH, ann.ownSince(5));
    }
  }

  @Test
  void shouldTellWhatStoreHasWhenItIsSound() throws IOException {
    Map<String, byte[]> before = StoreFixture.filesOf(directory);
    Object sealed = Files.getLastModifiedTime(directory.resolve("weft.seal"));

    StoreReport report = StoreCheck.run(directory);

    assertThat(report.problems()).isEmpty();
    assertThat(report.isSound()).isTrue();
    assertThat(report.documents())
        .satisfiesExactly(
            notes -> {
              assertThat(notes.document()).isEqualTo(NOTES);
              assertThat(notes.events()).isEqualTo(16);
              assertThat(notes.replicas()).isEqualTo(2);
              assertThat(notes.bytes()).isBetween(50L, 200L);
            },
            poem -> assertThat(poem.events()).isEqualTo(4));
    assertThat(StoreFixture.filesOf(directory)).containsExactlyInAnyOrderEntriesOf(before);
    assertThat(Files.getLastModifiedTime(directory.resolve("weft.seal"))).isEqualTo(sealed);
  }

  @Test
  void shouldTellNothingOfADocumentThatWasOnlyOpened() {
    DocumentId opened = new DocumentId("opened");
    DocumentId written = new DocumentId("written");
    try (SqliteChangeStore store = open()) {
      ReplicaId replica = store.replicaId(opened);
      assertThat(store.releaseReplicaId(opened, replica, 0)).isTrue();
      store.putPendingSave(written, new PendingSave("save", VersionVector.EMPTY));
    }

    StoreReport report = StoreCheck.run(directory);

    assertThat(report.problems()).isEmpty();
    assertThat(report.documents())
        .extracting(StoreReport.Document::document)
        .containsExactly(NOTES, POEM, written);
  }

  @Test
  void shouldReadLogOfStoreThatDiedAndLeaveItThere() throws IOException {
    Path copy = Files.createDirectory(directory.resolve("copy"));
    try (SqliteChangeStore store = open()) {
      store.append(NOTES, ann.type("last"), Durability.WRITTEN);
      StoreFixture.copy(directory.resolve("weft.db"), copy.resolve("weft.db"));
      StoreFixture.copy(directory.resolve("weft.db-wal"), copy.resolve("weft.db-wal"));
    }
    Map<String, byte[]> before = StoreFixture.filesOf(copy);

    StoreReport report = StoreCheck.run(copy);

    assertThat(report.problems()).isEmpty();
    assertThat(report.documents().get(0).events()).isEqualTo(20);
    assertThat(StoreFixture.filesOf(copy)).containsExactlyInAnyOrderEntriesOf(before);
  }

  @Test
  void shouldLeaveNothingInABackup() throws IOException {
    Path backup = Files.createDirectory(directory.resolve("backup"));
    StoreFixture.copy(directory.resolve("weft.db"), backup.resolve("weft.db"));

    assertThat(StoreCheck.run(backup).isSound()).isTrue();

    try (Stream<Path> files = Files.list(backup)) {
      assertThat(files).containsExactly(backup.resolve("weft.db"));
    }
  }

  /** A store without a lock is not kept from another process: what was seen then says nothing. */
  @Test
  void shouldLookAgainWhenAStoreWasOpenedMeanwhile() throws IOException {
    Path lock = directory.resolve("weft.lock");
    Files.delete(lock);
    List<String> looks = new ArrayList<>();

    StoreReport report =
        StoreCheck.run(
            directory,
            place -> {
              looks.add(Files.exists(lock) ? "owned" : "free");
              if (looks.size() == 1) {
                Files.createFile(lock);
                throw new IOException("half of it");
              }
              return StoreCheck.examine(place);
            });

    assertThat(report.isSound()).isTrue();
    assertThat(looks).containsExactly("free", "owned");
  }

  @Test
  void shouldNotLetThisProcessOpenAStoreThatIsChecked() throws IOException {
    Files.delete(directory.resolve("weft.lock"));

    StoreReport report =
        StoreCheck.run(
            directory,
            place -> {
              assertThatExceptionOfType(StoreLockedException.class).isThrownBy(this::open);
              return StoreCheck.examine(place);
            });

    assertThat(report.isSound()).isTrue();
    open().close();
  }

  @Test
  void shouldRefuseWhenStoreIsOpen() {
    try (SqliteChangeStore store = open()) {
      assertThatExceptionOfType(StoreLockedException.class)
          .isThrownBy(() -> StoreCheck.run(directory))
          .withMessageContaining(store.directory().toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          UPDATE change SET crc = crc + 1 WHERE start_sequence = 5|\
          document notes: the change of replica 0000000000000a11 at 5 has a wrong checksum
          DELETE FROM change WHERE end_sequence = 5 AND replica = 0xa11|\
          document notes: the changes 0000000000000a11[0, 5) are missing
          UPDATE change SET start_sequence = 3 WHERE start_sequence = 5|\
          document notes: the changes 0000000000000a11[3, 11) are there twice
          UPDATE change SET start_sequence = 99 WHERE start_sequence = 5|\
          document notes: the change of replica 0000000000000a11 at 99 has an impossible end, 11
          UPDATE change SET arrival = -arrival|\
          document notes: the log makes no document: changes must be appended in causal order
          UPDATE change SET document = 9 WHERE document = 2|\
          of table change 1 rows are of no document that is known
          UPDATE document SET name = 'a/b' WHERE id = 2|\
          document row 2 has no valid name: a document id consists of
          UPDATE document SET relay_durable_crc = 1 WHERE id = 1|\
          document notes: the stored relay watermark is damaged
          UPDATE snapshot SET bytes_crc = bytes_crc + 1|\
          document notes: the stored snapshot is damaged
          UPDATE pending_save SET save_id = 'other'|\
          document notes: the stored pending save other is damaged
          UPDATE dead_letter SET reason = 'other'|\
          document notes: dead letter 1 is not what was written
          DROP INDEX change_by_replica; DROP TABLE identity|\
          table identity cannot be read
          PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'held', 'he1d')|\
          the layout of the database is damaged: cannot open the store
          PRAGMA application_id = 0x57454655|\
          the beginning of the database is damaged
          """)
  void shouldNameWhatIsNotAsWritten(String damage, String problem) throws SQLException {
    try (SqliteConnection connection = SqliteConnection.openWriter(directory.resolve("weft.db"))) {
      for (String statement : damage.split(";", -1)) {
        connection.execute(statement);
      }
    }

    StoreReport report = StoreCheck.run(directory);

    assertThat(report.isSound()).isFalse();
    assertThat(report.problems()).anySatisfy(said -> assertThat(said).startsWith(problem.trim()));
  }

  @Test
  void shouldNoticeThatHeaderForbidsToWrite() throws IOException {
    Path file = directory.resolve("weft.db");
    byte[] content = Files.readAllBytes(file);
    // The version that a writer must know: see "Database File Format" of SQLite.
    content[18] = 77;
    Files.write(file, content);

    assertThat(StoreCheck.run(directory).problems())
        .containsExactly("the database cannot be written (SQLITE_READONLY)");
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(this::open)
        .withMessageContaining("if they are right, the file is damaged: run `weft store check ");
  }

  @Test
  void shouldSayThatSnapshotIsOfAnotherHistory() {
    Author other = new Author(0xa11);
    other.type("FIRSTsecond");
    try (SqliteChangeStore store = open()) {
      store.append(NOTES, ann.type("!"), Durability.WRITTEN);
      other.type("!");
      store.putSnapshot(NOTES, other.version(), other.snapshot());
    }

    assertThat(StoreCheck.run(directory).problems())
        .singleElement()
        .asString()
        .startsWith("document notes: the snapshot has another text than the log makes of version");
  }

  @Test
  void shouldSayWhatIsNoStore() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> StoreCheck.run(empty))
        .withMessageStartingWith("there is no store in ");
    Files.createFile(empty.resolve("weft.db"));
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> StoreCheck.run(empty))
        .withMessageEndingWith("weft.db is empty");
  }

  private SqliteChangeStore open() {
    return SqliteChangeStore.open(directory, new Random(1));
  }
}
