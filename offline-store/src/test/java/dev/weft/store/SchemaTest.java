package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {
  private static final DocumentId NOTES = new DocumentId("notes");

  @TempDir Path directory;

  @Test
  void shouldKeepContentWhenMigrated() throws SQLException {
    write();

    migrate(List.of("ALTER TABLE document ADD COLUMN title TEXT"));

    try (SqliteConnection connection = connect()) {
      assertThat(connection.queryLong("PRAGMA user_version")).isEqualTo(Schema.STEPS.size() + 1);
      assertThat(connection.queryLong("SELECT count(*) FROM change")).isOne();
      assertThat(connection.queryLong("SELECT count(*) FROM document WHERE title IS NULL")).isOne();
    }
  }

  /** A store is compared with them to the letter: laid out anew, all stores would be damaged. */
  @Test
  void shouldNotChangeReleasedSteps() {
    assertThat(Schema.STEPS.subList(0, 3).hashCode()).isEqualTo(390279942);
  }

  @Test
  void shouldOpenStoreOfFirstLayout() throws SQLException {
    Author ann = new Author(1);
    List<Change> changes = ann.type("abc");
    PendingSave asked = new PendingSave("save", ann.version(), 1);
    byte[] bytes = changes.get(0).toBytes();
    int crc = StoredRecord.checksum(NOTES, ann.replica(), 0, 3, bytes);
    try (SqliteConnection connection = connect()) {
      Path file = directory.resolve(SqliteChangeStore.FILE_NAME);
      Schema.migrate(connection, file, Schema.STEPS.subList(0, 1));
      connection.update(
          Durability.FSYNCED,
          "write as the first version did",
          sql -> {
            long row = DocumentTable.require(sql, NOTES);
            PreparedStatement insert =
                sql.prepare(
                    """
                    INSERT INTO change (document, replica, start_sequence, end_sequence, crc, bytes)
                    VALUES (?, 1, 0, 3, ?, ?)""");
            insert.setLong(1, row);
            insert.setInt(2, crc);
            insert.setBytes(3, bytes);
            insert.executeUpdate();
            insert =
                sql.prepare(
                    """
                    INSERT INTO pending_save (document, save_id, version, crc)
                    VALUES (?, 'save', ?, ?)""");
            byte[] version = ann.version().toBytes();
            insert.setLong(1, row);
            insert.setBytes(2, version);
            insert.setInt(3, StoredRecord.checksum(NOTES, "pending save save", version));
            insert.executeUpdate();
          });
    }

    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random())) {
      assertThat(store.readSince(NOTES, VersionVector.EMPTY)).isEqualTo(changes);
      assertThat(store.pendingSaves(NOTES)).containsExactly(asked);
      assertThat(store.deadLetters(NOTES)).isEmpty();
      assertThat(store.putDeadLetter(NOTES, "code", "", Instant.EPOCH, changes).number()).isOne();
      assertThat(store.compact()).isFalse();
    }
    assertThat(StoreCheck.run(directory).isSound()).isTrue();

    // A row that was written before there was a number of copies is known in a damaged file too.
    try (SqliteConnection connection = connect()) {
      connection.update(
          Durability.FSYNCED, "damage it", sql -> sql.execute("PRAGMA user_version = 99999"));
    }
    assertThat(StoreRepair.run(directory).unreadable()).isEmpty();
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random())) {
      assertThat(store.pendingSaves(NOTES)).containsExactly(asked);
    }
  }

  @Test
  void shouldDoNothingWhenUpToDate() throws SQLException {
    write();
    List<String> step = List.of("CREATE TABLE once (id INTEGER)");

    migrate(step);
    migrate(step);

    try (SqliteConnection connection = connect()) {
      assertThat(connection.queryLong("PRAGMA user_version")).isEqualTo(Schema.STEPS.size() + 1);
    }
  }

  @Test
  void shouldLeaveOldSchemaWhenStepFails() throws SQLException {
    write();

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(
            () -> migrate(List.of("ALTER TABLE document ADD COLUMN title TEXT", "nonsense")))
        .withMessageContaining("cannot bring the schema to version " + (Schema.STEPS.size() + 1))
        .withMessageContaining("nonsense");

    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random())) {
      assertThat(store.readSince(NOTES, VersionVector.EMPTY)).hasSize(1);
    }
    try (SqliteConnection connection = connect()) {
      assertThat(
              connection.queryLong(
                  "SELECT count(*) FROM pragma_table_info('document') WHERE name = 'title'"))
          .isZero();
    }
  }

  private void write() {
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random())) {
      store.append(NOTES, new Author(1).type("abc"), Durability.WRITTEN);
    }
  }

  private void migrate(List<String> step) throws SQLException {
    List<List<String>> steps = new ArrayList<>(Schema.STEPS);
    steps.add(step);
    try (SqliteConnection connection = connect()) {
      Schema.migrate(connection, directory.resolve(SqliteChangeStore.FILE_NAME), steps);
    }
  }

  private SqliteConnection connect() throws SQLException {
    return SqliteConnection.openWriter(directory.resolve(SqliteChangeStore.FILE_NAME));
  }
}
