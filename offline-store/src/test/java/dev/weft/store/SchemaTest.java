package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.crdt.VersionVector;
import java.nio.file.Path;
import java.sql.SQLException;
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
