package dev.weft.bench.window;

import dev.weft.bench.ScratchDirectory;
import dev.weft.client.SharedText;
import dev.weft.client.WeftClient;
import dev.weft.crdt.Selection;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Several people who write one document, each with a client of their own, in a process of its own:
 * letters one after the other, and now and then elsewhere. The first of them writes the document's
 * first text; then a line is printed, and a line on the standard input starts them; they stop when
 * that ends, and a line is printed if all of them wrote until then.
 */
final class RemoteAuthors {
  private static final String WORD = "warp and weft make the cloth that many hands weave at once\n";
  private static final int SEED_PART = 100_000;
  private static final double JUMPS = 0.02;

  private RemoteAuthors() {}

  /** Arguments: RELAY DOCUMENT LENGTH AUTHORS KEYS_A_SECOND DIRECTORY. */
  public static void main(String[] args) throws Exception {
    URI relay = URI.create(args[0]);
    DocumentId document = new DocumentId(args[1]);
    int length = Integer.parseInt(args[2]);
    int authors = Integer.parseInt(args[3]);
    int keysPerSecond = Integer.parseInt(args[4]);
    Path disk = Path.of(args[5]);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    List<Author> all = new ArrayList<>();
    List<ScheduledFuture<?>> typing = new ArrayList<>();
    ScheduledExecutorService keys = Executors.newSingleThreadScheduledExecutor();
    try {
      for (int i = 0; i < authors; i++) {
        all.add(new Author(relay, document, disk, i));
        if (i == 0) {
          all.get(0).writeFirst(length);
        }
      }
      for (Author author : all) {
        author.awaitText(length);
      }
      System.out.println("ready");
      if (lines.readLine() != null) {
        long nanos = TimeUnit.SECONDS.toNanos(1) / keysPerSecond;
        for (int i = 0; i < all.size(); i++) {
          Author author = all.get(i);
          long first = nanos * i / all.size();
          typing.add(keys.scheduleAtFixedRate(author::type, first, nanos, TimeUnit.NANOSECONDS));
        }
        while (lines.readLine() != null) {
          // Until the input ends.
        }
        for (ScheduledFuture<?> each : typing) {
          if (each.isDone()) {
            throw new IllegalStateException("an author stopped early: " + each);
          }
        }
        System.out.println("wrote");
      }
    } finally {
      keys.shutdownNow();
      for (Author author : all) {
        author.close();
      }
    }
  }

  /** One of them. */
  private static final class Author implements AutoCloseable {
    private final ScratchDirectory directory;
    private final SqliteChangeStore store;
    private final WeftClient client;
    private final SharedText text;
    private final Random random;
    private int place;

    Author(URI relay, DocumentId document, Path disk, int number) throws IOException {
      directory = new ScratchDirectory(disk);
      store = SqliteChangeStore.open(directory.path(), new SecureRandom());
      client = WeftClient.builder().store(store).relay(relay).build();
      text = client.open(document);
      text.presence().show("Author " + (number + 1), 0x3366AA + 0x10 * number);
      random = new Random(number);
    }

    void writeFirst(int length) throws Exception {
      for (int written = 0; written < length; written += SEED_PART) {
        int part = Math.min(SEED_PART, length - written);
        text.insert(text.length(), WORD.repeat(part / WORD.length() + 1).substring(0, part));
        text.delivered().get();
      }
    }

    void awaitText(int length) throws InterruptedException {
      while (text.length() < length) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      place = random.nextInt(length);
    }

    void type() {
      text.transact(
          document -> {
            if (random.nextDouble() < JUMPS) {
              place = random.nextInt(document.length());
            }
            place = Math.min(place, document.length());
            document.insert(place, String.valueOf((char) ('a' + random.nextInt(26))));
            place++;
          });
      text.presence().select(Selection.caret(place));
    }

    @Override
    public void close() throws IOException {
      client.close();
      store.close();
      directory.close();
    }
  }
}
