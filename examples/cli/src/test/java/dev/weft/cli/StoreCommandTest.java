package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.SqliteChangeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCommandTest {
  private static final DocumentId NOTES = new DocumentId("notes");

  @TempDir private Path folder;
  private final CommandRun weft = new CommandRun();

  @BeforeEach
  void write() throws MalformedUpdateException {
    TextDocument text = TextDocument.create(new ReplicaId(0xa11));
    text.insert(0, "hello");
    try (SqliteChangeStore store = SqliteChangeStore.open(folder, new SecureRandom())) {
      store.append(NOTES, Change.parse(text.ownChangesSince(0)), Durability.FSYNCED);
    }
  }

  @Test
  void shouldTellDocumentsOfSoundStore() {
    assertThat(weft.run("store", "check", folder.toString())).isZero();
    assertThat(weft.run("store", "repair", folder.toString())).isZero();

    assertThat(weft.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("document notes: 5 events of 1 replicas, \\d+ bytes"),
            line -> assertThat(line).isEqualTo("document notes: 5 events"),
            line -> assertThat(line).isEqualTo("the store is sound, nothing was changed"));
    assertThat(weft.err()).isEmpty();
    assertThat(folder.resolve("weft.seal")).exists();
  }

  @Test
  void shouldCheckAndRepairDamagedStore() throws IOException {
    Path database = folder.resolve("weft.db");
    byte[] bytes = Files.readAllBytes(database);
    Arrays.fill(bytes, 0, 100, (byte) 0);
    Files.write(database, bytes);

    assertThat(weft.run("store", "check", folder.toString())).isEqualTo(1);

    assertThat(weft.out().lines())
        .containsExactly("problem: the database cannot be opened (SQLITE_NOTADB)");
    assertThat(weft.err().lines())
        .containsExactly(
            "weft: the store in "
                + folder
                + " is damaged; `weft store repair "
                + folder
                + "` recovers what can be read");
    assertThat(database).hasBinaryContent(bytes);

    CommandRun repair = new CommandRun();
    assertThat(repair.run("store", "repair", folder.toString())).isZero();

    Path setAside = folder.toRealPath().resolve("weft.db.damaged-1");
    assertThat(repair.out().lines())
        .containsExactly(
            "problem: the database cannot be opened (SQLITE_NOTADB)",
            "document notes: 5 events",
            "the store is sound now; the damaged one is " + setAside);
    assertThat(repair.err()).isEmpty();
    assertThat(setAside).hasBinaryContent(bytes);
    assertThat(new CommandRun().run("store", "check", folder.toString())).isZero();
  }

  @Test
  void shouldRefuseWhatIsNoStoreOrInUse() {
    assertThat(weft.run("store", "check", folder.resolve("none").toString())).isEqualTo(1);
    try (SqliteChangeStore held = SqliteChangeStore.open(folder, new SecureRandom())) {
      assertThat(weft.run("store", "repair", held.directory().toString())).isEqualTo(1);
    }

    assertThat(weft.out()).isEmpty();
    assertThat(weft.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("weft: there is no store in "),
            line -> assertThat(line).contains(" is in use by "));
  }

  @Test
  void shouldRefuseWrongUsage() {
    assertThat(weft.run("store")).isEqualTo(2);
    assertThat(weft.run("store", "check")).isEqualTo(2);
    assertThat(weft.run("store", "repair", "a", "b")).isEqualTo(2);

    assertThat(weft.out()).isEmpty();
    assertThat(weft.err().lines())
        .containsExactly(
            "weft: a command is missing (try 'weft store --help')",
            "weft: Missing required parameter: 'DIR' (try 'weft store check --help')",
            "weft: Unmatched argument at index 3: 'b' (try 'weft store repair --help')");
  }
}
