package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.store.ChildProcess;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.StoredDocument;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process in which somebody types, at random points, and looks at what it left: all that
 * the status said to be stored and all that was saved, no half of a word, and no replica id that is
 * used again.
 *
 * <p>{@code -Dweft.kills=N} sets the number of kills, {@code -Dweft.seed=S} the seed, which a
 * failure names.
 */
class TypistKillTest {
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final String WORD = "word;";

  @TempDir Path directory;

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void shouldHoldAllThatWasSaidToBeStoredWhenKilled() throws Exception {
    int kills = Integer.getInteger("weft.kills", 12);
    long seed = Long.getLong("weft.seed", 20_261_126);
    Random random = new Random(seed);
    Set<ReplicaId> replicas = new HashSet<>();
    VersionVector told = VersionVector.EMPTY;
    for (int kill = 0; kill < kills; kill++) {
      String where = "-Dweft.seed=" + seed + ", kill " + kill;
      int lines = 2 + random.nextInt(60);
      try (ChildProcess typist =
          ChildProcess.start(
              Typist.class, directory.toString(), Long.toString(random.nextLong()))) {
        for (int i = 0; i < lines; i++) {
          told = told.merge(note(typist.readLine().orElseThrow(), replicas, where));
        }
        typist.kill();
        // What it had printed before it died was told too.
        for (Optional<String> line = typist.readLine();
            line.isPresent();
            line = typist.readLine()) {
          told = told.merge(note(line.get(), replicas, where));
        }
      }
      check(told, replicas, where);
    }
  }

  private static VersionVector note(String line, Set<ReplicaId> replicas, String where) {
    String[] words = line.split(" ", -1);
    if (words.length == 3 && words[0].equals("writes")) {
      assertThat(replicas.add(ReplicaId.parse(words[1]))).as("%s: a new id", where).isTrue();
    }
    // A line that was cut by the kill told nobody anything.
    return words.length == 3 && words[0].equals("stored")
        ? VersionVector.parse(words[1])
        : VersionVector.EMPTY;
  }

  private void check(VersionVector told, Set<ReplicaId> replicas, String where) {
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random())) {
      StoredDocument stored = StoredDocument.load(store, NOTES, new ReplicaId(0));
      VersionVector version = stored.text().version();
      assertThat(stored.problem()).as(where).isNull();
      assertThat(version.includes(told)).as("%s: [%s] of [%s]", where, version, told).isTrue();
      String text = stored.text().text();
      assertThat(text.replace(WORD, "")).as("%s: whole words", where).isEmpty();
      assertThat(store.ownReplicas(NOTES)).as(where).containsAll(replicas);
      assertThat(store.outboxSize(NOTES).changes())
          .as(where)
          .isEqualTo(version.eventsSince(VersionVector.EMPTY));
    }
  }

  /** Types words, some of which it deletes, and prints what it is told to be stored or saved. */
  static final class Typist {
    private Typist() {}

    public static void main(String[] arguments) throws Exception {
      Random random = new Random(Long.parseLong(arguments[1]));
      Duration window = Duration.ofMillis(random.nextInt(3) * 10L);
      try (SqliteChangeStore store = SqliteChangeStore.open(Path.of(arguments[0]), random);
          WeftClient client = WeftClient.builder().store(store).storeWindow(window).build();
          SharedText text = client.open(NOTES)) {
        print("writes", text.replica());
        while (true) {
          for (int i = random.nextInt(20); i >= 0; i--) {
            text.insert(random.nextInt(text.length() / WORD.length() + 1) * WORD.length(), WORD);
          }
          if (random.nextInt(5) == 0) {
            text.delete(0, WORD.length());
          }
          if (random.nextInt(8) == 0) {
            print("stored", text.save().get().version());
          }
          Thread.sleep(random.nextInt(4));
          VersionVector version = text.version();
          if (text.status().unstoredChanges() == 0) {
            print("stored", version);
          }
        }
      }
    }

    private static void print(String what, Object value) {
      System.out.println(what + " " + value + " .");
    }
  }
}
