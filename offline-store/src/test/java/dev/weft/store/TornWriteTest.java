package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.VersionVector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a crash of the machine leaves, made of the files as they were at some moment: a log of
 * writes that ends anywhere, that lost a write in its middle, and a database whose pages were being
 * overwritten. What a commit that the disk had confirmed stored must be there, and nothing
 * half-written.
 */
class TornWriteTest {
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final DocumentId POEM = new DocumentId("poem");
  private static final int WAL_HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 24;
  private static final int PAGE_BYTES = 4_096;
  private static final int FRAME_BYTES = FRAME_HEADER_BYTES + PAGE_BYTES;

  @TempDir Path temp;

  private final List<Commit> commits = new ArrayList<>();
  private byte[] database;
  private byte[] wal;

  /** The log of writes ended at {@code walBytes} when the store had the versions. */
  private record Commit(int walBytes, VersionVector notes, VersionVector poem) {}

  /** Writes, and takes the files as they are while the store is open. */
  @BeforeEach
  void write() throws IOException {
    Path directory = temp.resolve("store");
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1))) {
      Author ann = new Author(store.replicaId(NOTES));
      store.append(NOTES, ann.type("base "), Durability.FSYNCED);
    }
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(2))) {
      Random random = new Random(3);
      Author ann = new Author(store.replicaId(NOTES));
      ann.read(store.readSince(NOTES, VersionVector.EMPTY));
      Author ben = new Author(store.replicaId(POEM));
      note(directory, store);
      for (int i = 0; i < 40; i++) {
        String text = "word".repeat(1 + random.nextInt(i % 10 == 0 ? 5_000 : 20));
        Durability durability = i % 3 == 0 ? Durability.FSYNCED : Durability.WRITTEN;
        if (random.nextBoolean()) {
          store.append(NOTES, ann.type(text), durability);
        } else {
          store.append(POEM, ben.type(text), durability);
        }
        note(directory, store);
        if (i == 20) {
          store.putSnapshot(NOTES, ann.version(), ann.snapshot());
          note(directory, store);
        }
      }
      database = Files.readAllBytes(directory.resolve("weft.db"));
      wal = Files.readAllBytes(directory.resolve("weft.db-wal"));
    }
    assertThat((wal.length - WAL_HEADER_BYTES) % FRAME_BYTES).isZero();
    assertThat(wal.length).as("nothing was written to the database itself").isLessThan(4_000_000);
  }

  private void note(Path directory, SqliteChangeStore store) throws IOException {
    commits.add(
        new Commit(
            (int) Files.size(directory.resolve("weft.db-wal")),
            store.version(NOTES),
            store.version(POEM)));
  }

  @Test
  void shouldHoldEachCommitThatIsWholeWhenLogOfWritesEndsAnywhere() throws IOException {
    List<Integer> cuts = new ArrayList<>();
    for (int end = commits.get(0).walBytes(); end <= wal.length; end += FRAME_BYTES) {
      cuts.add(end);
      cuts.add(Math.min(wal.length, end + FRAME_HEADER_BYTES / 2));
      cuts.add(Math.min(wal.length, end + FRAME_BYTES / 2));
      cuts.add(Math.min(wal.length, end + FRAME_BYTES - 1));
    }
    for (int cut : cuts) {
      assertHolds("cut at " + cut, lastBefore(cut), database, Arrays.copyOf(wal, cut));
    }
  }

  @Test
  void shouldHoldWhatWasWrittenBeforeWhenWriteIsLost() throws IOException {
    for (int frame = commits.get(0).walBytes(); frame < wal.length; frame += 3 * FRAME_BYTES) {
      byte[] lost = wal.clone();
      Arrays.fill(lost, frame, frame + FRAME_BYTES, (byte) 0);
      assertHolds("lost at " + frame, lastBefore(frame), database, lost);
      byte[] torn = wal.clone();
      Arrays.fill(torn, frame + FRAME_BYTES / 2, frame + FRAME_BYTES, (byte) 0x5a);
      assertHolds("torn at " + frame, lastBefore(frame), database, torn);
    }
  }

  /** As while the log of writes was copied into the database, which may end at any moment. */
  @Test
  void shouldHoldAllWhenPagesOfDatabaseAreHalfWritten() throws IOException {
    Random random = new Random(5);
    int pages = 0;
    for (int frame = WAL_HEADER_BYTES; frame < wal.length; frame += FRAME_BYTES) {
      pages = Math.max(pages, ByteBuffer.wrap(wal, frame, 4).getInt());
    }
    for (int run = 0; run < 20; run++) {
      byte[] torn = Arrays.copyOf(database, Math.max(database.length, pages * PAGE_BYTES));
      for (int frame = WAL_HEADER_BYTES; frame < wal.length; frame += FRAME_BYTES) {
        int page = ByteBuffer.wrap(wal, frame, 4).getInt() - 1;
        if (random.nextBoolean()) {
          int written = random.nextInt(PAGE_BYTES + 1);
          System.arraycopy(wal, frame + FRAME_HEADER_BYTES, torn, page * PAGE_BYTES, written);
        }
      }
      assertHolds("run " + run, commits.get(commits.size() - 1), torn, wal);
    }
  }

  private Commit lastBefore(int walBytes) {
    Commit last = commits.get(0);
    for (Commit commit : commits) {
      if (commit.walBytes() <= walBytes) {
        last = commit;
      }
    }
    return last;
  }

  private void assertHolds(String what, Commit commit, byte[] main, byte[] log) throws IOException {
    Path directory = Files.createDirectories(temp.resolve("crashed"));
    for (String name : List.of("weft.db-shm", "weft.seal", "weft.lock")) {
      Files.deleteIfExists(directory.resolve(name));
    }
    Files.write(directory.resolve("weft.db"), main);
    Files.write(directory.resolve("weft.db-wal"), log);
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(9))) {
      assertThat(store.version(NOTES)).as(what).isEqualTo(commit.notes());
      assertThat(store.version(POEM)).as(what).isEqualTo(commit.poem());
      for (DocumentId document : List.of(NOTES, POEM)) {
        StoredDocument read = StoredDocument.load(store, document, StoredDocument.READER);
        assertThat(read.problem()).as(what).isNull();
        assertThat(read.text().version()).as(what).isEqualTo(store.version(document));
      }
    }
  }
}
