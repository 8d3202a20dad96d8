package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that writes, at random points, and looks at what it left: all that it was told to
 * be stored, nothing half-written, and no replica id that is used again.
 *
 * <p>{@code -Dweft.kills=N} sets the number of kills, {@code -Dweft.seed=S} the seed, which a
 * failure names.
 */
class SqliteKillTest {
  private static final List<DocumentId> DOCUMENTS =
      List.of(new DocumentId("notes"), new DocumentId("poem"));

  /** Every word typed is the end of it, and a semicolon. */
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz";

  @TempDir Path directory;

  private final List<Told> documents = DOCUMENTS.stream().map(Told::new).toList();

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void shouldHoldAllThatWasAcknowledgedWhenKilled() throws Exception {
    int kills = Integer.getInteger("weft.kills", 12);
    long seed = Long.getLong("weft.seed", 20_260_101);
    Random random = new Random(seed);
    for (int kill = 0; kill < kills; kill++) {
      String where = "-Dweft.seed=" + seed + ", kill " + kill;
      int lines = DOCUMENTS.size() + random.nextInt(200);
      try (ChildProcess writer =
          ChildProcess.start(
              Writer.class, directory.toString(), Long.toString(random.nextLong()))) {
        for (int i = 0; i < lines; i++) {
          String line =
              writer
                  .readLine()
                  .orElseThrow(() -> new AssertionError(where + ": the writer ended by itself"));
          note(line, where);
        }
        writer.kill();
        // What it had printed before it died and was not read yet was acknowledged too.
        for (Optional<String> line = writer.readLine();
            line.isPresent();
            line = writer.readLine()) {
          note(line.get(), where);
        }
      }
      check(where);
    }
  }

  private void note(String line, String where) {
    String[] words = line.split(" ", -1);
    if (words.length != 4) {
      return; // Cut by the kill, so nobody was told.
    }
    Told told = documents.get(Integer.parseInt(words[1]));
    switch (words[0]) {
      case "writes" ->
          assertThat(told.replicas.add(ReplicaId.parse(words[2])))
              .as("%s: %s is a new id", where, words[2])
              .isTrue();
      case "stored" -> told.stored = told.stored.merge(VersionVector.parse(words[2]));
      case "saving" -> told.saves.add(words[2]);
      case "saved" -> told.saves.remove(words[2]);
      default -> throw new AssertionError(line);
    }
  }

  private void check(String where) {
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random())) {
      for (Told told : documents) {
        VersionVector version = store.version(told.document);
        assertThat(version.includes(told.stored))
            .as("%s: %s holds [%s] of [%s]", where, told.document, version, told.stored)
            .isTrue();
        Author reader = new Author(0);
        reader.read(store.readSince(told.document, VersionVector.EMPTY));
        assertThat(reader.version()).as(where).isEqualTo(version);
        String text = reader.text();
        assertThat(text.isEmpty() || text.endsWith(";")).as(where).isTrue();
        assertThat(text.split(";", -1)).as(where).allMatch(ALPHABET::endsWith);
        assertThat(store.ownReplicas(told.document)).as(where).containsAll(told.replicas);
        assertThat(store.pendingSaves(told.document))
            .as(where)
            .extracting(PendingSave::saveId)
            .containsAll(told.saves);
      }
    }
  }

  /** What the processes that were killed had been told of one document. */
  private static final class Told {
    final DocumentId document;
    final Set<ReplicaId> replicas = new HashSet<>();
    final Set<String> saves = new HashSet<>();
    VersionVector stored = VersionVector.EMPTY;

    Told(DocumentId document) {
      this.document = document;
    }
  }

  /** Writes the documents, and prints what is stored. */
  static final class Writer {
    private final SqliteChangeStore store;
    private final Random random;
    private final List<Author> authors;

    private Writer(SqliteChangeStore store, Random random) {
      this.store = store;
      this.random = random;
      authors = DOCUMENTS.stream().map(document -> open(document)).toList();
    }

    private Author open(DocumentId document) {
      Author author = new Author(store.replicaId(document));
      print("writes", document, author.replica());
      author.read(store.readSince(document, VersionVector.EMPTY));
      return author;
    }

    public static void main(String[] arguments) {
      Random random = new Random(Long.parseLong(arguments[1]));
      try (SqliteChangeStore store = SqliteChangeStore.open(Path.of(arguments[0]), random)) {
        new Writer(store, random).write();
      }
    }

    private void write() {
      while (true) {
        int index = random.nextInt(DOCUMENTS.size());
        DocumentId document = DOCUMENTS.get(index);
        Durability durability = random.nextInt(5) == 0 ? Durability.FSYNCED : Durability.WRITTEN;
        VersionVector version = store.append(document, authors.get(index).type(word()), durability);
        print("stored", document, version);
        if (random.nextInt(50) == 0) {
          store.compact();
        }
        if (random.nextInt(4) == 0) {
          String save = Long.toHexString(random.nextLong());
          store.putPendingSave(document, new PendingSave(save, version));
          print("saving", document, save);
          if (random.nextBoolean()) {
            print("saved", document, save);
            store.removePendingSave(document, save);
          }
        }
      }
    }

    private String word() {
      return ALPHABET.substring(random.nextInt(ALPHABET.length())) + ";";
    }

    private static void print(String what, DocumentId document, Object value) {
      System.out.println(what + " " + DOCUMENTS.indexOf(document) + " " + value + " .");
    }
  }
}
