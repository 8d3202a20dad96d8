package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/**
 * The files of a store of some hundred kilobytes, with several documents and authors, and what it
 * must say. Made once, copied for each test, and damaged there.
 */
final class StoreFixture {
  static final DocumentId LETTER = new DocumentId("letter");
  static final DocumentId NOTES = new DocumentId("notes");
  static final DocumentId POEM = new DocumentId("poem");

  private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_000L);

  private final Map<String, byte[]> files;
  private final Map<DocumentId, TextDocument> oracles;
  private final Map<DocumentId, ReplicaId> own;

  private StoreFixture(
      Map<String, byte[]> files,
      Map<DocumentId, TextDocument> oracles,
      Map<DocumentId, ReplicaId> own) {
    this.files = files;
    this.oracles = oracles;
    this.own = own;
  }

  /** Makes a store that was closed. */
  static StoreFixture closed(Path directory) throws IOException {
    Writer writer = new Writer();
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1))) {
      writer.write(store, 40);
      writer.write(store, 40);
    }
    return writer.finish(directory);
  }

  /** Makes a store whose last commits are in the write-ahead log still. */
  static StoreFixture died(Path directory) throws IOException {
    Writer writer = new Writer();
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1))) {
      writer.write(store, 40);
    }
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(2))) {
      writer.write(store, 40);
      return writer.finish(directory);
    }
  }

  /** Returns a file's bytes. */
  byte[] file(String name) {
    return get(files, name).clone();
  }

  /** Returns the document as it was written, whole. */
  TextDocument oracle(DocumentId document) {
    return get(oracles, document);
  }

  List<DocumentId> documents() {
    return List.of(LETTER, NOTES, POEM);
  }

  /** Returns the id under which this device wrote a document. */
  ReplicaId own(DocumentId document) {
    return get(own, document);
  }

  /** Writes the files into an empty directory. */
  void copyTo(Path directory) throws IOException {
    Path unused = Files.createDirectories(directory);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      unused = Files.write(directory.resolve(file.getKey()), file.getValue());
    }
  }

  /**
   * Asserts that what a repaired store has is right, and returns how many events are lost.
   *
   * @param atMost how many may be; unless that is without bound, no id of this device may be
   */
  long assertSound(Path directory, long atMost) throws IOException {
    assertThat(StoreCheck.run(directory).problems()).isEmpty();
    long lost = 0;
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(5))) {
      assertThat(documents()).containsAll(store.documents());
      for (DocumentId document : documents()) {
        TextDocument oracle = oracle(document);
        VersionVector version = store.version(document);
        assertThat(oracle.version().includes(version)).isTrue();
        assertThat(textOf(store, document)).isEqualTo(oracle.textAt(version));
        long kept = 0;
        for (DeadLetter letter : store.deadLetters(document)) {
          for (Change change : letter.changes()) {
            if (!change.isKnown(version)) {
              kept += change.end() - Math.max(change.start(), version.next(change.replica()));
            }
          }
        }
        if (atMost < Long.MAX_VALUE) {
          assertThat(store.ownReplicas(document)).contains(own(document));
        }
        lost += oracle.version().eventsSince(version) - kept;
      }
    }
    assertThat(lost).isLessThanOrEqualTo(atMost);
    return lost;
  }

  static String textOf(SqliteChangeStore store, DocumentId document) {
    return StoredDocument.load(store, document, new ReplicaId(0)).text().text();
  }

  /** Returns the files of a store by name, but for its lock. */
  static Map<String, byte[]> filesOf(Path directory) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
      for (Path file : found) {
        String name = String.valueOf(file.getFileName());
        if (!name.equals("weft.lock") && !name.endsWith("-shm")) {
          files.put(name, Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  static void clear(Path directory) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
      for (Path file : found) {
        Files.delete(file);
      }
    }
  }

  private static <K, V> V get(Map<K, V> map, K key) {
    return Objects.requireNonNull(map.get(key), () -> "there is no " + key);
  }

  static void copy(Path from, Path to) throws IOException {
    Path unused = Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Two who write each document in turn, one of them this device. */
  private static final class Writer {
    private final Random random = new Random(7);
    private final Map<DocumentId, TextDocument> mine = new HashMap<>();
    private final Map<DocumentId, TextDocument> theirs = new HashMap<>();
    private final Map<DocumentId, ReplicaId> own = new HashMap<>();
    private boolean begun;

    void write(SqliteChangeStore store, int rounds) {
      for (DocumentId document : List.of(NOTES, LETTER, POEM)) {
        if (!begun) {
          ReplicaId replica = store.replicaId(document);
          own.put(document, replica);
          mine.put(document, TextDocument.create(replica));
          theirs.put(
              document,
              TextDocument.create(new ReplicaId(0xbe70000000000000L + document.hashCode())));
        }
      }
      for (int round = 0; round < rounds; round++) {
        for (DocumentId document : List.of(NOTES, LETTER, POEM)) {
          TextDocument one = get(mine, document);
          TextDocument other = get(theirs, document);
          edit(store, document, round % 2 == 0 ? one : other);
          if (round % 5 == 4) {
            exchange(one, other);
          }
        }
      }
      TextDocument poem = get(mine, POEM);
      exchange(poem, get(theirs, POEM));
      store.putSnapshot(POEM, poem.version(), poem.snapshot());
      TextDocument notes = get(mine, NOTES);
      store.advanceRelayDurable(NOTES, VersionVector.of(notes.replica(), 100));
      store.putPendingSave(
          NOTES, new PendingSave("save-" + rounds, notes.version(), 1 + rounds % 2));
      if (!begun) {
        List<Change> refused = store.outbox(NOTES).subList(0, 1);
        DeadLetter first = store.putDeadLetter(NOTES, "gone", "first", TIME, refused);
        DeadLetter unused =
            store.putDeadLetter(NOTES, "too-large", "the relay said so", TIME, refused);
        boolean removed = store.removeDeadLetter(NOTES, first.number());
        if (!removed) {
          throw new AssertionError("letter " + unused);
        }
      }
      begun = true;
    }

    private void edit(SqliteChangeStore store, DocumentId document, TextDocument author) {
      long next = author.nextSequence();
      int size = random.nextInt(40) == 0 ? 6_000 : 20 + random.nextInt(400);
      StringBuilder text = new StringBuilder();
      while (text.length() < size) {
        text.append((char) ('a' + random.nextInt(26)));
      }
      author.insert(random.nextInt(author.length() + 1), text);
      if (random.nextInt(4) == 0) {
        int at = random.nextInt(author.length() - 5);
        author.delete(at, at + 5);
      }
      VersionVector unused =
          store.append(document, parse(author.ownChangesSince(next)), Durability.WRITTEN);
    }

    private static void exchange(TextDocument one, TextDocument other) {
      if (!one.merge(other).isComplete() || !other.merge(one).isComplete()) {
        throw new AssertionError("an exchange is never incomplete");
      }
    }

    private static List<Change> parse(byte[] update) {
      try {
        return Change.parse(update);
      } catch (MalformedUpdateException e) {
        throw new AssertionError(e);
      }
    }

    StoreFixture finish(Path directory) throws IOException {
      Map<DocumentId, TextDocument> oracles = new HashMap<>();
      mine.forEach(
          (document, one) -> {
            TextDocument all = TextDocument.create(new ReplicaId(0));
            if (!all.merge(one).isComplete() || !all.merge(get(theirs, document)).isComplete()) {
              throw new AssertionError("an exchange is never incomplete");
            }
            oracles.put(document, all);
          });
      return new StoreFixture(filesOf(directory), oracles, own);
    }
  }
}
