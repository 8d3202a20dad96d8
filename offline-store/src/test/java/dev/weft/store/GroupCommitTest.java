package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final DocumentId POEM = new DocumentId("poem");
  private static final Duration WINDOW = Duration.ofMillis(50);
  private static final Duration INSTANT = Duration.ofNanos(1);

  @TempDir Path directory;

  private final SteppedScheduler scheduler = new SteppedScheduler();
  private final List<String> told = new ArrayList<>();
  private final Author ann = new Author(1);
  private final Author ben = new Author(2);
  private FaultyStore store;

  @BeforeEach
  void open() {
    store = new FaultyStore(SqliteChangeStore.open(directory, new Random()));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void shouldStoreWithinWindowAndNotBefore() {
    GroupCommit log = builder().start();
    VersionVector accepted = log.append(NOTES, ann.type("a"));
    scheduler.advance(WINDOW.dividedBy(2));
    log.append(NOTES, ann.type("b"));
    scheduler.advance(WINDOW.dividedBy(2).minus(INSTANT));

    assertThat(accepted).isEqualTo(VersionVector.of(ann.replica(), 1));
    assertThat(log.accepted(NOTES)).isEqualTo(ann.version());
    assertThat(log.written(NOTES)).isEqualTo(VersionVector.EMPTY);
    assertThat(log.queuedChanges()).isEqualTo(2);
    assertThat(store.takeAppends()).isEmpty();

    scheduler.advance(INSTANT);

    assertThat(store.takeAppends()).containsExactly("notes 2 WRITTEN");
    assertThat(log.written(NOTES)).isEqualTo(ann.version());
    assertThat(log.queuedChanges()).isZero();
    assertThat(told).containsExactly("notes [" + ann.version() + "] WRITTEN");
    assertThat(scheduler.size()).isZero();
  }

  @Test
  void shouldStoreAtOnceWhenSomebodyWaits() {
    GroupCommit log = builder().start();
    log.append(NOTES, ann.type("a"));
    CompletableFuture<VersionVector> done = log.flush(NOTES, Durability.FSYNCED);
    assertThat(done).isNotDone();

    scheduler.runDue();

    assertThat(done).isCompletedWithValue(ann.version());
    assertThat(store.takeAppends()).containsExactly("notes 1 FSYNCED");
  }

  @Test
  void shouldSyncWhatIsStoredAlreadyWhenSomebodyWaitsForThat() {
    GroupCommit log = builder().start();
    log.append(NOTES, ann.type("a"));
    scheduler.advance(WINDOW);
    store.takeAppends();

    CompletableFuture<VersionVector> done = log.flush(NOTES, Durability.FSYNCED);
    scheduler.runDue();

    assertThat(done).isCompletedWithValue(ann.version());
    assertThat(store.takeAppends()).containsExactly("notes 0 FSYNCED");
  }

  @Test
  void shouldSyncOnceWhenManyWait() {
    GroupCommit log = builder().start();
    log.append(NOTES, ann.type("a"));
    log.append(POEM, ben.type("b"));
    List<CompletableFuture<VersionVector>> waiting =
        List.of(
            log.flush(POEM, Durability.FSYNCED),
            log.flush(NOTES, Durability.WRITTEN),
            log.flush(NOTES, Durability.FSYNCED));

    scheduler.runDue();

    assertThat(waiting).allMatch(CompletableFuture::isDone);
    assertThat(store.takeAppends())
        .containsExactly("notes 1 WRITTEN", "poem 1 WRITTEN", "poem 0 FSYNCED");
    assertThat(told)
        .containsExactly(
            "notes [" + ann.version() + "] FSYNCED", "poem [" + ben.version() + "] FSYNCED");
  }

  @Test
  void shouldSkipWhatIsQueuedOrStored() {
    GroupCommit log = builder().start();
    List<Change> first = ann.type("a");
    List<Change> second = ann.type("b");
    log.append(NOTES, first);
    log.append(NOTES, first);
    assertThat(log.queuedChanges()).isOne();
    scheduler.advance(WINDOW);

    log.append(NOTES, first);
    assertThat(log.queuedChanges()).isZero();
    assertThat(scheduler.size()).isZero();
    assertThat(log.append(NOTES, ann.since(VersionVector.EMPTY))).isEqualTo(ann.version());
    log.append(NOTES, second);
    scheduler.advance(WINDOW);

    assertThat(store.version(NOTES)).isEqualTo(ann.version());
  }

  @Test
  void shouldRefuseChangeWhoseDependenciesAreNeitherStoredNorQueued() {
    GroupCommit log = builder().start();
    List<Change> first = ann.type("a");
    ben.read(first);
    List<Change> answer = ben.type("b");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> log.append(NOTES, answer))
        .withMessageContaining("missing=0000000000000001@0");
    assertThat(log.queuedChanges()).isZero();

    log.append(NOTES, first);
    log.append(NOTES, answer);
    scheduler.advance(WINDOW);
    assertThat(store.version(NOTES)).isEqualTo(ben.version());
  }

  @Test
  void shouldAcceptChangeWhoseDependenciesOthersHaveStored() {
    GroupCommit log = builder().start();
    log.append(NOTES, new Author(9).type("x"));
    List<Change> first = ann.type("a");
    store.append(NOTES, first, Durability.WRITTEN);
    ben.read(first);

    log.append(NOTES, ben.type("b"));
    assertThat(log.accepted(NOTES).includes(ben.version())).isTrue();
    scheduler.advance(WINDOW);

    assertThat(store.version(NOTES).includes(ben.version())).isTrue();
  }

  @Test
  void shouldKeepChangesAndTryAgainWhenDiskFails() {
    GroupCommit log = builder().start();
    store.setDiskFails(true);
    log.append(NOTES, ann.type("a"));
    CompletableFuture<VersionVector> waiting = log.flush(NOTES, Durability.WRITTEN);

    scheduler.advance(WINDOW);

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(waiting::get)
        .withCauseInstanceOf(StoreException.class)
        .withMessageContaining("the disk is full");
    assertThat(log.failure().orElseThrow()).hasMessageContaining("the disk is full");
    log.append(NOTES, ann.type("b"));
    assertThat(log.queuedChanges()).isEqualTo(2);
    scheduler.advance(Duration.ofMinutes(1));
    assertThat(log.queuedChanges()).isEqualTo(2);
    assertThat(scheduler.size()).isOne();

    store.setDiskFails(false);
    scheduler.advance(Duration.ofSeconds(5));

    assertThat(store.version(NOTES)).isEqualTo(ann.version());
    assertThat(store.takeAppends()).containsExactly("notes 2 WRITTEN");
    assertThat(log.failure()).isEmpty();
    assertThat(log.queuedChanges()).isZero();
    assertThat(told.get(0)).isEqualTo("failing");
    assertThat(told.subList(told.size() - 2, told.size()))
        .containsExactly("notes [" + ann.version() + "] WRITTEN", "recovered");
    assertThat(scheduler.size()).isZero();
  }

  @Test
  void shouldTryMoreSlowlyWhileDiskFails() {
    GroupCommit log = builder().start();
    store.setDiskFails(true);
    log.append(NOTES, ann.type("a"));

    scheduler.advance(Duration.ofSeconds(20));

    // After 50 ms, and then after 50, 100, 200, ... 3,200 ms, then every 5 s.
    assertThat(told).hasSize(10).containsOnly("failing");
    store.setDiskFails(false);
    CompletableFuture<VersionVector> done = log.flush(NOTES, Durability.FSYNCED);
    scheduler.runDue();
    assertThat(done).isCompletedWithValue(ann.version());
  }

  @Test
  void shouldStoreOtherDocumentsWhenOneFails() {
    GroupCommit log = builder().start();
    store.setFailing(NOTES);
    log.append(NOTES, ann.type("a"));
    log.append(POEM, ben.type("b"));
    CompletableFuture<VersionVector> notes = log.flush(NOTES, Durability.WRITTEN);
    CompletableFuture<VersionVector> poem = log.flush(POEM, Durability.FSYNCED);

    scheduler.runDue();

    assertThat(notes).isCompletedExceptionally();
    assertThat(poem).isCompletedWithValue(ben.version());
    assertThat(store.takeAppends()).containsExactly("poem 1 WRITTEN", "poem 0 FSYNCED");
    assertThat(log.queuedChanges()).isOne();
  }

  @Test
  void shouldFailAllWhoWaitForSyncWhenItFails() {
    GroupCommit log = builder().start();
    log.append(NOTES, ann.type("a"));
    log.append(POEM, ben.type("b"));
    scheduler.advance(WINDOW);
    log.append(NOTES, ann.type("c"));
    store.setFailing(NOTES);
    CompletableFuture<VersionVector> written = log.flush(POEM, Durability.WRITTEN);
    CompletableFuture<VersionVector> synced = log.flush(POEM, Durability.FSYNCED);

    scheduler.runDue();

    assertThat(written).isCompletedWithValue(ben.version());
    assertThat(synced).isCompletedExceptionally();
  }

  @Test
  void shouldRefuseWhenQueueIsFull() {
    GroupCommit log = builder().maxQueuedChanges(2).start();
    log.append(NOTES, ann.type("a"));
    log.append(POEM, ben.type("b"));
    List<Change> third = ann.type("c");

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> log.append(NOTES, third))
        .withMessageMatching(
            "the change was not taken: 2 changes of \\d+ bytes wait to be stored, at most 2 of"
                + " 67108864 may; try again later");
    assertThat(log.accepted(NOTES)).isEqualTo(VersionVector.of(ann.replica(), 1));

    scheduler.advance(WINDOW);
    log.append(NOTES, third);
    scheduler.advance(WINDOW);
    assertThat(store.version(NOTES)).isEqualTo(ann.version());
  }

  @Test
  void shouldSayWhyQueueIsFullWhenDiskFails() {
    GroupCommit log = builder().maxQueuedBytes(3).start();
    store.setDiskFails(true);
    log.append(NOTES, ann.type("larger than the bound, but alone"));
    scheduler.advance(WINDOW);

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> log.append(NOTES, ann.type("c")))
        .withMessageContaining("at most 65536 of 3 may; cannot append to document notes: the disk");
  }

  @Test
  void shouldStoreAllWhenClosed() {
    GroupCommit log = builder().start();
    log.append(NOTES, ann.type("a"));

    log.close();
    log.close();

    assertThat(store.takeAppends()).containsExactly("notes 1 WRITTEN");
    assertThatIllegalStateException().isThrownBy(() -> log.append(NOTES, ann.type("b")));
    assertThatIllegalStateException().isThrownBy(() -> log.flush(NOTES, Durability.WRITTEN));
    assertThat(log.written(NOTES)).isEqualTo(VersionVector.of(ann.replica(), 1));
  }

  @Test
  void shouldSayWhatIsLostWhenItCannotBeStoredAndTryAgainWhenClosedAgain() {
    GroupCommit log = builder().start();
    log.append(NOTES, ann.type("a"));
    store.setDiskFails(true);

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(log::close)
        .withMessageContaining(
            "not stored, and lost when the program ends: 1 change (cannot append")
        .withMessageContaining("the disk is full");

    store.setDiskFails(false);
    log.close();
    assertThat(store.version(NOTES)).isEqualTo(ann.version());
  }

  @Test
  void shouldStoreAllWhenFullDiskHasSpaceAgain() throws Exception {
    try (SqliteChangeStore disk = SqliteChangeStore.open(directory.resolve("full"), new Random())) {
      disk.append(NOTES, ann.type("before"), Durability.FSYNCED);
      disk.writer.execute(
          "PRAGMA max_page_count = " + (disk.writer.queryLong("PRAGMA page_count") + 1));
      GroupCommit log = GroupCommit.builder(disk).scheduler(scheduler).start();
      log.append(NOTES, ann.type("x".repeat(20_000)));
      CompletableFuture<VersionVector> waiting = log.flush(NOTES, Durability.FSYNCED);
      scheduler.advance(Duration.ofSeconds(1));

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(waiting::get)
          .withMessageContaining("cannot append to document notes")
          .withMessageContaining("the disk is full; nothing stored is lost, free some space");
      assertThat(disk.version(NOTES)).isEqualTo(VersionVector.of(ann.replica(), 6));
      assertThat(disk.readSince(NOTES, VersionVector.EMPTY)).hasSize(1);
      assertThat(log.failure()).isPresent();

      disk.writer.execute("PRAGMA max_page_count = 1000000");
      scheduler.advance(Duration.ofSeconds(1));

      assertThat(log.failure()).isEmpty();
      assertThat(disk.version(NOTES)).isEqualTo(ann.version());
      assertThat(disk.readSince(NOTES, VersionVector.EMPTY))
          .last()
          .satisfies(change -> assertThat(change.end()).isEqualTo(20_006));
      log.close();
    }
  }

  @Test
  void shouldCompleteWhoWaitsWhenListenerFails() {
    RuntimeException thrown = new IllegalStateException("listener");
    List<Throwable> reported = new ArrayList<>();
    Thread thread = Thread.currentThread();
    Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
    thread.setUncaughtExceptionHandler((where, failure) -> reported.add(failure));
    try {
      GroupCommit log =
          builder()
              .listener(
                  new GroupCommit.Listener() {
                    @Override
                    public void committed(
                        DocumentId document, VersionVector version, Durability durability) {
                      throw thrown;
                    }
                  })
              .start();
      log.append(NOTES, ann.type("a"));
      CompletableFuture<VersionVector> done = log.flush(NOTES, Durability.WRITTEN);
      scheduler.runDue();

      assertThat(done).isCompletedWithValue(ann.version());
      assertThat(reported).containsExactly(thrown);
    } finally {
      thread.setUncaughtExceptionHandler(before);
    }
  }

  @Test
  void shouldStoreAllOnceWhenManyThreadsAppendAndFlush() throws Exception {
    int threads = 4;
    int changes = 200;
    CountDownLatch ready = new CountDownLatch(threads);
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    List<Author> authors = new ArrayList<>();
    try (GroupCommit log =
        GroupCommit.builder(store).window(Duration.ofMillis(1)).maxQueuedChanges(100_000).start()) {
      for (int i = 0; i < threads; i++) {
        Author author = new Author(i);
        DocumentId document = i % 2 == 0 ? NOTES : POEM;
        authors.add(author);
        writers.add(
            CompletableFuture.runAsync(
                () -> {
                  ready.countDown();
                  for (int n = 1; n <= changes; n++) {
                    log.append(document, author.type("x"));
                    if (n % 50 == 0) {
                      VersionVector stored = log.flush(document, Durability.FSYNCED).join();
                      assertThat(stored.includes(author.version())).isTrue();
                    }
                  }
                },
                task -> new Thread(task, "writer").start()));
      }
      assertThat(ready.await(10, TimeUnit.SECONDS)).isTrue();
      for (CompletableFuture<Void> writer : writers) {
        writer.get(30, TimeUnit.SECONDS);
      }
    }
    for (Author author : authors) {
      assertThat(store.version(NOTES).merge(store.version(POEM)).includes(author.version()))
          .isTrue();
    }
    long units = 0;
    for (DocumentId document : List.of(NOTES, POEM)) {
      for (Change change : store.readSince(document, VersionVector.EMPTY)) {
        units += change.end() - change.start();
      }
    }
    assertThat(units).isEqualTo((long) threads * changes);
  }

  private GroupCommit.Builder builder() {
    return GroupCommit.builder(store)
        .window(WINDOW)
        .scheduler(scheduler)
        .listener(
            new GroupCommit.Listener() {
              @Override
              public void committed(
                  DocumentId document, VersionVector version, Durability durability) {
                told.add(document + " [" + version + "] " + durability);
              }

              @Override
              public void failing(StoreException failure) {
                told.add("failing");
              }

              @Override
              public void recovered() {
                told.add("recovered");
              }
            });
  }
}
