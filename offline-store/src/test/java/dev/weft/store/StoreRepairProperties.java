package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Whatever bytes stand in a store's files, a repair says so, and takes in nothing wrong. */
class StoreRepairProperties {
  private Path directory;

  @BeforeProperty
  void makeDirectory() throws IOException {
    directory = Files.createTempDirectory("weft-repair-");
  }

  @AfterProperty
  void removeDirectory() throws IOException {
    StoreFixture.clear(directory);
    Files.delete(directory);
  }

  @Property(tries = 60)
  void shouldThrowNothingElseOnGarbage(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    StoreFixture.clear(directory);
    byte[] database = new byte[random.nextInt(40_000)];
    byte[] log = new byte[random.nextInt(40_000)];
    random.nextBytes(database);
    random.nextBytes(log);
    // Garbage that looks like pages of rows.
    for (int page = 0; page < database.length; page += 4_096) {
      database[page] = (byte) (random.nextBoolean() ? 0x0d : 0x0a);
    }
    Files.write(directory.resolve("weft.db"), database);
    Files.write(directory.resolve("weft.db-wal"), log);

    Salvage salvage = Salvage.read(directory.resolve("weft.db"), directory.resolve("weft.db-wal"));
    assertThat(salvage.isStore()).isFalse();
    try {
      assertThat(StoreRepair.run(directory).problems()).isNotEmpty();
    } catch (StoreException e) {
      assertThat(e).hasMessageContaining("there is no store in");
      assertThat(directory.resolve("weft.db")).hasBinaryContent(database);
      assertThat(directory.resolve("weft.db-wal")).hasBinaryContent(log);
    }
  }

  @Property(tries = 60)
  void shouldTakeInNothingWrongWhenBytesAreOverwritten(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    StoreFixture.clear(directory);
    Author ann = new Author(0xa11);
    Author ben = new Author(0xbe7);
    DocumentId notes = StoreFixture.NOTES;
    Author all = new Author(0);
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1))) {
      for (int i = 0; i < 60; i++) {
        Author author = random.nextBoolean() ? ann : ben;
        List<Change> typed = author.type("text ".repeat(1 + random.nextInt(60)));
        store.append(notes, typed, Durability.WRITTEN);
        all.read(typed);
        if (random.nextInt(4) == 0) {
          (author == ann ? ben : ann).read(author.since(VersionVector.EMPTY));
          author.read((author == ann ? ben : ann).since(VersionVector.EMPTY));
        }
      }
    }
    byte[] database = Files.readAllBytes(directory.resolve("weft.db"));
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      int from = random.nextInt(database.length);
      int to = Math.min(database.length, from + 1 + random.nextInt(600));
      for (int at = from; at < to; at++) {
        database[at] = (byte) random.nextInt();
      }
    }
    Files.write(directory.resolve("weft.db"), database);

    RepairReport report = StoreRepair.run(directory);

    assertThat(StoreCheck.run(directory).problems()).isEmpty();
    if (report.setAside() != null) {
      assertThat(report.setAside()).hasBinaryContent(database);
    }
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(2))) {
      VersionVector version = store.version(notes);
      assertThat(all.version().includes(version)).isTrue();
      assertThat(store.readSince(notes, VersionVector.EMPTY).size()).isLessThan(400);
      Author reader = new Author(2);
      reader.read(all.between(VersionVector.EMPTY, version));
      assertThat(StoredDocument.load(store, notes, new dev.weft.crdt.ReplicaId(3)).text().text())
          .isEqualTo(reader.text());
    }
  }

  @Property(tries = 200)
  void shouldOrderChangesCausallyWhateverTheirOrder(@ForAll long seed) {
    Random random = new Random(seed);
    List<Author> authors = List.of(new Author(1), new Author(2), new Author(3));
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Author author = authors.get(random.nextInt(3));
      author.read(authors.get(random.nextInt(3)).since(VersionVector.EMPTY));
      changes.addAll(author.type("ab".repeat(1 + random.nextInt(3))));
    }
    // The same once more in other portions.
    changes.addAll(authors.get(0).since(VersionVector.EMPTY));
    Collections.shuffle(changes, random);

    List<Change> ordered = CausalOrder.of(changes);

    VersionVector seen = VersionVector.EMPTY;
    for (Change change : ordered) {
      assertThat(change.isReady(seen)).as("%s after %s", change, seen).isTrue();
      seen = seen.merge(VersionVector.of(change.replica(), change.end()));
    }
    VersionVector everything =
        authors.stream().map(Author::version).reduce(VersionVector.EMPTY, VersionVector::merge);
    assertThat(seen).isEqualTo(everything);
  }
}
