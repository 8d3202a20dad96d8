package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DocumentId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A document that someone has open: its text, its channels, and what happens between them. Confined
 * to a worker by its mailbox; only {@link #post} and what says so may be called from elsewhere.
 *
 * <p>Changes are taken in as they come, and passed on at the end of the worker's turn, so that what
 * came together goes out together. What a channel has been sent is always the text's version at the
 * last such moment, or, where its connection is slow, what its {@link Feed} says to be owed.
 */
final class OpenDocument
    implements DocumentWriter.Hooks, PendingSaves.Hooks, OtherRelays.Hooks, Eviction.Hooks {
  private static final Logger log = LoggerFactory.getLogger(OpenDocument.class);

  /** Whom a client knows beyond a document: itself, and others of whom the relay has lost all. */
  private static final int MAX_BEYOND = 1_000;

  private final RelayHub hub;
  private final DocumentId id;
  private final RelayTimes times;
  private final RelayBounds bounds;
  private final Mailbox mailbox;
  private final TokenBucket messages;
  private final TokenBucket bytes;
  private final DocumentSize size;

  /** How many channels refer to the document. Guarded by the hub. */
  int references;

  /** Since when none does. Guarded by the hub. */
  long unusedSinceNanos;

  /** Whether nothing of the document would be lost if it were let go now and read again. */
  private volatile boolean settled;

  private final Set<Channel> channels = new LinkedHashSet<>();
  private final Writers writers = new Writers();
  private final PendingSaves saves;
  private final PresenceBoard presence;
  private final OtherRelays otherRelays;
  private final List<Runnable> untilDurable = new ArrayList<>();
  private final News news;
  private final Renderings renderings;
  private final Followers followers;
  private final Eviction eviction;

  /** When the oldest of the edits came that have not been passed on. */
  private long oldestNanos;

  private boolean hasUntold;

  /** Null until the document is loaded. */
  private @Nullable Body body;

  /** Why the document cannot be had; null if it can. */
  private @Nullable Refusal failure;

  /** Creates a document that is not loaded yet; what is posted waits. */
  OpenDocument(RelayHub hub, DocumentId id) {
    this.hub = hub;
    this.id = id;
    this.times = hub.times();
    this.bounds = hub.bounds();
    this.mailbox =
        new Mailbox(
            hub.workers(), this::finishTurn, this::broken, hub.ticker(), hub.load()::waited);
    this.messages = bounds.allowances().messagesOfDocument(hub.now());
    this.bytes = bounds.allowances().bytesOfDocument(hub.now());
    this.size = new DocumentSize(hub.load());
    this.saves =
        new PendingSaves(
            this, times, bounds.connection().maxPendingSaves(), hub.guarantee(), hub.metrics());
    this.renderings = new Renderings(hub.readerBudget(), hub.timer());
    this.followers = new Followers(renderings);
    this.news = new News(bounds.partBytes());
    this.presence = new PresenceBoard(channels, bounds.participants());
    this.eviction = new Eviction(this, times.idleDocument());
    this.otherRelays = new OtherRelays(hub.fanOut(), hub.store(), hub.storeReads(), bounds, this);
  }

  /** What there is once the document is loaded. */
  private record Body(RelayedText text, CatchUp catchUp, DocumentWriter writer, Intake intake) {}

  @Override
  public DocumentId id() {
    return id;
  }

  @Override
  public void post(Runnable task) {
    mailbox.post(task);
  }

  /** Forgets tasks that wait. May be called from any thread. */
  void withdraw(Set<? extends Runnable> tasks) {
    mailbox.withdraw(tasks);
  }

  @Override
  public boolean isLastGone() {
    return hub.leave(this);
  }

  @Override
  public long now() {
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

  // --- Coming and going ---

  /** Reads the document from the store. Called once, on a thread that may block. */
  void load() {
    Runnable first;
    long begunNanos = hub.now();
    try {
      LoadedDocument loaded = LoadedDocument.load(hub.store(), id, hub.newReplica(), bounds);
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
    RelayedText text = new RelayedText(loaded.text(), bounds);
    CatchUp catchUp = new CatchUp(text, bounds, loaded.snapshot());
    DocumentWriter writer =
        new DocumentWriter(
            text,
            catchUp,
            hub.writeBehind(),
            hub.load(),
            times,
            bounds,
            this,
            text.version(),
            loaded.tailBytes());
    body =
        new Body(
            text,
            catchUp,
            writer,
            new Intake(this, text, writer, writers, news, saves, times, bounds, hub.metrics()));
    size.measure(text.text());
    news.begin(text.version());
    otherRelays.join();
    if (!writer.isIdle()) {
      writer.flush();
    }
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
    giveBack();
    body = null;
    news.clear();
    hub.discard(this);
    // What has failed once may fail again on the way out; no channel is left untold for that.
    List<Throwable> faults = new ArrayList<>();
    attempt(otherRelays::leave, faults);
    attempt(followers::end, faults);
    for (Channel channel : List.copyOf(channels)) {
      attempt(() -> close(channel, refusal, List.of()), faults);
    }
    untilDurable.forEach(each -> attempt(each, faults));
    untilDurable.clear();
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

  /** The channel's client opens it, or asks anew for what it lacks. */
  void open(Channel channel, ClientMessage.Open message, DocumentAccess access) {
    Body open = usable(channel);
    if (open == null) {
      return;
    }
    if (access == DocumentAccess.NONE) {
      close(channel, Refusals.unauthorised(), List.of());
      return;
    }
    if (open.text.isForkedAt(message.vector(), message.digest())) {
      close(channel, Refusals.forkedIdentity(), List.of());
      return;
    }
    channel.access = access;
    if (access == DocumentAccess.WRITE) {
      writers.opened(channel, message.writer(), message.vector());
    }
    passOn();
    channels.add(channel);
    channel.queue().open(channel.feed, bounded(message.vector()));
    pay(channel);
  }

  /**
   * Returns what is kept of a client's vector for as long as it is owed something: a vector that
   * names many whom the document does not know would take memory for each channel, and for nothing.
   */
  private VersionVector bounded(VersionVector ofClient) {
    VersionVector known = version();
    return ofClient.size() <= known.size() + MAX_BEYOND ? ofClient : ofClient.intersect(known);
  }

  /** What the channel's client may do was found out anew: it is told where that has changed. */
  void allow(Channel channel, DocumentAccess access) {
    if (usable(channel) == null || access == channel.access) {
      return;
    }
    if (access == DocumentAccess.NONE) {
      close(channel, Refusals.unauthorised(), List.of());
      return;
    }
    channel.access = access;
    if (access != DocumentAccess.WRITE) {
      writers.left(channel);
    }
    passOn();
    channel.queue().openAnew(channel.feed, version());
    pay(channel);
  }

  /** The channel's client is done, or gone. May be called from any thread. */
  void leave(Channel channel) {
    post(
        () -> {
          if (!channel.closed) {
            remove(channel);
          }
        });
  }

  /** Refuses a channel. */
  void close(Channel channel, Refusal refusal, List<RelayMessage.ChangeRange> changes) {
    if (channel.closed) {
      return;
    }
    hub.refusals().refused(() -> "document " + id + ": " + channel, refusal);
    try {
      remove(channel);
    } finally {
      channel.closedByDocument();
      channel.answer(
          new RelayMessage.Fault(RelayMessage.Scope.CHANNEL, channel.number, refusal, changes));
    }
  }

  private void remove(Channel channel) {
    channel.closed = true;
    channels.remove(channel);
    writers.left(channel);
    channel.queue().silence(channel.feed);
    saves.forget(channel);
    if (body != null) {
      body.text.forget(channel);
    }
    presence.leave(channel, hub.now());
    eviction.letGo();
  }

  @Override
  public boolean evict() {
    boolean evicted = body != null && body.writer.isIdle() && hub.evict(this);
    if (evicted) {
      evicted();
    }
    return evicted;
  }

  /** Its memory is counted no more, and nothing of it is written any more. */
  private void giveBack() {
    size.forget();
    if (body != null) {
      body.writer.end();
    }
  }

  private void evicted() {
    giveBack();
    eviction.end();
    otherRelays.leave();
    log.debug("document {} evicted", id);
  }

  /** Returns whether all that has been taken in is stored. May be called from any thread. */
  boolean isSettled() {
    return settled;
  }

  /** The hub has let the document go, to make room. May be called from any thread. */
  void madeWay() {
    post(this::evicted);
  }

  @Override
  public boolean isUsed() {
    return body == null || !channels.isEmpty();
  }

  /** Returns the document if the channel may use it; else sees to it that the client knows. */
  private @Nullable Body usable(Channel channel) {
    if (channel.closed) {
      return null;
    }
    if (failure != null) {
      close(channel, failure, List.of());
      return null;
    }
    return body;
  }

  // --- Edits ---

  /** The client has sent changes. */
  void edits(Channel channel, Payload update, @Nullable VersionVector vector, long arrivedNanos) {
    Body open = usable(channel);
    if (open != null) {
      settled = false;
      if (!hasUntold) {
        hasUntold = true;
        oldestNanos = arrivedNanos;
      }
      size.grew(update.size(), open.text.text());
      open.intake.edits(channel, update, vector);
    }
  }

  private void finishTurn() {
    passOn();
    settled = body != null && body.writer.isIdle();
  }

  /** Gives to each channel what has been taken in from the others since the last time. */
  void passOn() {
    if (body == null) {
      return;
    }
    if (!news.isEmpty()) {
      otherRelays.tell(news.passOn(channels, body.text.version()));
      if (hasUntold) {
        hub.metrics().passedOn(hub.now() - oldestNanos);
      }
    }
    hasUntold = false;
    followers.tell(body.text);
  }

  // --- Other relays ---

  @Override
  public VersionVector version() {
    return body == null ? VersionVector.EMPTY : body.text.version();
  }

  @Override
  public boolean isWaiting() {
    return body != null && body.text.isWaiting();
  }

  @Override
  public void announced(List<Change> changes) {
    if (body != null) {
      settled = false;
      size.grew(newBytes(changes), body.text.text());
      body.intake.announced(changes);
    }
  }

  @Override
  public void foundInStore(List<Change> changes) {
    if (body != null) {
      settled = false;
      size.grew(newBytes(changes), body.text.text());
      body.intake.foundInStore(changes);
    }
  }

  private long newBytes(List<Change> changes) {
    VersionVector known = version();
    long bytes = 0;
    for (Change change : changes) {
      bytes += change.isKnown(known) ? 0 : change.sizeInBytes();
    }
    return bytes;
  }

  // --- Debts ---

  /** The channel's connection has room for what is owed. May be called from any thread. */
  void payWhenAsked(Channel channel) {
    post(
        () -> {
          try {
            if (usable(channel) != null) {
              passOn();
              pay(channel);
            }
          } finally {
            channel.queue().asked();
          }
        });
  }

  private void pay(Channel channel) {
    Body open = body;
    SendQueue.Debt debt = channel.queue().debt(channel.feed);
    if (open == null || debt == null) {
      return;
    }
    CatchUp.Part part = open.catchUp.next(debt.since(), debt.opening());
    VersionVector version = open.text.version();
    RelayMessage message =
        debt.opening()
            ? new RelayMessage.Opened(
                channel.number,
                version,
                part.update(),
                !part.complete(),
                open.writer.durable(),
                access(channel),
                part.complete() ? null : part.after())
            : new RelayMessage.Edits(channel.number, part.update(), !part.complete(), part.after());
    if (!channel.queue().pay(channel.feed, message, part.after(), part.complete())) {
      close(
          channel,
          Refusal.forGood(
              Codes.TOO_LARGE,
              "A change of this document is longer than the "
                  + bounds.connection().maxFrameBytes()
                  + " bytes that a message may have."),
          List.of());
      return;
    }
    // A request is told at its end, when it is known whom it has shown itself.
    if (debt.opening() && !channel.isPolled()) {
      presence.tell(channel, hub.now());
    }
  }

  private static RelayMessage.Access access(Channel channel) {
    return channel.access == DocumentAccess.WRITE
        ? RelayMessage.Access.WRITE
        : RelayMessage.Access.READ;
  }

  // --- Saves ---

  /** The client asks for certainty. */
  void save(Channel channel, ClientMessage.Save save) {
    Body open = usable(channel);
    if (open == null) {
      return;
    }
    if (channel.access != DocumentAccess.WRITE) {
      saves.refuse(channel, save, Refusals.readOnly());
      return;
    }
    if (open.writer.isFull() && !open.writer.durable().includes(save.vector())) {
      saves.refuse(
          channel, save, Refusals.storeFull(Math.toIntExact(times.storeRetry().toMillis())));
      return;
    }
    VersionVector version = open.text.version();
    boolean waitsForStore = saves.add(channel, save, version);
    if (waitsForStore) {
      saves.flushed(open.writer.durable());
    } else if (!version.includes(save.vector())) {
      open.intake.askAgain(channel);
    }
    if (waitsForStore && !saves.isEmpty()) {
      open.writer.flush();
    }
  }

  @Override
  public boolean isForked(ClientMessage.Save save) {
    return body != null && body.text.isForkedAt(save.vector(), save.digest());
  }

  @Override
  public void flushed(VersionVector durable) {
    passOn();
    saves.flushed(durable);
    for (Channel channel : channels) {
      channel.queue().durable(channel.feed, durable);
    }
    if (body != null && !untilDurable.isEmpty()) {
      if (body.writer.isIdle()) {
        untilDurable.forEach(Runnable::run);
        untilDurable.clear();
      } else {
        body.writer.flush();
      }
    }
  }

  @Override
  public void storeFailed() {
    saves.storeFailed();
  }

  /** Calls {@code then} when all that has come before is flushed. May be called from any thread. */
  void whenDurable(Runnable then) {
    post(
        () -> {
          if (body == null || body.writer.isIdle()) {
            then.run();
          } else {
            untilDurable.add(then);
            body.writer.flush();
          }
        });
  }

  // --- Those who only read ---

  /** Who has entered to read the text. Called on the document's worker. */
  interface Guest {
    /**
     * Reads; returns whether the guest stays, until {@link #unfollow}.
     *
     * @throws RefusedException if the guest cannot be given the text, and has not been told
     */
    boolean read(RelayedText text, Renderings renderings, Followers followers)
        throws RefusedException;

    /** The document cannot be had. */
    void refused(Refusal refusal);
  }

  /** Has somebody who has entered read the text. May be called from any thread. */
  void receive(Guest guest) {
    post(
        () -> {
          Body open = body;
          boolean stays = false;
          try {
            if (open == null) {
              guest.refused(failure == null ? Refusals.internal() : failure);
            } else {
              stays = guest.read(open.text, renderings, followers);
            }
          } catch (RefusedException e) {
            guest.refused(e.refusal());
          } finally {
            if (!stays) {
              eviction.letGo();
            }
          }
        });
  }

  /** A stream lacks edits and has room for a fresh text. May be called from any thread. */
  void renew(EventStream stream) {
    post(
        () -> {
          if (body != null) {
            followers.renew(stream, body.text);
          }
        });
  }

  /** A stream has ended. May be called from any thread. */
  void unfollow(EventStream stream) {
    post(
        () -> {
          if (followers.leave(stream)) {
            eviction.letGo();
          }
        });
  }

  // --- The rest ---

  /** The client asks what it has been sent. */
  void ping(Channel channel, ClientMessage.Ping ping) {
    Body open = usable(channel);
    if (open == null) {
      return;
    }
    passOn();
    VersionVector version = open.text.version();
    VersionVector told =
        ping.vector() == null ? VersionVector.EMPTY : ping.vector().intersect(version);
    channel.queue().pong(channel.feed, ping.nonce(), version, told);
  }

  /** The client shows where someone is. */
  void presence(Channel channel, Presence shown) {
    if (usable(channel) == null || (!shown.gone() && hub.load().shedsPresence())) {
      return;
    }
    presence.show(channel, shown, hub.now());
  }

  /**
   * Calls {@code then} when all that the channel's client has asked is answered, or only saves are
   * not and have waited for a while; it asks no more. May be called from any thread.
   */
  void whenAnswered(Channel channel, Runnable then) {
    post(
        () -> {
          if (usable(channel) == null) {
            then.run();
          } else {
            presence.tell(channel, hub.now());
            passOn();
            saves.whenAnswered(channel, then);
          }
        });
  }
}
