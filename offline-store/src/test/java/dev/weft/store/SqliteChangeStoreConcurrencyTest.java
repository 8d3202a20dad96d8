package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who reads a document while several append to it, and while its log is compacted, sees versions
 * that only grow, and of each version all changes, in causal order and none twice.
 *
 * <p>Found when broken: with the version remembered before the rows are committed, changes that are
 * told of and not there; with rows read up to the end and not up to the version taken, a version
 * that seems to shrink; without the lock around an append, changes that are refused for what the
 * store has.
 */
class SqliteChangeStoreConcurrencyTest {
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final int EDITS = 400;

  @TempDir Path directory;

  @Test
  void shouldShowWholeVersionsWhileOthersAppendAndCompact() {
    AtomicInteger writing = new AtomicInteger(2);
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1))) {
      Together.run(
          () -> write(store, 1, writing),
          () -> write(store, 2, writing),
          () -> {
            Author reader = new Author(3);
            boolean over;
            do {
              over = writing.get() == 0;
              VersionVector version = store.version(NOTES);
              assertThat(version.includes(reader.version())).as("grows").isTrue();
              reader.read(store.readSince(NOTES, reader.version()));
              assertThat(reader.version().includes(version)).as("has all").isTrue();
            } while (!over);
            assertThat(reader.length()).isEqualTo(2 * EDITS);
          },
          () -> {
            while (writing.get() > 0) {
              boolean unused = store.compact();
              Thread.onSpinWait();
            }
          });
    }
  }

  /** Types, each time behind what is in the store, so that most changes depend on the other's. */
  private static void write(ChangeStore store, long replica, AtomicInteger writing) {
    try {
      Author author = new Author(replica);
      for (int i = 0; i < EDITS; i++) {
        author.read(store.readSince(NOTES, author.version()));
        List<Change> typed = author.typeAt(0, "x");
        Durability durability = i % 50 == 0 ? Durability.FSYNCED : Durability.WRITTEN;
        VersionVector after = store.append(NOTES, typed, durability);
        assertThat(after.includes(author.version())).as("holds what was appended").isTrue();
      }
    } finally {
      writing.decrementAndGet();
    }
  }
}
