package dev.weft.client;

import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.ConnectionLimits;
import dev.weft.protocol.Presence;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DeadLetter;
import dev.weft.store.DocumentId;
import dev.weft.store.PendingSave;
import dev.weft.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How one text keeps in step with the relay: a state machine driven by the session's events, by the
 * text's announcements and by timers. Confined to the loop.
 *
 * <pre>{@code
 *         attach             Opened             all of it applied
 * DETACHED -----> OPENING ---------> CATCHING_UP ---------------> LIVE
 *     ^              |                    |      <---------------   |
 *     | link lost    | refused for good   |        a gap is found   |
 *     +--------------+---------> REFUSED  +-------------------------+
 * }</pre>
 *
 * <p>Nothing here remembers messages. What to send is what the text has and the relay lacks, by
 * version vectors; what to ask for is what the relay has told to have and the text lacks. A message
 * that is lost, doubled or late therefore changes how long it takes, not how it ends.
 */
final class Channel implements Incoming.Owner {
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(10);

  /** What an Edits frame has beside its changes, at most. */
  private static final int ENVELOPE_BYTES = 64;

  private final DocumentId document;
  private final LocalCopy copy;
  private final Journal journal;
  private final OutboxGauge gauge;
  private final Saves saves;
  private final Incoming incoming;
  private final Outgoing outgoing;
  private final Session session;
  private final Environment environment;
  private final Watch watch;
  private final SharedPresence presence;
  private final PresenceExchange presenceExchange;
  private final Backoff retries;
  private final Watermark watermark;
  private final RefusedEdits refusedEdits;
  private final ChannelStatus status;

  private Phase phase = Phase.DETACHED;
  private int number;
  private @Nullable Refusal refusal;
  private @Nullable Refusal postponed;
  private boolean closed;

  /** When the relay was asked what it has of the text. */
  private final Questions<Long> pingedNanos = new Questions<>();

  private Loop.@Nullable Timer reattachTimer;

  /** Creates a channel of a text just loaded. */
  Channel(
      StoredText stored,
      Session session,
      Environment environment,
      Duration storeWindow,
      OutboxLimits outboxLimits,
      Watch watch) {
    this.document = stored.document();
    this.session = session;
    this.environment = environment;
    this.watch = watch;
    Runnable announced = this::textChanged;
    this.copy =
        new LocalCopy(
            stored.text(), stored.relayDurable(), () -> environment.loop().execute(announced));
    this.journal = new Journal(stored, copy, environment, storeWindow, this::journalChanged);
    this.gauge =
        new OutboxGauge(
            stored, copy, journal, environment, outboxLimits, session.hasRelay(), this::publish);
    this.saves =
        new Saves(
            journal,
            environment,
            session.hasRelay(),
            session.waitingTimes(),
            this::savesChanged,
            watch::saveProgressed);
    this.incoming = new Incoming(copy, environment, session, this);
    this.outgoing = new Outgoing(copy, environment, session::pump, this::publish);
    this.presence = new SharedPresence(copy, environment, this::ownPresenceChanged);
    this.presenceExchange =
        new PresenceExchange(
            presence::own,
            environment,
            outgoing::windowNanos,
            session::pump,
            this::othersPresenceChanged);
    this.retries = new Backoff(FIRST_RETRY, LAST_RETRY, environment.random());
    this.watermark = new Watermark(copy, stored.relayDurable(), environment);
    DeadLetters deadLetters = new DeadLetters(stored, copy, journal, environment, this::publish);
    this.refusedEdits = new RefusedEdits(deadLetters, saves, copy, session);
    this.status =
        new ChannelStatus(session, outgoing, watermark, saves, refusedEdits, journal, gauge);
  }

  private enum Phase {
    DETACHED,
    OPENING,
    CATCHING_UP,
    LIVE,
    REFUSED
  }

  /** Hears what the channel comes to know. Called on the loop. */
  interface Watch {
    /** The text's view may have changed. */
    void changed();

    /** The text has caught up with the relay on this connection. */
    void caughtUp();

    /** The text is not in step any more, or tries to be again after a refusal. */
    void fellBehind();

    /** A save has begun, or is done, or refused; the view tells it already. */
    void saveProgressed(SaveProgress progress);

    /** The text will not be in step, until somebody asks to try again. */
    void refused(Refusal why);
  }

  DocumentId document() {
    return document;
  }

  LocalCopy copy() {
    return copy;
  }

  SharedPresence presence() {
    return presence;
  }

  int number() {
    return number;
  }

  VersionVector durable() {
    return watermark.durable();
  }

  /** Returns why edits or the text are refused for good; null if they are not. */
  @Nullable Refusal refusal() {
    return refusal != null ? refusal : refusedEdits.why();
  }

  /** Returns what the relay refused for good. May be called by any thread. */
  List<DeadLetter> deadLetters() {
    return refusedEdits.letters();
  }

  /** Takes up the saves that an earlier run left in the store, oldest first. */
  void resume(List<PendingSave> pending) {
    relayHolds();
    saves.resume(pending);
    refuseSavesIfRefused();
  }

  private void refuseSavesIfRefused() {
    Refusal why = refusal();
    if (why != null) {
      saves.refuseAll(why);
    }
  }

  private void journalChanged() {
    gauge.check();
    publish();
  }

  // --- The connection ---

  /** A connection speaks the protocol: opens a channel of this number on it. */
  void attach(int channelNumber) {
    number = channelNumber;
    tryRefusedAgain();
    open();
  }

  /** Who waited until the text is in step, or refused, has been told; the next waits anew. */
  private void enter(Phase next) {
    boolean wasSettled = phase == Phase.LIVE || phase == Phase.REFUSED;
    boolean leaves = phase != next;
    phase = next;
    if (wasSettled && leaves) {
      watch.fellBehind();
    }
  }

  private void open() {
    enter(Phase.OPENING);
    VersionVector version = copy.version();
    session.send(
        new ClientMessage.Open(
            number, document.value(), version, copy.digest(version), copy.replica()));
    incoming.asked();
    publish();
  }

  /** The connection is gone. */
  void linkLost() {
    if (phase != Phase.REFUSED) {
      enter(Phase.DETACHED);
    }
    number = 0;
    postponed = null;
    stop();
    watermark.linkLost();
    pingedNanos.forget();
    copy.linkLost();
    saves.linkLost();
    publish();
  }

  /** The session is in another state. */
  void sessionChanged() {
    publish();
  }

  /** Returns whether the text itself was refused for good; not, whether edits of it were. */
  boolean isRefused() {
    return phase == Phase.REFUSED;
  }

  /** Returns whether it was because the token does not allow it. */
  boolean isUnauthorised() {
    return isRefused()
        && refusal != null
        && (refusal.code().equals(Codes.UNAUTHORISED)
            || refusal.code().equals(Codes.TOKEN_EXPIRED));
  }

  /** Somebody asks to try again what was refused. */
  void tryRefusedAgain() {
    if (phase == Phase.REFUSED) {
      enter(Phase.DETACHED);
    }
    refusal = null;
  }

  /** The session is refused for good, and this text with it. */
  void sessionRefused(Refusal why) {
    refuse(why);
  }

  private void refuse(Refusal why) {
    boolean isNew = phase != Phase.REFUSED;
    enter(Phase.REFUSED);
    refusal = why;
    stop();
    copy.linkLost();
    saves.refuseAll(why);
    // First the status: who waits asks for it next.
    publish();
    if (isNew) {
      watch.refused(why);
    }
  }

  /**
   * Ends for good: sends what the link takes, stores the rest, and has the store take the replica
   * id back.
   *
   * @param done is told on the loop: null if everything is stored, else why not
   */
  void close(Consumer<@Nullable StoreException> done) {
    sendSoon();
    leaveRelay();
    enter(Phase.DETACHED);
    closed = true;
    stop();
    incoming.close();
    presenceExchange.close();
    session.unregister(this);
    saves.close();
    journal.close(
        failure -> {
          publish();
          done.accept(failure);
        });
  }

  private void leaveRelay() {
    if (number != 0 && phase != Phase.REFUSED) {
      session.closeChannel(number);
    }
  }

  private void stop() {
    outgoing.stop();
    incoming.stop();
    watermark.stop();
    presenceExchange.detached();
    if (reattachTimer != null) {
      reattachTimer.cancel();
      reattachTimer = null;
    }
  }

  // --- From the relay ---

  void opened(RelayMessage.Opened message) {
    if (phase == Phase.REFUSED) {
      return;
    }
    long own = copy.read(TextDocument::nextSequence);
    if (message.vector().next(copy.replica()) > own) {
      failed(
          Refusal.forGood(
              Codes.FORKED_IDENTITY,
              "the relay holds changes of replica "
                  + copy.replica()
                  + " that this device never made: its store was copied or restored; opened again,"
                  + " the document is written under a new id"));
      return;
    }
    enter(Phase.CATCHING_UP);
    postponed = null;
    refusedEdits.granted(message.access());
    watermark.isOnly(message.durable());
    copy.relayHasOnly(message.vector());
    journal.relayHoldsDurably(message.durable());
    relayHolds();
    journal.stopWatching();
    watermark.exchanged();
    incoming.answered(message.vector(), message.changes(), message.more());
    outgoing.restart();
    presenceExchange.attached();
    publish();
  }

  void edits(RelayMessage.Edits message) {
    if (isOpen()) {
      watermark.exchanged();
      incoming.update(message.changes(), message.more(), message.vector());
    }
  }

  /** Updates that were let go for want of room may be asked for again. */
  void roomInInbox() {
    incoming.roomInInbox();
  }

  @Override
  public void applied() {
    if (!closed) {
      journal.textChanged();
      publish();
    }
  }

  @Override
  public void inStep() {
    if (phase == Phase.CATCHING_UP) {
      enter(Phase.LIVE);
      publish();
      watch.caughtUp();
      refusedEdits.inStep();
    }
  }

  @Override
  public void outOfStep() {
    if (phase == Phase.LIVE) {
      enter(Phase.CATCHING_UP);
      publish();
    }
  }

  @Override
  public void ask() {
    open();
  }

  @Override
  public void failed(Refusal why) {
    if (closed) {
      return;
    }
    retireIdIfForked(why);
    leaveRelay();
    refuse(why);
  }

  /** The relay may have lost what it had told to have. */
  void resend(RelayMessage.Resend message) {
    if (isAttached()) {
      copy.relayHasOnly(message.vector());
      outgoing.restart();
    }
  }

  void durable(RelayMessage.Durable message) {
    if (isAttached()) {
      holdsDurably(message.vector());
      incoming.expect(message.vector());
      publish();
    }
  }

  private void holdsDurably(VersionVector vector) {
    watermark.rose(vector);
    retries.reset();
    copy.relayHas(vector);
    journal.relayHoldsDurably(vector);
    relayHolds();
  }

  /** What the relay holds may be more than it refused. */
  private void relayHolds() {
    boolean goesOn = refusedEdits.relayHolds(watermark.durable());
    if (goesOn && isOpen()) {
      outgoing.restart();
    }
  }

  void saveAcknowledged(RelayMessage.SaveAcknowledged message) {
    if (isAttached()) {
      holdsDurably(message.vector());
      saves.acknowledged(message);
      session.pump();
      publish();
    }
  }

  void saveRefused(RelayMessage.SaveRefused message) {
    if (isAttached()) {
      saves.refused(message);
      if (message.refusal().code().equals(Codes.EDITS_MISSING)) {
        sendAgainFrom(VersionVector.EMPTY);
      }
      session.pump();
      publish();
    }
  }

  /** The relay tells of somebody who has the text open. */
  void presence(Presence message) {
    if (isAttached()) {
      presenceExchange.received(message);
    }
  }

  private void othersPresenceChanged() {
    presence.othersAre(presenceExchange.others());
  }

  /** May be called by any thread. */
  private void ownPresenceChanged() {
    environment.loop().execute(presenceExchange::ownChanged);
  }

  /** The answer to {@link #check}: what the text has if nothing sent before was missed. */
  void pong(long nonce, @Nullable VersionVector vector) {
    if (vector == null || !isAttached()) {
      return;
    }
    Long askedNanos = pingedNanos.answered(nonce);
    if (askedNanos != null) {
      session.waitingTimes().keystroke(environment.ticker().getAsLong() - askedNanos);
    }
    copy.relayHas(vector);
    if (!watermark.isConfirmedBy(nonce, vector)) {
      sendAgainFrom(vector);
    }
    if (watermark.isLostBy(nonce) && isOpen() && refusal() == null) {
      open();
    }
    incoming.expect(vector);
    publish();
  }

  /** Returns whether something went over the channel that the relay has not confirmed. */
  boolean isUnchecked() {
    return watermark.isUnchecked();
  }

  /** Asks the relay what it has of the text and has sent of it. */
  void check(long nonce) {
    watermark.asking(nonce);
    pingedNanos.ask(nonce, environment.ticker().getAsLong());
    session.send(new ClientMessage.Ping(nonce, number, null));
  }

  /** The relay asks for fewer messages. */
  void throttle(RelayMessage.Throttle message) {
    outgoing.throttle(message.windowMillis(), message.lastsMillis());
  }

  void roundTrip(long nanos) {
    outgoing.roundTrip(nanos);
  }

  /** The relay refuses the channel, or some changes. */
  void fault(RelayMessage.Fault message) {
    Refusal why = message.refusal();
    retireIdIfForked(why);
    if (message.scope() == RelayMessage.Scope.CHANNEL) {
      channelClosed(why);
    } else if (why.retryable()) {
      copy.linkLost();
      outgoing.holdBack(retryNanos(why));
    } else {
      refuseEdits(why);
    }
  }

  private void retireIdIfForked(Refusal why) {
    if (why.code().equals(Codes.FORKED_IDENTITY)) {
      journal.retireReplicaId();
    }
  }

  private void channelClosed(Refusal why) {
    if (why.retryable()) {
      reattachLater(why);
    } else if (DeadLetters.isAboutEdits(why) && refusal() == null && copy.hasUnsent()) {
      // Without those edits the relay lets it in again, to read.
      linkLost();
      refuseEdits(why);
      reattachAfter(0);
    } else {
      refuse(why);
    }
  }

  private void refuseEdits(Refusal why) {
    refusedEdits.refuse(why);
    publish();
  }

  /** Somebody asks to send again what was refused for good. */
  void retryRefused() {
    refusedEdits.retry();
    if (isOpen()) {
      outgoing.restart();
    }
    publish();
  }

  private long retryNanos(Refusal why) {
    return TimeUnit.MILLISECONDS.toNanos(why.retryAfterMillis()) + retries.nextDelayNanos();
  }

  private void reattachLater(Refusal why) {
    linkLost();
    postponed = why;
    publish();
    reattachAfter(retryNanos(why));
  }

  /** By a timer, which ends with the connection and with the text. */
  private void reattachAfter(long nanos) {
    reattachTimer =
        environment
            .loop()
            .schedule(
                nanos,
                () -> {
                  reattachTimer = null;
                  session.attach(this);
                });
  }

  /** Whether the relay may speak of the text: its answers count even while it is asked anew. */
  private boolean isAttached() {
    return phase == Phase.OPENING || isOpen();
  }

  /** Whether it is known what the relay has. */
  boolean isOpen() {
    return phase == Phase.CATCHING_UP || phase == Phase.LIVE;
  }

  // --- To the relay ---

  /** The text has changed. */
  void textChanged() {
    if (closed) {
      return;
    }
    if (isOpen()) {
      journal.textChanged();
      outgoing.textChanged();
    } else {
      journal.textChangedAlone();
    }
    publish();
  }

  /** Begins a save, and sends what it covers without waiting for the window. */
  void save(
      VersionVector version,
      @Nullable Guarantee atLeast,
      @Nullable Duration deadline,
      CompletableFuture<SaveReceipt> future) {
    if (closed) {
      saves.refuseClosed(future);
      return;
    }
    saves.request(version, atLeast, deadline, future);
    sendSoon();
  }

  /** A save may have become ready to be sent. */
  private void savesChanged() {
    refuseSavesIfRefused();
    session.pump();
    publish();
  }

  /** Sends what there is to send as soon as the link takes it, without waiting for the window. */
  void sendSoon() {
    outgoing.soon();
  }

  private void sendAgainFrom(VersionVector arrived) {
    copy.relayMissed(arrived);
    outgoing.restart();
  }

  /**
   * Sends the next message if there is one whose time has come, and returns whether it did.
   *
   * @param limits what the relay takes
   */
  boolean sendNext(ConnectionLimits limits) {
    if (!isOpen()) {
      return false;
    }
    ClientMessage message = refusal() == null ? nextOfText(limits.maxFrameBytes()) : null;
    if (message != null) {
      watermark.exchanged();
    } else {
      message = presenceExchange.next(number, limits.maxPresenceBytes());
    }
    if (message == null) {
      return false;
    }
    session.send(message);
    publish();
    return true;
  }

  private @Nullable ClientMessage nextOfText(int maxFrameBytes) {
    // A save that is ready goes before the keystrokes that came after it.
    ClientMessage message = saves.next(number, copy.taken(), copy::digest);
    return message != null ? message : nextEdits(maxFrameBytes);
  }

  private ClientMessage.@Nullable Edits nextEdits(int maxFrameBytes) {
    UpdateParts.Part part = outgoing.next(maxFrameBytes - ENVELOPE_BYTES);
    if (outgoing.isStuck()) {
      refuseEdits(
          Refusal.forGood(
              Codes.TOO_LARGE, "one change is larger than the relay takes in one message"));
    }
    return part == null ? null : new ClientMessage.Edits(number, part.update(), null);
  }

  // --- Status ---

  /** First the status, then who waits for an answer: what they ask for next is the status. */
  private void publish() {
    watch.changed();
    saves.tellCallers();
  }

  View view() {
    return status.view(
        phase == Phase.LIVE, closed, phase == Phase.REFUSED ? refusal : null, postponed);
  }
}
