package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The promises of {@link ChangeStore}, checked for any implementation: extend this and say how a
 * store is opened. What only a crash can show is not here.
 *
 * @param <S> the store under test
 */
public abstract class ChangeStoreContract<S extends ChangeStore> {
  protected static final DocumentId NOTES = new DocumentId("notes");
  protected static final DocumentId POEM = new DocumentId("poem");
  protected static final DocumentId PLAY = new DocumentId("play");
  protected static final VersionVector NOTHING = VersionVector.EMPTY;

  protected S store;

  /**
   * Opens the store: an empty one for the first call in a test, and with what it held before for
   * those that follow, each of which comes after the store was closed.
   */
  protected abstract S open();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  /** Closes the store and opens it again. */
  protected final void reopen() {
    store.close();
    store = open();
  }

  @Test
  void shouldBeEmptyWhenDocumentIsUnknown() {
    assertThat(store.version(NOTES)).isEqualTo(NOTHING);
    assertThat(store.readSince(NOTES, NOTHING)).isEmpty();
    assertThat(store.readSince(NOTES, VersionVector.of(new ReplicaId(1), 5))).isEmpty();
    assertThat(store.snapshot(NOTES)).isEmpty();
    assertThat(store.append(NOTES, List.of(), Durability.FSYNCED)).isEqualTo(NOTHING);
    assertThat(store.documents()).isEmpty();
  }

  @Test
  void shouldReturnWhatWasAppended() {
    Author ann = new Author(1);
    ann.type("Hello");
    ann.delete(0, 1);
    ann.type(" w\u00f6rld \ud83d\ude00");

    VersionVector version = store.append(NOTES, ann.since(NOTHING), Durability.WRITTEN);

    assertThat(version).isEqualTo(ann.version());
    assertThat(store.version(NOTES)).isEqualTo(ann.version());
    assertThat(readAll(NOTES).text()).isEqualTo("ello w\u00f6rld \ud83d\ude00");
  }

  @ParameterizedTest
  @ValueSource(strings = {"WRITTEN", "FSYNCED"})
  void shouldHoldWhatWasAppendedWhenReopened(Durability durability) {
    Author ann = new Author(1);
    store.append(NOTES, ann.type("Hello"), durability);

    reopen();

    assertThat(store.documents()).containsExactly(NOTES);
    assertThat(store.version(NOTES)).isEqualTo(ann.version());
    assertThat(readAll(NOTES).text()).isEqualTo("Hello");

    store.append(NOTES, ann.type(" world"), durability);
    assertThat(readAll(NOTES).text()).isEqualTo("Hello world");
  }

  @Test
  void shouldHoldSameWhenCompacted() {
    Author ann = new Author(1);
    Author ben = new Author(2);
    VersionVector half = NOTHING;
    for (int i = 0; i < 1_500; i++) {
      Author author = i % 100 < 90 ? ann : ben;
      half = i == 777 ? ann.version() : half;
      if (i % 100 == 90 || i % 100 == 0) {
        author.read(store.readSince(NOTES, author.version()));
      }
      store.append(NOTES, author.type("a" + i % 10), Durability.WRITTEN);
      store.append(POEM, new Author(100 + i).type("b"), Durability.WRITTEN);
    }
    // By turns, with the same numbers, and neither knowing of the other.
    for (int i = 0; i < 100; i++) {
      store.append(NOTES, ann.type("x"), Durability.WRITTEN);
      store.append(NOTES, ben.type("y"), Durability.WRITTEN);
    }
    Author cid = new Author(3);
    Author dot = new Author(4);
    for (int i = 0; i < 100; i++) {
      store.append(PLAY, cid.type("x"), Durability.WRITTEN);
      store.append(PLAY, dot.type("y"), Durability.WRITTEN);
    }
    String play = readAll(PLAY).text();
    VersionVector version = store.version(NOTES);
    String text = readAll(NOTES).text();

    boolean more;
    do {
      more = store.compact();
    } while (more);

    assertThat(readAll(NOTES).text()).isEqualTo(text);
    assertThat(readAll(PLAY).text()).isEqualTo(play);
    assertThat(store.version(NOTES)).isEqualTo(version);
    Author behind = new Author(9);
    behind.read(ann.between(NOTHING, half));
    behind.read(store.readSince(NOTES, half));
    assertThat(behind.text()).isEqualTo(text);
    reopen();
    assertThat(readAll(NOTES).text()).isEqualTo(text);
    ann.read(store.readSince(NOTES, ann.version()));
    store.append(NOTES, ann.type("on"), Durability.WRITTEN);
    assertThat(readAll(NOTES).text()).isEqualTo(text + "on");
  }

  @Test
  void shouldReturnOnlyChangesBeyondVector() {
    Author ann = new Author(1);
    Author ben = new Author(2);
    store.append(NOTES, ann.type("a"), Durability.WRITTEN);
    VersionVector seen = store.version(NOTES);
    List<Change> later = ben.type("b");
    store.append(NOTES, later, Durability.WRITTEN);

    List<Change> changes = store.readSince(NOTES, seen);

    assertThat(changes).hasSize(1);
    assertThat(changes.get(0).replica()).isEqualTo(ben.replica());
    assertThat(changes.get(0).toBytes()).isEqualTo(later.get(0).toBytes());
    assertThat(store.readSince(NOTES, store.version(NOTES))).isEmpty();
  }

  @Test
  void shouldReturnRestOfChangeWhenVectorCutsIt() {
    Author ann = new Author(1);
    store.append(NOTES, ann.type("abc"), Durability.WRITTEN);

    List<Change> changes = store.readSince(NOTES, VersionVector.of(ann.replica(), 2));

    assertThat(changes).hasSize(1);
    assertThat(changes.get(0).start()).isEqualTo(2);
    assertThat(changes.get(0).end()).isEqualTo(3);
  }

  @Test
  void shouldTakeNoAccountOfWhatItDoesNotHold() {
    Author ann = new Author(1);
    store.append(NOTES, ann.type("abc"), Durability.WRITTEN);
    VersionVector ahead =
        new VersionVector.Builder()
            .advance(new ReplicaId(7), 100)
            .advance(ann.replica(), 50)
            .build();

    assertThat(store.readSince(NOTES, ahead)).isEmpty();
    assertThat(store.readSince(NOTES, VersionVector.of(new ReplicaId(7), 100))).hasSize(1);
  }

  @Test
  void shouldReturnCausalOrderWhenAuthorsAnswerEachOther() {
    // The one who writes last has the lowest id, the one who writes first a negative one as a long.
    Author ann = new Author(-5);
    Author ben = new Author(3);
    Author cid = new Author(1);
    for (int round = 0; round < 4; round++) {
      List<Change> first = ann.type("a" + round);
      ben.read(first);
      List<Change> second = ben.type("b" + round);
      cid.read(first);
      cid.read(second);
      List<Change> third = cid.type("c" + round);
      ann.read(second);
      ann.read(third);
      ben.read(third);
      store.append(NOTES, first, Durability.WRITTEN);
      store.append(NOTES, concat(second, third), Durability.WRITTEN);
    }

    reopen();

    assertThat(store.version(NOTES)).isEqualTo(ann.version());
    assertThat(readAll(NOTES).text()).isEqualTo(ann.text());
  }

  @Test
  void shouldNotStoreTwiceWhatItHas() {
    Author ann = new Author(1);
    List<Change> first = ann.type("abc");
    List<Change> second = ann.type("def");
    store.append(NOTES, first, Durability.WRITTEN);

    store.append(NOTES, first, Durability.WRITTEN);
    store.append(NOTES, concat(first, second, first, second), Durability.FSYNCED);
    store.append(NOTES, second, Durability.FSYNCED);

    assertThat(store.version(NOTES)).isEqualTo(ann.version());
    assertThat(unitsOf(store.readSince(NOTES, NOTHING))).isEqualTo(6);
  }

  @Test
  void shouldHoldAllWhenChangesOverlap() {
    Author ann = new Author(1);
    for (int i = 0; i < 6; i++) {
      ann.type("ab");
      for (long from = Math.max(0, ann.length() - 5); from < ann.length(); from++) {
        store.append(NOTES, ann.ownSince(from), Durability.WRITTEN);
      }
    }

    reopen();

    assertThat(readAll(NOTES).text()).isEqualTo("abababababab");
    assertThat(unitsOf(store.readSince(NOTES, NOTHING))).isEqualTo(12);
    for (long seen = 0; seen <= 12; seen++) {
      assertCompletes(
          store.readSince(NOTES, VersionVector.of(ann.replica(), seen)),
          VersionVector.of(ann.replica(), seen),
          ann.version());
    }
  }

  @Test
  void shouldRejectChangeWhenItsPredecessorIsMissing() {
    Author ann = new Author(1);
    List<Change> first = ann.type("abc");
    List<Change> second = ann.type("def");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.append(NOTES, second, Durability.WRITTEN))
        .withMessageContaining("document=notes")
        .withMessageContaining("missing=0000000000000001@2");
    assertThat(store.documents()).isEmpty();

    store.append(NOTES, first, Durability.WRITTEN);
    store.append(NOTES, second, Durability.WRITTEN);
    assertThat(readAll(NOTES).text()).isEqualTo("abcdef");
  }

  @Test
  void shouldAppendNothingWhenOneDependencyIsMissing() {
    Author ann = new Author(1);
    Author ben = new Author(2);
    List<Change> before = ann.type("abc");
    ben.read(before);
    List<Change> answer = ben.type("def");
    List<Change> other = new Author(3).type("x");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.append(NOTES, concat(other, answer), Durability.WRITTEN))
        .withMessageContaining("change=0000000000000002@0")
        .withMessageContaining("missing=0000000000000001@2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.append(NOTES, concat(answer, before), Durability.WRITTEN));
    assertThat(store.version(NOTES)).isEqualTo(NOTHING);
    assertThat(store.readSince(NOTES, NOTHING)).isEmpty();

    store.append(NOTES, concat(before, answer), Durability.WRITTEN);
    assertThat(readAll(NOTES).text()).isEqualTo(ben.text());
  }

  @Test
  void shouldKeepDocumentsApart() {
    Author notes = new Author(1);
    Author poem = new Author(1);
    store.append(POEM, poem.type("rose"), Durability.WRITTEN);
    store.append(NOTES, notes.type("milk, eggs"), Durability.WRITTEN);

    assertThat(store.documents()).containsExactly(NOTES, POEM);
    assertThat(readAll(NOTES).text()).isEqualTo("milk, eggs");
    assertThat(readAll(POEM).text()).isEqualTo("rose");
    assertThat(store.version(POEM)).isEqualTo(poem.version());
  }

  @Test
  void shouldHoldManyReplicas() {
    List<Change> changes = new ArrayList<>();
    VersionVector.Builder all = new VersionVector.Builder();
    for (long id = -150; id < 150; id++) {
      Author author = new Author(id);
      changes.addAll(author.type("x"));
      all.advance(author.replica(), 1);
    }
    store.append(NOTES, changes, Durability.WRITTEN);

    reopen();

    assertThat(store.version(NOTES)).isEqualTo(all.build());
    assertThat(store.readSince(NOTES, NOTHING)).hasSize(300);
  }

  @Test
  void shouldReturnSnapshotWhenOneWasPut() {
    Author ann = new Author(1);
    store.append(NOTES, ann.type("abc"), Durability.WRITTEN);
    byte[] first = ann.snapshot();
    store.putSnapshot(NOTES, ann.version(), first);
    assertThat(store.snapshot(NOTES).orElseThrow().bytes()).isEqualTo(first);

    VersionVector old = ann.version();
    store.append(NOTES, ann.type("def"), Durability.WRITTEN);
    byte[] second = ann.snapshot();
    store.putSnapshot(NOTES, ann.version(), second);
    store.putSnapshot(NOTES, old, first);

    reopen();

    StoredSnapshot snapshot = store.snapshot(NOTES).orElseThrow();
    assertThat(snapshot.version()).isEqualTo(ann.version());
    assertThat(snapshot.bytes()).isEqualTo(second);
    assertThat(readAll(NOTES).text()).isEqualTo("abcdef");
  }

  @Test
  void shouldRejectSnapshotWhenItHasSeenMoreThanIsStored() {
    Author ann = new Author(1);
    store.append(NOTES, ann.type("abc"), Durability.WRITTEN);
    ann.type("def");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.putSnapshot(NOTES, ann.version(), ann.snapshot()))
        .withMessageContaining("stored=[0000000000000001:3]");
    assertThat(store.snapshot(NOTES)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldAnswerEveryVectorWhenHistoryIsRandom(long seed) {
    Random random = new Random(seed);
    List<Author> authors = List.of(new Author(-3), new Author(2), new Author(9));
    List<VersionVector> seen = new ArrayList<>(List.of(NOTHING));
    VersionVector stored = NOTHING;
    for (int step = 0; step < 60; step++) {
      Author author = authors.get(random.nextInt(authors.size()));
      if (random.nextInt(3) == 0) {
        Author other = authors.get(random.nextInt(authors.size()));
        author.read(other.since(author.version()));
      }
      if (random.nextInt(4) == 0 && author.length() > 3) {
        author.delete(1, 1 + random.nextInt(3));
      } else {
        author.type("typed".substring(0, 1 + random.nextInt(5)));
      }
      seen.add(author.version());
      if (random.nextInt(3) == 0) {
        VersionVector known = random.nextBoolean() ? stored : NOTHING;
        Durability durability = random.nextInt(10) == 0 ? Durability.FSYNCED : Durability.WRITTEN;
        VersionVector after = store.append(NOTES, author.since(known), durability);
        stored = stored.merge(author.version());
        assertThat(after).as("seed %d step %d", seed, step).isEqualTo(stored);
      }
      if (random.nextInt(20) == 0) {
        reopen();
      }
      VersionVector vector = seen.get(random.nextInt(seen.size()));
      assertCompletes(store.readSince(NOTES, vector), vector, vector.merge(stored));
    }
    for (Author author : authors) {
      store.append(NOTES, author.since(stored), Durability.WRITTEN);
    }
    for (Author author : authors) {
      author.read(store.readSince(NOTES, author.version()));
      assertThat(author.version()).isEqualTo(store.version(NOTES));
      assertThat(author.text()).as("seed %d", seed).isEqualTo(readAll(NOTES).text());
    }
  }

  @Test
  void shouldShowReadersClosedHistoryWhileOthersAppend() throws Exception {
    int rounds = 100;
    ExecutorService threads = Executors.newFixedThreadPool(2);
    CountDownLatch started = new CountDownLatch(2);
    AtomicBoolean done = new AtomicBoolean();
    try {
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(
            CompletableFuture.runAsync(
                () -> {
                  started.countDown();
                  VersionVector seen = NOTHING;
                  boolean last;
                  do {
                    last = done.get();
                    VersionVector held = store.version(NOTES);
                    VersionVector reached = advance(seen, store.readSince(NOTES, seen));
                    assertThat(reached.includes(held)).isTrue();
                    seen = reached;
                  } while (!last);
                  assertThat(seen).isEqualTo(store.version(NOTES));
                },
                threads));
      }
      assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
      Author ann = new Author(9);
      Author ben = new Author(1);
      for (int round = 0; round < rounds; round++) {
        List<Change> question = ann.type("?");
        ben.read(question);
        List<Change> answer = ben.type("!");
        ann.read(answer);
        store.append(NOTES, question, Durability.WRITTEN);
        store.append(NOTES, answer, round % 10 == 0 ? Durability.FSYNCED : Durability.WRITTEN);
      }
      done.set(true);
      for (CompletableFuture<Void> reader : readers) {
        reader.get(10, TimeUnit.SECONDS);
      }
    } finally {
      done.set(true);
      threads.shutdown();
    }
  }

  @Test
  void shouldRefuseWhenClosed() {
    Author ann = new Author(1);
    store.append(NOTES, ann.type("abc"), Durability.WRITTEN);

    store.close();
    store.close();

    assertThatIllegalStateException().isThrownBy(() -> store.version(NOTES));
    assertThatIllegalStateException()
        .isThrownBy(() -> store.append(NOTES, ann.type("d"), Durability.WRITTEN));
    assertThatIllegalStateException().isThrownBy(() -> store.readSince(NOTES, NOTHING));
    assertThatIllegalStateException().isThrownBy(() -> store.documents());
  }

  /** Builds a document from all that the store holds. */
  protected final Author readAll(DocumentId document) {
    Author reader = new Author(0x7ead);
    reader.read(store.readSince(document, NOTHING));
    assertThat(reader.version()).isEqualTo(store.version(document));
    return reader;
  }

  /** Checks that changes lead in causal order from one version to another, with none needless. */
  private static void assertCompletes(List<Change> changes, VersionVector from, VersionVector to) {
    assertThat(changes).allMatch(change -> change.start() >= from.next(change.replica()));
    assertThat(advance(from, changes)).isEqualTo(to);
  }

  private static VersionVector advance(VersionVector from, List<Change> changes) {
    VersionVector version = from;
    for (Change change : changes) {
      assertThat(change.isReady(version)).isTrue();
      version = version.toBuilder().advance(change.replica(), change.end()).build();
    }
    return version;
  }

  private static long unitsOf(List<Change> changes) {
    return changes.stream().mapToLong(change -> change.end() - change.start()).sum();
  }

  @SafeVarargs
  private static List<Change> concat(List<Change>... lists) {
    List<Change> all = new ArrayList<>();
    for (List<Change> list : lists) {
      all.addAll(list);
    }
    return all;
  }
}
