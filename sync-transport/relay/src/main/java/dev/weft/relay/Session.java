package dev.weft.relay;

import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.Presence;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay's end of one connection: reads what the client says, keeps to the order of the
 * protocol, and passes on to documents what is theirs. Thread-safe; frames come in one at a time.
 *
 * <pre>
 *  NEW --Hello--> GREETED --admitted--> ACTIVE --refused or drained--> CLOSING --> CLOSED
 *   \______________\_______ refused ___________________________________^
 * </pre>
 */
final class Session implements Admission.Hooks {
  private static final Logger log = LoggerFactory.getLogger(Session.class);

  private final RelayHub hub;
  private final Outlet outlet;
  private final Entrance entrance;
  private final String id;
  private final @Nullable Refusal unwelcome;
  private final RelayTimes times;
  private final RelayBounds bounds;
  private final SendQueue queue;
  private final ReadGate gate;
  private final Pace pace;
  private final LifeSigns life;
  private final Admission admission;
  private final Reports reports;

  // Guarded by this.
  private State state = State.NEW;
  private final ChannelTable channels;

  /** What a client that is not admitted yet is to hear behind Welcome; null for nothing. */
  private RelayMessage.@Nullable Drain drain;

  /** Under which name the authenticator knows the client; empty before it has been asked. */
  private volatile String user = "";

  /** Cuts the connection if it does not take in why it was refused. */
  private Timer.@Nullable Scheduled goodbye;

  /** Whether the client will say no more: then it shows that it lives by taking answers in. */
  private boolean saidAll;

  /** Whether the hub counts the connection. */
  private boolean counted = true;

  private enum State {
    NEW,
    GREETED,
    ACTIVE,
    CLOSING,
    CLOSED
  }

  /**
   * Creates a session.
   *
   * @param unwelcome why the connection is not taken; null if it is
   */
  Session(RelayHub hub, Outlet outlet, Entrance entrance, String id, @Nullable Refusal unwelcome) {
    this.hub = hub;
    this.outlet = outlet;
    this.entrance = entrance;
    this.id = id;
    this.unwelcome = unwelcome;
    this.times = hub.times();
    this.bounds = hub.bounds();
    this.queue =
        new SendQueue(
            outlet,
            entrance.version(),
            bounds.outboundBytes(),
            bounds.connection().maxFrameBytes(),
            hub::now,
            hub.metrics(),
            this::roomAgain);
    this.gate =
        new ReadGate(outlet, bounds.inboundBytes(), queue::isCongested, hub.ticker(), hub.timer());
    this.pace = new Pace(hub, this, queue, gate, entrance.allowance());
    this.life = new LifeSigns(hub, this, gate);
    this.admission = new Admission(hub, outlet.peer(), this);
    this.reports = new Reports(hub.metrics());
    this.channels = new ChannelTable(hub, this, admission, gate, pace);
  }

  /** Lets the first frame in. Called once, when the transport is ready. */
  void start() {
    if (unwelcome != null) {
      refuse(unwelcome);
      return;
    }
    outlet.allowFrames(Frames.MAX_SMALL_BYTES);
    life.start();
    gate.next();
  }

  Entrance entrance() {
    return entrance;
  }

  SendQueue queue() {
    return queue;
  }

  private void roomAgain() {
    gate.recheck();
  }

  // --- From the transport ---

  /** A frame has come in. */
  void received(byte[] frame) {
    life.heard();
    try {
      ClientMessage message = entrance.version().decode(frame);
      hub.metrics().received(message, frame.length);
      synchronized (this) {
        if (isOpen()) {
          pace.received(frame.length);
          handle(message, frame.length);
        }
      }
    } catch (MalformedFrameException e) {
      refuse(Refusal.forGood(e.code(), Sentences.within(e.getMessage())));
    } catch (RefusedException e) {
      refuse(e.refusal());
    }
    // Not under the lock: whoever checks tokens is not of the relay.
    admission.proceed();
    gate.next();
  }

  private boolean isOpen() {
    return state == State.NEW || state == State.GREETED || state == State.ACTIVE;
  }

  /** The client will say no more: closes the connection when all is answered. */
  void ended() {
    List<Channel> open;
    boolean silent;
    synchronized (this) {
      if (!isOpen()) {
        return;
      }
      silent = state == State.NEW;
      saidAll = true;
      open = channels.all();
    }
    if (silent) {
      refuse(Refusal.forGood(Codes.WRONG_STATE, "The first message must be Hello."));
      return;
    }
    AtomicInteger unanswered = new AtomicInteger(open.size() + 1);
    Runnable answered =
        () -> {
          if (unanswered.decrementAndGet() == 0) {
            queue.whenEmpty(() -> outlet.close(CloseStatus.NORMAL, "All is answered."));
          }
        };
    for (Channel channel : open) {
      channel.document.channels().whenAnswered(channel, answered);
    }
    answered.run();
  }

  /** The outlet has taken in all of a frame. */
  void sent() {
    takesIn();
    queue.sent();
  }

  /** The outlet has taken in a piece of a frame. */
  void progressed() {
    takesIn();
    queue.progressed();
  }

  private synchronized void takesIn() {
    if (saidAll) {
      life.heard();
    }
  }

  /** A frame is on its way. */
  void receiving() {
    life.heard();
  }

  /** A piece of a frame has come in, with which that has not ended; the next is asked for. */
  void receivedPiece(int bytes) {
    receiving();
    synchronized (this) {
      pace.receivedPiece(bytes);
    }
    gate.again(true);
  }

  /**
   * A sign of life of the transport itself has come in, in the place of what was asked for, which
   * is asked for again.
   *
   * @param withinFrame whether it has come between two pieces of one frame
   */
  void receivedControl(boolean withinFrame) {
    receiving();
    synchronized (this) {
      pace.receivedControl();
    }
    gate.again(withinFrame);
  }

  /** The connection is gone. */
  void closed() {
    leave();
    synchronized (this) {
      if (!counted) {
        return;
      }
      counted = false;
    }
    hub.gone(this);
    log.debug("{} closed", this);
  }

  /** Has nothing more to do with its documents, whether the connection is gone yet or not. */
  private void leave() {
    List<Channel> open;
    synchronized (this) {
      if (state == State.CLOSED) {
        return;
      }
      state = State.CLOSED;
      life.close();
      if (goodbye != null) {
        goodbye.cancel();
        goodbye = null;
      }
      open = channels.takeAll();
    }
    stopListening();
    queue.close();
    if (!gate.leaveTo(hub.leftBehind())) {
      channels.withdraw();
    }
    for (Channel channel : open) {
      channel.document.channels().leave(channel);
    }
  }

  // --- What the client says ---

  private void handle(ClientMessage message, int bytes) throws RefusedException {
    if (message instanceof ClientMessage.Unknown) {
      return;
    }
    entrance.require(message);
    if (message instanceof ClientMessage.Hello hello) {
      hello(hello);
      return;
    }
    if (state == State.NEW) {
      throw new RefusedException(Codes.WRONG_STATE, "The first message must be Hello.");
    }
    if (message instanceof ClientMessage.Edits edits) {
      pace.edits();
      long now = hub.now();
      channels.pass(
          edits.channel(),
          bytes,
          c -> c.document.channels().edits(c, edits.changes(), edits.vector(), now));
    } else if (message instanceof ClientMessage.Save save) {
      channels.pass(save.channel(), bytes, c -> c.document.channels().save(c, save));
    } else if (message instanceof Presence presence) {
      if (bytes > bounds.connection().maxPresenceBytes()) {
        throw new RefusedException(
            Codes.TOO_LARGE,
            "Presence has at most "
                + bounds.connection().maxPresenceBytes()
                + " bytes, this had "
                + bytes
                + ".");
      }
      if (presence.clock() == Long.MAX_VALUE) {
        // The relay itself says that a participant is gone, with the clock after the last.
        throw new RefusedException(
            Codes.MALFORMED, "A clock must be less than 2^63-1, clock=" + presence.clock() + ".");
      }
      channels.pass(presence.channel(), bytes, c -> c.document.channels().presence(c, presence));
    } else if (message instanceof ClientMessage.Ping ping) {
      if (ping.channel() == 0) {
        queue.answer(new RelayMessage.Pong(ping.nonce(), 0, null));
      } else {
        channels.pass(ping.channel(), bytes, c -> c.document.channels().ping(c, ping));
      }
    } else if (message instanceof ClientMessage.Open open) {
      channels.open(open, bytes);
    } else if (message instanceof ClientMessage.Close close) {
      channels.close(close.channel());
    } else if (message instanceof ClientMessage.Renew renew) {
      admission.want(renew.token());
    } else if (message instanceof ClientMessage.Report report && state == State.ACTIVE) {
      reports.received(report, hub.now());
    }
  }

  private void hello(ClientMessage.Hello hello) throws RefusedException {
    if (state != State.NEW) {
      throw new RefusedException(Codes.WRONG_STATE, "Hello was said already.");
    }
    Set<String> missing = hello.capabilities().missingFrom(Capabilities.NONE);
    if (!missing.isEmpty()) {
      throw new RefusedException(
          Codes.UNSUPPORTED_CAPABILITY,
          Sentences.within(
              "The client requires what this relay cannot do: "
                  + String.join(", ", missing)
                  + "."));
    }
    state = State.GREETED;
    life.greeted();
    if (!hello.previousSession().isEmpty()) {
      hub.metrics().reconnected();
    }
    // What comes right behind Hello is not read before it is known whose it is.
    gate.pause();
    admission.want(hello.token().isEmpty() ? entrance.token() : hello.token());
  }

  // --- Who it is ---

  /** Returns when the client was heard last. May be called from any thread. */
  long lastHeardNanos() {
    return life.lastHeardNanos();
  }

  /** Returns under which name the authenticator knows the client. May be called from any thread. */
  String user() {
    return user;
  }

  @Override
  public void admitted(Identity identity) {
    synchronized (this) {
      if (state != State.GREETED && state != State.ACTIVE) {
        return;
      }
      boolean first = state == State.GREETED;
      state = State.ACTIVE;
      if (first || !entrance.isPoll()) {
        queue.answer(welcome(identity));
        pace.welcomed();
        RelayMessage.StoreState store = hub.storeHealth().state();
        if (!store.available()) {
          queue.answer(store);
        }
      }
      if (first) {
        life.admitted();
        outlet.allowFrames(bounds.connection().maxFrameBytes());
        if (drain != null) {
          queue.answer(drain);
        }
      }
      channels.allowAnew();
    }
    user = identity.name();
    log.debug("{} is let in", this);
    gate.resume();
  }

  @Override
  public void refused(Refusal refusal) {
    refuse(refusal);
  }

  private RelayMessage.Welcome welcome(Identity identity) {
    return new RelayMessage.Welcome(
        RelayHub.AGENT,
        id,
        bounds.connection(),
        Capabilities.NONE,
        Math.toIntExact(times.heartbeat().toMillis()),
        Math.toIntExact(times.idle().toMillis()),
        Admission.validMillis(identity));
  }

  /** A document has closed a channel. */
  synchronized void forget(int channel) {
    channels.forget(channel);
  }

  /** Tells the client how the relay's store is, unless it is told when it has been welcomed. */
  synchronized void tell(RelayMessage.StoreState store) {
    if (state == State.ACTIVE) {
      queue.answer(store);
    }
  }

  // --- Ends ---

  /** Tells the client that the relay is about to stop. */
  void announceDrain(RelayMessage.Drain announcement) {
    synchronized (this) {
      if (state == State.NEW || state == State.GREETED) {
        drain = announcement;
      }
      if (state != State.ACTIVE) {
        return;
      }
    }
    queue.answer(announcement);
  }

  /** Takes in nothing more. */
  void stopReading() {
    gate.shut();
  }

  /** Closes the connection when all that waits has been sent, or says why it does not begin. */
  void goAway() {
    boolean begun;
    synchronized (this) {
      if (!isOpen()) {
        return;
      }
      begun = state == State.ACTIVE;
      if (begun) {
        state = State.CLOSING;
      }
    }
    if (!begun) {
      refuse(Refusals.draining());
      return;
    }
    stopListening();
    queue.whenEmpty(() -> outlet.close(CloseStatus.GOING_AWAY, "The relay is stopping."));
  }

  /** Closes the connection now; {@link #closed} follows when it is. */
  void abort() {
    outlet.abort();
    leave();
  }

  /** Refuses the connection: says why, and closes it. */
  void refuse(Refusal refusal) {
    synchronized (this) {
      if (!isOpen()) {
        return;
      }
      state = State.CLOSING;
    }
    hub.refusals().refused(this::toString, refusal);
    stopListening();
    RelayMessage.Fault last =
        new RelayMessage.Fault(RelayMessage.Scope.CONNECTION, 0, refusal, List.of());
    if (!outlet.refuse(refusal, entrance.version().encode(last))) {
      queue.finish(last, () -> outlet.closeRefused(CloseStatus.of(refusal.code()), refusal.code()));
    }
    cutLater();
  }

  /** The transport itself closes the connection for what came on it: nothing more is read. */
  void closing() {
    synchronized (this) {
      if (!isOpen()) {
        return;
      }
      state = State.CLOSING;
    }
    stopListening();
    cutLater();
  }

  private synchronized void cutLater() {
    if (state != State.CLOSED) {
      goodbye = hub.after(times.goodbye(), this::abort);
    }
  }

  private void stopListening() {
    gate.shut();
    admission.close();
  }

  /** Names the session in the log, and who it is, as soon as that is known. */
  @Override
  public String toString() {
    return "session " + id + Sentences.of(user) + " from " + outlet.peer();
  }
}
