package dev.weft.bench.latency;

import dev.weft.client.SharedText;
import dev.weft.client.WeftClient;
import dev.weft.crdt.TextChange;
import dev.weft.store.DocumentId;
import dev.weft.store.WorkspaceStore;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * One client, with a connection, threads and a store of its own, that has one document open: it
 * times the keystrokes of others as its observer is told of them, and may write itself. It writes
 * on where it is, as a person does, and now and then somewhere else. Thread-safe, but for writing,
 * which is done by one thread.
 */
final class Participant implements AutoCloseable {
  private static final double JUMPS = 0.05;

  private final WorkspaceStore store;
  private final WeftClient client;
  private final SharedText text;
  private final Random random;

  // Set before anybody writes.
  private volatile List<KeystrokeLog> writers = List.of();
  private volatile @Nullable Latencies latencies;
  private volatile AtomicIntegerArray seen = new AtomicIntegerArray(0);

  // Changed under the text's lock; read without it, as an editor's caret that a change overtakes.
  private volatile int caret;

  /** Begins to connect. The store is closed with the participant. */
  Participant(URI relay, DocumentId document, WorkspaceStore store, long seed) {
    this.store = store;
    this.random = new Random(seed);
    this.client = WeftClient.builder().relay(relay).store(store).build();
    this.text = client.open(document);
    text.observe(this::changed);
  }

  SharedText text() {
    return text;
  }

  /** Begins to time the keystrokes of the document's writers. */
  void expect(List<KeystrokeLog> logs, Latencies into) {
    latencies = into;
    seen = new AtomicIntegerArray(logs.size());
    writers = logs;
    caret = random.nextInt(text.length() + 1);
  }

  private void changed(TextChange change) {
    long now = System.nanoTime();
    int place = caret;
    for (TextChange.Edit edit : change.edits()) {
      if (edit.index() <= place) {
        place += edit.inserted().length();
      }
      if (change.origin() == TextChange.Origin.REMOTE) {
        count(edit.inserted(), now);
      }
    }
    caret = place;
  }

  private void count(String inserted, long now) {
    List<KeystrokeLog> logs = writers;
    Latencies into = latencies;
    if (into == null) {
      return;
    }
    for (int i = 0; i < inserted.length(); i++) {
      int writer = inserted.charAt(i) - Group.FIRST_LETTER;
      if (writer >= 0 && writer < logs.size()) {
        logs.get(writer).seen(seen.getAndIncrement(writer), now, into);
      }
    }
  }

  /** Presses the key of a writer. */
  void type(char letter) {
    if (random.nextDouble() < JUMPS) {
      caret = random.nextInt(text.length() + 1);
    }
    text.insert(caret, String.valueOf(letter));
  }

  /** Returns how many keystrokes of a writer it has been told of. */
  int seen(int writer) {
    return seen.get(writer);
  }

  @Override
  public void close() {
    client.close();
    store.close();
  }
}
