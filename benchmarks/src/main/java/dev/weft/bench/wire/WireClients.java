package dev.weft.bench.wire;

import dev.weft.bench.RecordedTraces;
import dev.weft.bench.ScratchDirectory;
import dev.weft.cli.trace.Script;
import dev.weft.cli.trace.TraceReader;
import dev.weft.client.SharedText;
import dev.weft.client.WeftClient;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.WorkspaceStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An author and a reader of this library, each with a client and a store on disk, which is where
 * their random ids come from. It does what {@code benchmarks/peers/wire.mjs} does and prints the
 * same lines. Arguments: TRACE EDITS KEYSTROKES_PER_SECOND AUTHOR_PORT READER_PORT.
 */
public final class WireClients {
  private static final DocumentId DOCUMENT = new DocumentId("wire");
  private static final long PATIENCE_SECONDS = 120;
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Script script;
  private final SharedText author;
  private final SharedText reader;

  private WireClients(Script script, SharedText author, SharedText reader) {
    this.script = script;
    this.author = author;
    this.reader = reader;
  }

  /** Runs until the standard input ends. */
  public static void main(String[] args) throws Exception {
    Script script = Script.of(TraceReader.read(RecordedTraces.existing(args[0])));
    int edits = Integer.parseInt(args[1]);
    int pace = Integer.parseInt(args[2]);
    Path parent = Path.of(System.getProperty("java.io.tmpdir"));
    SecureRandom random = new SecureRandom();
    try (ScratchDirectory authorDisk = new ScratchDirectory(parent);
        ScratchDirectory readerDisk = new ScratchDirectory(parent);
        WorkspaceStore authorStore = SqliteChangeStore.open(authorDisk.path(), random);
        WorkspaceStore readerStore = SqliteChangeStore.open(readerDisk.path(), random);
        WeftClient authorClient = client(authorStore, args[3]);
        WeftClient readerClient = client(readerStore, args[4])) {
      WireClients clients =
          new WireClients(script, authorClient.open(DOCUMENT), readerClient.open(DOCUMENT));
      clients.run(edits, pace);
    }
  }

  private static WeftClient client(WorkspaceStore store, String port) {
    return WeftClient.builder().relay(URI.create("ws://127.0.0.1:" + port)).store(store).build();
  }

  private void run(int edits, int pace) throws Exception {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    author.caughtUp().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    reader.caughtUp().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!script.trace().startContent().isEmpty()) {
      author.insert(0, script.trace().startContent());
    }
    awaitReader();
    System.out.println("connected");
    lines.readLine();
    if (pace == 0) {
      typeOneByOne(edits);
    } else {
      typeAtPace(edits, pace);
    }
    awaitReader();
    System.out.println(Digest.of(author.text()));
    System.out.println(Digest.of(reader.text()));
    lines.readLine();
  }

  private void typeOneByOne(int edits) throws InterruptedException, IOException {
    Semaphore seen = new Semaphore(0);
    reader.observe(change -> seen.release());
    for (int edit = 0; edit < edits; edit++) {
      type(edit);
      if (!seen.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the reader was not told of edit " + edit);
      }
    }
  }

  private void typeAtPace(int edits, int pace) {
    long begun = System.nanoTime();
    long pauseNanos = TimeUnit.SECONDS.toNanos(1) / pace;
    for (int edit = 0; edit < edits; edit++) {
      long left = begun + edit * pauseNanos - System.nanoTime();
      while (left > 0) {
        LockSupport.parkNanos(left);
        left = begun + edit * pauseNanos - System.nanoTime();
      }
      type(edit);
    }
  }

  private void type(int edit) {
    int start = script.start(edit);
    int end = script.end(edit);
    String inserted = script.inserted(edit);
    if (start == end) {
      author.insert(start, inserted);
    } else if (inserted.isEmpty()) {
      author.delete(start, end);
    } else {
      author.replace(start, end, inserted);
    }
  }

  private void awaitReader() throws IOException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!reader.version().equals(author.version())) {
      if (System.nanoTime() - until > 0) {
        throw new IOException("the reader does not come to have what the author wrote");
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }
}
