package dev.weft.lab.day;

import dev.weft.client.SaveProgress;
import dev.weft.client.SaveReceipt;
import dev.weft.client.SaveRefusedException;
import dev.weft.client.SharedText;
import dev.weft.client.SyncStatus;
import dev.weft.client.WeftClient;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextChange;
import dev.weft.crdt.VersionVector;
import dev.weft.lab.day.Line.Kind;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The process of one who types into a document and saves it every few seconds, without a display:
 * the client as it ships, on a store of its own. It reports on standard output by {@link Line}s.
 * Told {@code rest} on standard input it saves a last time and types no more, told {@code tell} it
 * reports what it shows, told {@code end} it closes; without standard input it dies.
 *
 * <p>An edit is named by its replica and the number that follows its last event: a reader shows it
 * when its version has come so far. So nothing need be put into the text to find it again.
 */
final class Typist {
  private static final long SAVE_EVERY_MILLIS = 3_000;

  private final SharedText text;
  private final Keyboard keyboard;
  private final RandomGenerator random;
  private final BlockingQueue<String> told;
  private final AtomicInteger unanswered = new AtomicInteger();
  private final Map<ReplicaId, Long> seen = new HashMap<>(); // guarded by itself
  private int lastSave;
  private long storedNext;

  private Typist(SharedText text, long seed, BlockingQueue<String> told) {
    this.text = text;
    this.random = new SplittableRandom(seed);
    this.keyboard = new Keyboard(new SplittableRandom(seed + 1));
    this.told = told;
  }

  public static void main(String[] arguments) throws InterruptedException {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> report(Line.of(Kind.FAULT).with("what", thread.getName() + thrown)));
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    Thread listener = new Thread(() -> listen(told), "told");
    listener.setDaemon(true);
    listener.start();
    try (SqliteChangeStore store =
            SqliteChangeStore.open(Path.of(arguments[1]), new SecureRandom());
        WeftClient client =
            WeftClient.builder().relay(URI.create(arguments[0])).store(store).build();
        SharedText text = client.open(new DocumentId(arguments[2]))) {
      new Typist(text, Long.parseLong(arguments[3]), told).work();
    }
  }

  private static void listen(BlockingQueue<String> told) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        told.add(line);
      }
    } catch (IOException e) {
      // Who told it what to do is gone.
    }
    Runtime.getRuntime().halt(1);
  }

  /** A line goes out at once and whole, so that a kill takes none that was written. */
  private static synchronized void report(Line line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
  }

  private void work() throws InterruptedException {
    var unused = text.observe(this::show);
    report(Line.of(Kind.OPEN).with("replica", text.replica()));
    look();
    var unusedToo = text.onStatus(Typist::report);
    var unusedThree = text.onSave(Typist::report);
    long typeAt = System.nanoTime();
    long saveAt = typeAt + millis(random.nextLong(SAVE_EVERY_MILLIS));
    boolean resting = false;
    while (true) {
      long wait = resting ? TimeUnit.MINUTES.toNanos(1) : typeAt - System.nanoTime();
      switch (String.valueOf(told.poll(Math.max(wait, 0), TimeUnit.NANOSECONDS))) {
        case "rest" -> {
          resting = true;
          save();
        }
        case "tell" -> tell();
        case "end" -> {
          return;
        }
        default -> {
          if (resting) {
            break;
          }
          type();
          typeAt = System.nanoTime() + millis(keyboard.pauseMillis());
          if (System.nanoTime() >= saveAt) {
            save();
            saveAt =
                System.nanoTime()
                    + millis(SAVE_EVERY_MILLIS / 2 + random.nextLong(SAVE_EVERY_MILLIS));
          }
        }
      }
    }
  }

  private static long millis(long count) {
    return TimeUnit.MILLISECONDS.toNanos(count);
  }

  private void type() {
    confirm();
    Line line = Line.of(Kind.TYPED);
    long began = System.nanoTime();
    boolean inserts = keyboard.press(text);
    long took = System.nanoTime() - began;
    report(
        line.with("replica", text.replica())
            .with("next", text.version().next(text.replica()))
            .with("insert", inserts)
            .with("took", TimeUnit.NANOSECONDS.toMicros(took)));
    look();
  }

  /** Reports what the status says to be in the store: a version that was there before it. */
  private void confirm() {
    long next = text.version().next(text.replica());
    if (next > storedNext && text.status().unstoredChanges() == 0) {
      storedNext = next;
      report(Line.of(Kind.STORED).with("replica", text.replica()).with("next", next));
    }
  }

  // --- What is shown ---

  private void show(TextChange change) {
    if (change.origin() == TextChange.Origin.REMOTE) {
      look();
    }
  }

  private void look() {
    VersionVector version = text.version();
    synchronized (seen) {
      for (ReplicaId replica : version.replicas()) {
        long next = version.next(replica);
        Long before = seen.put(replica, next);
        if (!replica.equals(text.replica()) && (before == null || next > before)) {
          report(Line.of(Kind.SEEN).with("replica", replica).with("next", next));
        }
      }
    }
  }

  private static void report(SyncStatus status) {
    report(described(Line.of(Kind.STATUS), status));
  }

  private static Line described(Line line, SyncStatus status) {
    return line.with("connection", status.connection())
        .with("freshness", status.freshness())
        .with("saves", status.saves())
        .with("degradations", status.degradations())
        .with("unstored", status.unstoredChanges())
        .with("says", status.describe());
  }

  private void tell() {
    look();
    confirm();
    report(
        described(Line.of(Kind.STATE), text.status())
            .with("version", text.version())
            .with("text", text.text())
            .with("unanswered", unanswered.get()));
  }

  // --- Saves ---

  private void save() {
    int number = ++lastSave;
    unanswered.incrementAndGet();
    report(Line.of(Kind.SAVE).with("number", number));
    long began = System.nanoTime();
    CompletableFuture<SaveReceipt> unused =
        text.save()
            .whenComplete(
                (receipt, failure) -> {
                  long took = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began);
                  unanswered.decrementAndGet();
                  report(answered(receipt, failure).with("number", number).with("took", took));
                });
  }

  private static Line answered(@Nullable SaveReceipt receipt, @Nullable Throwable failure) {
    if (receipt != null) {
      return Line.of(Kind.SAVED)
          .with("version", receipt.version())
          .with("guarantee", receipt.guarantee());
    }
    return Line.of(Kind.REFUSED)
        .with(
            "code",
            failure instanceof SaveRefusedException refused
                ? refused.code()
                : String.valueOf(failure));
  }

  private static void report(SaveProgress progress) {
    if (progress.receipt() != null) {
      report(Line.of(Kind.RECEIPT).with("version", progress.receipt().version()));
    }
  }
}
