package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What one open document has to do with the other relays of a cluster: it takes in what they
 * announce, and reads from the store that they share what it may have missed. Confined to the
 * document's worker; only the methods of the listener may be called from elsewhere.
 *
 * <p>What is announced waits for the worker within a bound. Beyond it is dropped, for it is in the
 * store, or soon will be.
 */
final class OtherRelays implements FanOut.Listener {
  private static final Logger log = LoggerFactory.getLogger(OtherRelays.class);

  private final FanOut fanOut;
  private final ChangeStore store;
  private final Executor storeReads;
  private final long maxHeardBytes;
  private final long partBytes;
  private final Hooks hooks;

  // Guarded by this.
  private List<Change> heard = new ArrayList<>();
  private long heardBytes;
  private boolean lookDue;
  private boolean posted;

  private FanOut.@Nullable Subscription subscription;
  private boolean reading;
  private boolean readAgain;
  private boolean failing;

  /**
   * Creates what hears nothing until it is {@linkplain #join joined}.
   *
   * @param storeReads run what reads the store, at most one task of the document at a time
   */
  OtherRelays(
      FanOut fanOut, ChangeStore store, Executor storeReads, RelayBounds bounds, Hooks hooks) {
    this.fanOut = fanOut;
    this.store = store;
    this.storeReads = storeReads;
    this.maxHeardBytes = bounds.inboundBytes();
    this.partBytes = bounds.partBytes();
    this.hooks = hooks;
  }

  /** What the document does for it. */
  interface Hooks {
    DocumentId id();

    /** Runs a task on the document's worker, behind what it has to do. */
    void post(Runnable task);

    /** Returns what the document has. */
    VersionVector version();

    /** Takes in what other relays have announced, as far as it is ready. */
    void announced(List<Change> changes);

    /** Takes in what other relays have stored. */
    void foundInStore(List<Change> changes);

    /** Returns whether anything waits for what has not come. */
    boolean isWaiting();
  }

  /** Tells of what clients of this relay have sent, and of nothing else that was taken in. */
  void tell(List<RelayedText.Accepted> news) {
    List<Change> changes = new ArrayList<>();
    for (RelayedText.Accepted each : news) {
      if (each.from() != null) {
        changes.addAll(each.changes());
      }
    }
    if (!changes.isEmpty()) {
      fanOut.publish(hooks.id(), changes);
    }
  }

  /** Begins to hear of the document. Called once. */
  void join() {
    subscription = fanOut.subscribe(hooks.id(), this);
  }

  /** Hears nothing more. */
  void leave() {
    FanOut.Subscription left = subscription;
    subscription = null;
    if (left != null) {
      left.close();
    }
  }

  @Override
  public void received(List<Change> changes) {
    long bytes = 0;
    for (Change change : changes) {
      bytes += change.sizeInBytes();
    }
    synchronized (this) {
      if (heardBytes + bytes > maxHeardBytes) {
        lookDue = true;
      } else {
        heard.addAll(changes);
        heardBytes += bytes;
      }
      if (posted) {
        return;
      }
      posted = true;
    }
    hooks.post(this::takeIn);
  }

  @Override
  public void catchUp() {
    synchronized (this) {
      lookDue = true;
      if (posted) {
        return;
      }
      posted = true;
    }
    hooks.post(this::takeIn);
  }

  private void takeIn() {
    List<Change> changes;
    boolean look;
    synchronized (this) {
      changes = heard;
      heard = new ArrayList<>();
      heardBytes = 0;
      look = lookDue;
      lookDue = false;
      posted = false;
    }
    if (subscription == null) {
      return;
    }
    if (!changes.isEmpty()) {
      parts(changes).forEach(hooks::announced);
      look |= hooks.isWaiting();
    }
    if (look) {
      read();
    }
  }

  private void read() {
    if (reading) {
      readAgain = true;
      return;
    }
    reading = true;
    readAgain = false;
    VersionVector version = hooks.version();
    storeReads.execute(
        () -> {
          try {
            List<Change> found = store.readSince(hooks.id(), version);
            hooks.post(() -> found(found));
          } catch (RuntimeException | Error e) {
            hooks.post(() -> failed(e));
          }
        });
  }

  private void found(List<Change> changes) {
    reading = false;
    failing = false;
    FanOut.Subscription current = subscription;
    if (current == null) {
      return;
    }
    parts(changes).forEach(hooks::foundInStore);
    if (readAgain) {
      read();
    } else if (hooks.isWaiting()) {
      // The relay that has announced it has not stored it yet, or what came before was lost.
      current.missed();
    }
  }

  /** Returns the changes in parts that can be passed on as they are, each in one message. */
  private List<List<Change>> parts(List<Change> changes) {
    List<List<Change>> parts = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < changes.size(); i++) {
      int size = changes.get(i).sizeInBytes();
      if (i > from && bytes + size > partBytes) {
        parts.add(changes.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    if (from < changes.size()) {
      parts.add(changes.subList(from, changes.size()));
    }
    return parts;
  }

  /** The fan-out will say when to look again. */
  private void failed(Throwable reason) {
    reading = false;
    if (!failing) {
      Failures.tell(
          log, Level.WARN, "document " + hooks.id() + ": the store cannot be read", reason);
    }
    failing = true;
  }
}
