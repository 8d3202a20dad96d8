package dev.weft.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.SharedFiles;
import dev.weft.client.Await;
import dev.weft.client.FaultyProxy;
import dev.weft.client.SaveReceipt;
import dev.weft.client.SharedText;
import dev.weft.client.Transport;
import dev.weft.client.WeftClient;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextChange;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.relay.RelayServer;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.StoredDocument;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authors of recorded traces at devices of their own: each has its client, its store and its
 * link, which takes 50 ms each way and is cut with a probability of 2 % each second. Every author
 * types its recorded patches in their order, each when its time has come, whatever the link does.
 *
 * <p>A recorded position is one of the text at the transaction's parents, and on such a link an
 * author has less of others than that, or more. 3,855 of clownschool's 23,136 transactions and
 * 2,446 of friendsforever's 26,078 name one of another author as a parent, in chains of up to 1,328
 * and 882; each link of a chain takes 100 ms at the least, so that waiting for parents would take
 * over two minutes and nearly one and a half, and would not be what people do, who type on. Hence a
 * patch is made in the text that its author has by then, its position clipped to that.
 *
 * <p>Asserted is that in the end
 *
 * <ul>
 *   <li>the authors, their stores, the relay's store and one who joins late have the same text, and
 *       what an observer of each author was told makes that text;
 *   <li>the history has of each author what it inserted, character by character in its order, and
 *       as many deletions as it made: nothing is lost, and nothing is there twice;
 *   <li>each save that was made on the way was acknowledged, and when it was, the relay's store had
 *       all that was saved.
 * </ul>
 *
 * <p>Not asserted is that the text is the recorded one, which it cannot be. In {@link RelayRunTest}
 * authors see what they saw then.
 *
 * <p>{@code -Dweft.traceSeconds} sets how long a trace takes, {@code -Dweft.seed} which links are
 * cut in which second; how the threads meet is the machine's choice. {@code -Dweft.test.log=INFO}
 * tells figures.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class RecordedAuthorsTest {
  private static final Logger log = LoggerFactory.getLogger(RecordedAuthorsTest.class);

  private static final DocumentId DOCUMENT = new DocumentId("recorded");
  private static final Duration WHOLE =
      Duration.ofSeconds(Integer.getInteger("weft.traceSeconds", 20));

  private static final Duration ROUND_TRIP = Duration.ofMillis(100);
  private static final double CUT_PROBABILITY = 0.02;

  /** One that has each link cut within 20 seconds, of two authors as of three. */
  private static final long USUAL_SEED = 35;

  private static final int SAVE_EVERY = 1_000;

  /** How long what must happen may take; whoever waits so long has waited in vain. */
  private static final long PATIENCE_SECONDS = 90;

  @TempDir private Path directory;

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void shouldBringAuthorsWithTheirOwnTimingToEqualTexts() throws Exception {
    Path file = SharedFiles.trace("clownschool.json.gz");
    Trace trace = TraceReader.read(file);
    play(Script.of(trace), Pace.recorded(trace, file, WHOLE));
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void shouldBringAuthorsOfSteadyPaceToEqualTexts() throws Exception {
    Trace trace = TraceReader.read(SharedFiles.trace("friendsforever.json.gz"));
    play(Script.of(trace), Pace.steady(trace, WHOLE));
  }

  private void play(Script script, Pace pace) throws Exception {
    long seed = Long.getLong("weft.seed", USUAL_SEED);
    try (Run run = new Run(directory, script, pace, seed)) {
      run.play();
      run.check();
      log.info("{}", run);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          "seed "
              + seed
              + "; replay: ./mvnw -pl examples/cli -am test -Dtest=RecordedAuthorsTest -Dweft.seed="
              + seed
              + " -Dweft.traceSeconds="
              + WHOLE.toSeconds(),
          e);
    }
  }

  /** All authors of one trace, and their relay. */
  private static final class Run implements AutoCloseable {
    private final Path directory;
    private final Script script;
    private final Pace pace;
    private final RandomGenerator random;
    private final SqliteChangeStore store;
    private final RelayServer relay;
    private final List<Author> authors = new ArrayList<>();
    private Duration untilInStep = Duration.ZERO;

    Run(Path directory, Script script, Pace pace, long seed) {
      this.directory = directory;
      this.script = script;
      this.pace = pace;
      this.random = new SplittableRandom(seed);
      store = SqliteChangeStore.open(directory.resolve("relay"), new SecureRandom());
      relay = RelayServer.builder().store(store).build();
      relay.start();
      for (int writer = 0; writer < script.trace().writerCount(); writer++) {
        authors.add(new Author(writer, new Device("author" + writer)));
      }
    }

    void play() throws Exception {
      for (Author author : authors) {
        author.device.text.caughtUp().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
      ScheduledExecutorService scissors = Executors.newSingleThreadScheduledExecutor();
      ExecutorService hands = Executors.newFixedThreadPool(authors.size());
      try {
        Future<?> unused = scissors.scheduleAtFixedRate(this::maybeCut, 1, 1, TimeUnit.SECONDS);
        long start = System.nanoTime();
        List<Future<?>> typing = new ArrayList<>();
        for (Author author : authors) {
          typing.add(hands.submit(() -> author.typeAll(start)));
        }
        for (Future<?> each : typing) {
          each.get(WHOLE.toSeconds() + PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        long typed = System.nanoTime();
        for (Author author : authors) {
          author.awaitSaves();
        }
        Await.inStep(authors.stream().map(author -> author.device.text).toArray(SharedText[]::new));
        untilInStep = Duration.ofNanos(System.nanoTime() - typed);
      } finally {
        scissors.shutdownNow();
        hands.shutdownNow();
      }
    }

    private void maybeCut() {
      for (Author author : authors) {
        if (random.nextDouble() < CUT_PROBABILITY) {
          author.cuts.incrementAndGet();
          author.device.proxy.cut();
        }
      }
    }

    void check() throws Exception {
      SharedText first = authors.get(0).device.text;
      String text = first.text();
      VersionVector version = first.version();
      for (Author author : authors) {
        assertThat(author.device.text.text()).as("author %s", author.writer).isEqualTo(text);
        assertThat(author.shown()).as("shown to author %s", author.writer).isEqualTo(text);
        assertThat(author.device.text.deadLetters()).isEmpty();
        if (author.cuts.get() > 0) {
          Await.until(() -> author.device.proxy.connections() > 1, () -> author + " is back");
        }
      }
      try (Device late = new Device("late")) {
        late.text.caughtUp().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(late.text.text()).as("who joins late").isEqualTo(text);
        checkHistory(late.text.version(), late.text.read(Run::inserted));
      }
      assertThat(store.version(DOCUMENT)).isEqualTo(version);
      assertThat(stored(store)).as("the relay's store").isEqualTo(text);
      for (Author author : authors) {
        author.device.client.close();
        assertThat(stored(author.device.store))
            .as("the store of author %s", author.writer)
            .isEqualTo(text);
      }
    }

    private static String stored(ChangeStore store) {
      return StoredDocument.load(store, DOCUMENT, new ReplicaId(1)).text().text();
    }

    /** Returns what each replica ever inserted, in its order. */
    private static Map<ReplicaId, StringBuilder> inserted(TextDocument document) {
      Map<ReplicaId, StringBuilder> inserted = new HashMap<>();
      document
          .history()
          .forEachRun(
              run -> {
                StringBuilder own =
                    inserted.computeIfAbsent(run.author(), replica -> new StringBuilder());
                for (TextChange.Edit edit : run.edits()) {
                  own.append(edit.inserted());
                }
              });
      return inserted;
    }

    /** Nothing is lost, nothing is there twice, and nobody wrote but the authors. */
    private void checkHistory(VersionVector version, Map<ReplicaId, StringBuilder> inserted) {
      assertThat(inserted).hasSameSizeAs(authors);
      for (Author author : authors) {
        ReplicaId replica = author.device.text.replica();
        assertThat(inserted.get(replica))
            .as("inserted by author %s", author.writer)
            .hasToString(author.inserted.toString());
        assertThat(version.next(replica))
            .as("inserted and deleted by author %s", author.writer)
            .isEqualTo(author.inserted.length() + author.deleted);
      }
    }

    /** Returns figures. */
    @Override
    public String toString() {
      StringBuilder figures = new StringBuilder();
      figures.append(
          String.format(
              "%s: %d transactions in %d s, all in step %d ms after the last",
              script.trace().name(),
              script.trace().transactionCount(),
              WHOLE.toSeconds(),
              untilInStep.toMillis()));
      for (Author author : authors) {
        figures.append("; ").append(author);
      }
      return figures.toString();
    }

    @Override
    public void close() {
      authors.forEach(author -> author.device.close());
      relay.close();
      store.close();
    }

    /** A client with a store and a link of its own. */
    private final class Device implements AutoCloseable {
      final FaultyProxy proxy;
      final SqliteChangeStore store;
      final WeftClient client;
      final SharedText text;

      Device(String name) {
        proxy = new FaultyProxy(relay.port(), 0);
        proxy.latency(ROUND_TRIP.toNanos() / 2);
        store = SqliteChangeStore.open(directory.resolve(name), new SecureRandom());
        client =
            WeftClient.builder()
                .relay(proxy.uri())
                .store(store)
                .closeWithin(Duration.ofSeconds(30))
                .transport(Transport.WEBSOCKET)
                .build();
        text = client.open(DOCUMENT);
      }

      @Override
      public void close() {
        client.close();
        store.close();
        proxy.close();
      }
    }

    /** Who types, and what it typed. */
    private final class Author {
      final int writer;
      final Device device;
      final StringBuilder inserted = new StringBuilder();
      long deleted;
      final AtomicInteger cuts = new AtomicInteger();
      private final List<CompletableFuture<?>> saves = new ArrayList<>();
      private final StringBuilder shown = new StringBuilder();
      private int clipped;
      private long latestNanos;
      private final AtomicLong longestSaveNanos = new AtomicLong();

      Author(int writer, Device device) {
        this.writer = writer;
        this.device = device;
        device.text.observe(change -> change.applyTo(shown));
      }

      void typeAll(long start) {
        int typed = 0;
        for (int transaction : Pace.transactionsOf(script.trace(), writer)) {
          long due = start + pace.nanos(transaction);
          for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
          }
          latestNanos = Math.max(latestNanos, System.nanoTime() - due);
          device.text.transact(document -> type(transaction, document));
          typed++;
          if (typed % SAVE_EVERY == 0) {
            save();
          }
        }
        save();
      }

      private void type(int transaction, TextDocument document) {
        int end = script.firstPatch(transaction + 1);
        for (int patch = script.firstPatch(transaction); patch < end; patch++) {
          int from = Math.min(script.start(patch), document.length());
          int to = Math.min(script.end(patch), document.length());
          if (from < script.start(patch) || to < script.end(patch)) {
            clipped++;
          }
          document.replace(from, to, script.inserted(patch));
          inserted.append(script.inserted(patch));
          deleted += to - from;
        }
      }

      private void save() {
        VersionVector saved = device.text.version();
        long begun = System.nanoTime();
        saves.add(device.text.save().thenAccept(receipt -> check(receipt, saved, begun)));
      }

      private void check(SaveReceipt receipt, VersionVector saved, long begun) {
        long nanos = System.nanoTime() - begun;
        longestSaveNanos.accumulateAndGet(nanos, Math::max);
        assertThat(Duration.ofNanos(nanos)).isGreaterThanOrEqualTo(ROUND_TRIP);
        assertThat(receipt.version().includes(saved)).as("%s covers %s", receipt, saved).isTrue();
        assertThat(Run.this.store.version(DOCUMENT).includes(receipt.version()))
            .as("the relay's store has %s", receipt)
            .isTrue();
      }

      void awaitSaves() throws Exception {
        for (CompletableFuture<?> save : saves) {
          save.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
      }

      String shown() {
        return device.text.read(document -> shown.toString());
      }

      /** Returns figures. */
      @Override
      public String toString() {
        return String.format(
            "author %d inserted %d, deleted %d, clipped %d patches, typed at most %d ms late,"
                + " saved %d times within %d ms, was cut %d times, connected %d times",
            writer,
            inserted.length(),
            deleted,
            clipped,
            TimeUnit.NANOSECONDS.toMillis(latestNanos),
            saves.size(),
            TimeUnit.NANOSECONDS.toMillis(longestSaveNanos.get()),
            cuts.get(),
            device.proxy.connections());
      }
    }
  }
}
