package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store says when its file is not what was written. */
class SqliteDamageTest {
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final DocumentId POEM = new DocumentId("poem");

  @TempDir Path directory;

  private final Author ann = new Author(0xa11);
  private final Author ben = new Author(0xbe7);

  /** Three rows of one author and one of another in the one document, one in the other. */
  @BeforeEach
  void write() {
    try (SqliteChangeStore store = open()) {
      store.append(NOTES, ann.type("first"), Durability.WRITTEN);
      store.append(NOTES, ann.type("second"), Durability.WRITTEN);
      store.append(NOTES, ben.type("other"), Durability.WRITTEN);
      store.append(NOTES, ann.type("third"), Durability.WRITTEN);
      store.append(POEM, new Author(1).type("rose"), Durability.WRITTEN);
      store.putSnapshot(NOTES, ann.version(), ann.snapshot());
      store.putPendingSave(NOTES, new PendingSave("save", ann.version()));
      store.advanceRelayDurable(NOTES, ann.version());
    }
  }

  @Test
  void shouldNameChangeWhenByteInFileIsFlipped() throws Exception {
    byte[] row = bytesOf("SELECT bytes FROM change WHERE start_sequence = 5");
    Path file = directory.resolve("weft.db");
    byte[] content = Files.readAllBytes(file);
    int at = indexOf(content, row);
    content[at + row.length / 2] ^= 0x10;
    Files.write(file, content);

    assertDamageIsNamed("at sequence number 5 has a wrong checksum");
    assertThat(Files.readAllBytes(file)[at + row.length / 2])
        .isEqualTo(content[at + row.length / 2]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE change SET bytes = zeroblob(length(bytes)) WHERE start_sequence = 5",
        "UPDATE change SET bytes = x'' WHERE start_sequence = 5",
        "UPDATE change SET crc = crc + 1 WHERE start_sequence = 5",
      })
  void shouldNameChangeWhenRowIsNotAsWritten(String damage) throws Exception {
    execute(damage);

    assertDamageIsNamed("at sequence number 5 has a wrong checksum");
  }

  @Test
  void shouldNameChangeWhenRowIsMissing() throws Exception {
    execute("DELETE FROM change WHERE start_sequence = 5");

    assertDamageIsNamed("at sequence number 5 is missing");
  }

  @Test
  void shouldNameChangeWhenRowsRangeIsImpossible() throws Exception {
    execute("UPDATE change SET start_sequence = -1 WHERE start_sequence = 5");

    assertDamageIsNamed("at sequence number 10 has an impossible start, -1");
  }

  @Test
  void shouldNoticeWhenRowWasMovedToAnotherDocument() throws Exception {
    execute("UPDATE change SET document = 3 - document WHERE start_sequence = 0");

    try (SqliteChangeStore store = open()) {
      assertThatExceptionOfType(StoreDamagedException.class)
          .isThrownBy(() -> store.readSince(POEM, VersionVector.EMPTY))
          .withMessageContaining("in document poem the change of replica");
    }
  }

  @Test
  void shouldNameRecordWhenItIsNotAsWritten() throws Exception {
    execute("UPDATE document SET relay_durable = zeroblob(length(relay_durable))");
    execute("UPDATE pending_save SET save_id = 'other'");
    execute("UPDATE snapshot SET bytes = zeroblob(length(bytes))");

    try (SqliteChangeStore store = open()) {
      assertThatExceptionOfType(StoreDamagedException.class)
          .isThrownBy(() -> store.relayDurable(NOTES))
          .withMessageContaining("document notes: the stored relay watermark is damaged");
      assertThatExceptionOfType(StoreDamagedException.class)
          .isThrownBy(() -> store.pendingSaves(NOTES))
          .withMessageContaining("document notes: the stored pending save other is damaged");
      assertThatExceptionOfType(StoreDamagedException.class)
          .isThrownBy(() -> store.snapshot(NOTES))
          .withMessageContaining("document notes: the stored snapshot is damaged");
      assertThat(store.readSince(NOTES, VersionVector.EMPTY)).hasSizeGreaterThan(1);
    }
  }

  @Test
  void shouldSayWhatToDoWhenPagesOfDatabaseAreDestroyed() throws Exception {
    Path file = directory.resolve("weft.db");
    byte[] content = Files.readAllBytes(file);
    new Random(7).nextBytes(content);
    byte[] header = new byte[100];
    try (var in = Files.newInputStream(file)) {
      assertThat(in.read(header)).isEqualTo(header.length);
    }
    System.arraycopy(header, 0, content, 0, header.length);
    Files.write(file, content);

    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(this::open)
        .withMessageContaining(file + ": the database is damaged")
        .withMessageContaining("was left as it is; run `weft store check ");
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
  }

  /** What a flipped bit of a row's head does: SQLite takes the value for nothing. */
  @Test
  void shouldNameChangeWhenItsBytesAreMissing() throws Exception {
    replaceLayout("bytes BLOB NOT NULL", "bytes BLOB         ");
    execute("UPDATE change SET bytes = NULL WHERE start_sequence = 5");
    replaceLayout("bytes BLOB         ", "bytes BLOB NOT NULL");

    assertDamageIsNamed("at sequence number 5 has a wrong checksum");
  }

  @Test
  void shouldNameChangeWhenItsEndIsImpossible() throws Exception {
    execute("UPDATE change SET end_sequence = -92 WHERE document = 2");

    try (SqliteChangeStore store = open()) {
      assertThatExceptionOfType(StoreDamagedException.class)
          .isThrownBy(() -> store.version(POEM))
          .withMessageContaining("in document poem the change of replica 0000000000000001")
          .withMessageContaining("at sequence number -92 is impossible");
    }
  }

  /** A row that the index names no more is missing without a word; but the snapshot has it. */
  @Test
  void shouldNotLoadDocumentWhoseLogLacksWhatItsSnapshotHas() throws Exception {
    execute("DELETE FROM change WHERE replica = 0xa11 AND start_sequence = 11");

    try (SqliteChangeStore store = open()) {
      assertThatExceptionOfType(StoreDamagedException.class)
          .isThrownBy(() -> StoredDocument.load(store, NOTES, ann.replica()))
          .withMessageContaining("its log lacks changes that its snapshot has")
          .withMessageContaining("check the store");
    }
  }

  private void replaceLayout(String was, String is) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA writable_schema = ON");
      statement.executeUpdate(
          "UPDATE sqlite_schema SET sql = replace(sql, '" + was + "', '" + is + "')");
    }
  }

  /** One bit of a name or a condition there changes what statements do. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE sqlite_schema SET sql = replace(sql, 'copies', 'kopies')",
        "UPDATE sqlite_schema SET sql = replace(sql, '''held''', '''helf''')",
        "UPDATE sqlite_schema SET sql = replace(sql, '<>', '<=') WHERE name = 'identity_in_use'",
      })
  void shouldNotOpenWhenLayoutIsNotAsWritten(String damage) throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA writable_schema = ON");
      assertThat(statement.executeUpdate(damage)).isPositive();
    }

    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(this::open)
        .withMessageContaining("run `weft store check ");
  }

  @Test
  void shouldSayThatStoreIsDamagedWhenItHasLostItsApplicationId() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA application_id = 0x57454655");
    }

    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(this::open)
        .withMessageContaining("it has lost its application id")
        .withMessageContaining("run `weft store check ");
  }

  /** The damaged change is named, and everything that does not need it can be read. */
  private void assertDamageIsNamed(String what) {
    try (SqliteChangeStore store = open()) {
      assertThatExceptionOfType(StoreDamagedException.class)
          .isThrownBy(() -> store.readSince(NOTES, VersionVector.EMPTY))
          .withMessageContaining("the store " + directory.resolve("weft.db"))
          .withMessageContaining("in document notes the change of replica 0000000000000a11 " + what)
          .withMessageContaining("left as it is. Run `weft store check ");

      List<Change> later =
          store.readSince(NOTES, VersionVector.of(ann.replica(), "firstsecond".length()));
      assertThat(later).extracting(Change::replica).containsExactly(ben.replica(), ann.replica());
      assertThat(store.readSince(POEM, VersionVector.EMPTY)).hasSize(1);
    }
  }

  private SqliteChangeStore open() {
    return SqliteChangeStore.open(directory, new Random());
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isPositive();
    }
  }

  private byte[] bytesOf(String query) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(query)) {
      return statement.executeQuery().getBytes(1);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("weft.db"));
  }

  private static int indexOf(byte[] content, byte[] part) throws IOException {
    for (int at = 0; at + part.length <= content.length; at++) {
      if (Arrays.equals(content, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new IOException("not in the file");
  }
}
