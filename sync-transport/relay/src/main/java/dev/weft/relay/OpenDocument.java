package dev.weft.relay;

import dev.weft.protocol.Refusal;
import dev.weft.store.DocumentId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A document that someone has open, from when it is read from the store until it is let go, or
 * given up: who writes and reads it are its {@link Channels} and its {@link Guests}, and what they
 * write and read is its {@link DocumentBody}. Confined to a worker by its mailbox, in which all
 * waits until it is loaded; only {@link #post} and what says so may be called from elsewhere.
 */
final class OpenDocument implements Eviction.Hooks {
  private static final Logger log = LoggerFactory.getLogger(OpenDocument.class);

  private final RelayHub hub;
  private final DocumentId id;
  private final Mailbox mailbox;
  private final TokenBucket messages;
  private final TokenBucket bytes;

  /** How many channels refer to the document. Guarded by the hub. */
  int references;

  /** Since when none does. Guarded by the hub. */
  long unusedSinceNanos;

  /** Whether nothing of the document would be lost if it were let go now and read again. */
  private volatile boolean settled;

  private final Channels channels;
  private final Guests guests;
  private final Eviction eviction;

  /** Null until the document is loaded, and once it is given up. */
  private @Nullable DocumentBody body;

  /** Why the document cannot be had; null if it can. */
  private @Nullable Refusal failure;

  /** Creates a document that is not loaded yet; what is posted waits. */
  OpenDocument(RelayHub hub, DocumentId id) {
    this.hub = hub;
    this.id = id;
    this.mailbox =
        new Mailbox(
            hub.workers(), this::finishTurn, this::broken, hub.ticker(), hub.load()::waited);
    this.messages = hub.bounds().allowances().messagesOfDocument(hub.now());
    this.bytes = hub.bounds().allowances().bytesOfDocument(hub.now());
    this.channels = new Channels(hub, this);
    this.guests = new Guests(this, new Renderings(hub.readerBudget(), hub.timer()));
    this.eviction = new Eviction(this, hub.times().idleDocument());
  }

  /** May be called from any thread. */
  DocumentId id() {
    return id;
  }

  /** Runs a task on the document's worker, behind what it has to do. */
  void post(Runnable task) {
    mailbox.post(task);
  }

  /** Forgets tasks that wait. May be called from any thread. */
  void withdraw(Set<? extends Runnable> tasks) {
    mailbox.withdraw(tasks);
  }

  long now() {
    return hub.now();
  }

  @Override
  public Timer.Scheduled after(Duration delay, Runnable task) {
    return hub.after(delay, () -> post(task));
  }

  /**
   * Counts a message of a client; returns for how many nanoseconds it should send no more. May be
   * called from any thread.
   */
  long spend(int length, long nowNanos) {
    return Math.max(messages.spend(1, nowNanos), bytes.spend(length, nowNanos));
  }

  /** Returns those who have a channel. May be called from any thread. */
  Channels channels() {
    return channels;
  }

  /** Returns those who only read. May be called from any thread. */
  Guests guests() {
    return guests;
  }

  /** Returns what there is of the document; null if it is not loaded, or was given up. */
  @Nullable DocumentBody body() {
    return body;
  }

  private void finishTurn() {
    if (body != null) {
      body.passOn();
    }
    settled = body != null && body.isIdle();
  }

  // --- From the store ---

  /** Reads the document from the store. Called once, on a thread that may block. */
  void load() {
    Runnable first;
    long begunNanos = hub.now();
    try {
      LoadedDocument loaded = LoadedDocument.load(hub.store(), id, hub.newReplica(), hub.bounds());
      hub.metrics().storeRead(hub.now() - begunNanos);
      first = () -> loaded(loaded);
    } catch (RefusedException e) {
      first = () -> fail(e.refusal());
    } catch (RuntimeException | Error e) {
      first = () -> broken(e);
    }
    mailbox.resume(first);
  }

  private void loaded(LoadedDocument loaded) {
    DocumentBody begun = new DocumentBody(hub, this, loaded);
    body = begun;
    begun.begin();
  }

  /** A task threw: the document is in no known state, so it is given up and read again. */
  private void broken(Throwable cause) {
    log.error("document {}: a fault of the relay", id, cause);
    fail(Refusals.internal());
  }

  /**
   * Another relay has other changes than this one under the same names: two devices wrote as one,
   * each at its relay, before either was stored. The store takes one of them, and what is here may
   * be the other; so nothing more is told of it. Clients send again what the store lacks.
   */
  void readAnew(Throwable why) {
    post(
        () -> {
          if (failure == null) {
            log.warn("document {} is read again: {}", id, why.getMessage());
            fail(Refusals.readAnew());
          }
        });
  }

  private void fail(Refusal refusal) {
    failure = refusal;
    DocumentBody lost = body;
    if (lost != null) {
      lost.giveBack();
    }
    body = null;
    hub.discard(this);
    // What has failed once may fail again on the way out; no channel is left untold for that.
    List<Throwable> faults = new ArrayList<>();
    if (lost != null) {
      attempt(lost::leaveOtherRelays, faults);
    }
    attempt(guests::end, faults);
    for (Channel channel : List.copyOf(channels.all())) {
      attempt(() -> channels.close(channel, refusal, List.of()), faults);
    }
    if (lost != null) {
      lost.takeUntilDurable().forEach(each -> attempt(each, faults));
    }
    if (!faults.isEmpty()) {
      log.error(
          "document {}: {} faults while it was given up, the first:",
          id,
          faults.size(),
          faults.get(0));
    }
  }

  private static void attempt(Runnable task, List<Throwable> faults) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      faults.add(e);
    }
  }

  /** Returns why the document cannot be had; null if it can. */
  @Nullable Refusal failure() {
    return failure;
  }

  // --- The end ---

  /** One of those who refer to the document does so no more. */
  void letGo() {
    eviction.letGo();
  }

  @Override
  public boolean isLastGone() {
    return hub.leave(this);
  }

  @Override
  public boolean isUsed() {
    return body == null || !channels.all().isEmpty();
  }

  @Override
  public boolean evict() {
    boolean evicted = body != null && body.isIdle() && hub.evict(this);
    if (evicted) {
      evicted();
    }
    return evicted;
  }

  /** The hub has let the document go, to make room. May be called from any thread. */
  void madeWay() {
    post(this::evicted);
  }

  private void evicted() {
    eviction.end();
    if (body != null) {
      body.giveBack();
      body.leaveOtherRelays();
    }
    log.debug("document {} evicted", id);
  }

  /** More was taken in, which is not stored yet. */
  void unsettle() {
    settled = false;
  }

  /** Returns whether all that has been taken in is stored. May be called from any thread. */
  boolean isSettled() {
    return settled;
  }

  /** Calls {@code then} when all that has come before is flushed. May be called from any thread. */
  void whenDurable(Runnable then) {
    post(
        () -> {
          if (body == null) {
            then.run();
          } else {
            body.whenDurable(then);
          }
        });
  }
}
