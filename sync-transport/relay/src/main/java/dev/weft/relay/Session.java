package dev.weft.relay;

import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.Presence;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay's end of one connection: reads what the client says, keeps to the order of the
 * protocol, and passes on to documents what is theirs. Thread-safe; frames come in one at a time.
 *
 * <pre>
 *  NEW --Hello--> ACTIVE --refused or drained--> CLOSING --> CLOSED
 *   \___________________ refused _________________^
 * </pre>
 */
final class Session {
  private static final Logger log = LoggerFactory.getLogger(Session.class);

  /** What a message costs beside its bytes while it waits for a worker. */
  private static final int MESSAGE_OVERHEAD_BYTES = 128;

  private final RelayHub hub;
  private final Outlet outlet;
  private final String id;
  private final boolean admitted;
  private final RelayTimes times;
  private final RelayBounds bounds;
  private final SendQueue queue;
  private final ReadGate gate;

  // Guarded by this.
  private State state = State.NEW;
  private final Map<Integer, Channel> channels = new HashMap<>();
  private int highestChannel;
  private long lastHeardNanos;

  /** What a client that has not said Hello is to hear behind Welcome; null for nothing. */
  private RelayMessage.@Nullable Drain drain;

  private enum State {
    NEW,
    ACTIVE,
    CLOSING,
    CLOSED
  }

  /**
   * Creates a session.
   *
   * @param admitted whether the connection is taken; if not, it is refused with a word
   */
  Session(RelayHub hub, Outlet outlet, String id, boolean admitted) {
    this.hub = hub;
    this.outlet = outlet;
    this.id = id;
    this.admitted = admitted;
    this.times = hub.times();
    this.bounds = hub.bounds();
    this.queue =
        new SendQueue(
            outlet,
            bounds.outboundBytes(),
            bounds.connection().maxFrameBytes(),
            hub::now,
            this::roomAgain);
    this.gate = new ReadGate(outlet, bounds.inboundBytes(), queue::isCongested);
    this.lastHeardNanos = hub.now();
  }

  /** Lets the first frame in. Called once, when the transport is ready. */
  void start() {
    if (!admitted) {
      refuse(Refusal.forNow(Codes.OVERLOADED, "The relay takes no more connections.", 1_000));
      return;
    }
    outlet.allowFrames(Frames.MAX_SMALL_BYTES);
    hub.after(times.hello(), this::requireHello);
    hub.after(times.idle(), this::requireLife);
    gate.next();
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
    try {
      ClientMessage message = Frames.decodeClient(frame);
      synchronized (this) {
        lastHeardNanos = hub.now();
        if (state == State.NEW || state == State.ACTIVE) {
          handle(message, frame.length);
        }
      }
    } catch (MalformedFrameException e) {
      refuse(Refusal.forGood(e.code(), Sentences.within(e.getMessage())));
    } catch (RefusedException e) {
      refuse(e.refusal());
    }
    gate.next();
  }

  /** The outlet has taken in all of a frame. */
  void sent() {
    queue.sent();
  }

  /** The outlet has taken in a piece of a frame. */
  void progressed() {
    queue.progressed();
  }

  /** The connection is gone. */
  void closed() {
    List<Channel> open;
    synchronized (this) {
      if (state == State.CLOSED) {
        return;
      }
      state = State.CLOSED;
      open = new ArrayList<>(channels.values());
      channels.clear();
    }
    gate.shut();
    queue.close();
    for (Channel channel : open) {
      channel.document.leave(channel);
    }
    hub.gone(this);
    log.debug("{} closed", this);
  }

  // --- What the client says ---

  private void handle(ClientMessage message, int bytes) throws RefusedException {
    if (message instanceof ClientMessage.Unknown) {
      return;
    }
    if (message instanceof ClientMessage.Hello hello) {
      hello(hello);
      return;
    }
    if (state == State.NEW) {
      throw new RefusedException(Codes.WRONG_STATE, "The first message must be Hello.");
    }
    if (message instanceof ClientMessage.Edits edits) {
      pass(edits.channel(), bytes, c -> c.document.edits(c, edits.changes(), edits.vector()));
    } else if (message instanceof ClientMessage.Save save) {
      pass(save.channel(), bytes, c -> c.document.save(c, save));
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
      pass(presence.channel(), bytes, c -> c.document.presence(c, presence));
    } else if (message instanceof ClientMessage.Ping ping) {
      if (ping.channel() == 0) {
        queue.answer(new RelayMessage.Pong(ping.nonce(), 0, null));
      } else {
        pass(ping.channel(), bytes, c -> c.document.ping(c, ping));
      }
    } else if (message instanceof ClientMessage.Open open) {
      open(open, bytes);
    } else if (message instanceof ClientMessage.Close close) {
      close(close);
    } else if (message instanceof ClientMessage.Renew) {
      // Nobody is asked for a token, so a new one changes nothing.
      log.debug("{} renewed its token", this);
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
    state = State.ACTIVE;
    outlet.allowFrames(bounds.connection().maxFrameBytes());
    queue.answer(
        new RelayMessage.Welcome(
            RelayHub.AGENT,
            id,
            bounds.connection(),
            Capabilities.NONE,
            Math.toIntExact(times.heartbeat().toMillis()),
            Math.toIntExact(times.idle().toMillis()),
            0));
    if (drain != null) {
      queue.answer(drain);
    }
    log.debug("{} from {} said hello", this, outlet.peer());
  }

  private void open(ClientMessage.Open open, int bytes) throws RefusedException {
    int number = open.channel();
    Channel channel = channels.get(number);
    if (channel == null) {
      if (number <= highestChannel) {
        throw new RefusedException(
            Codes.WRONG_STATE,
            "A new channel must have a higher number than all before, channel="
                + number
                + " highest="
                + highestChannel
                + ".");
      }
      highestChannel = number;
      try {
        if (channels.size() >= bounds.connection().maxChannels()) {
          throw new RefusedException(
              Codes.TOO_MANY_CHANNELS,
              "A connection has at most "
                  + bounds.connection().maxChannels()
                  + " channels open at once.");
        }
        channel = new Channel(this, number, hub.enter(open.document()));
      } catch (RefusedException e) {
        queue.answer(
            new RelayMessage.Fault(RelayMessage.Scope.CHANNEL, number, e.refusal(), List.of()));
        return;
      }
      channels.put(number, channel);
    } else if (!channel.document.id().value().equals(open.document())) {
      throw new RefusedException(
          Codes.WRONG_STATE, "Channel " + number + " is open for another document.");
    }
    pass(number, bytes, c -> c.document.open(c, open.vector()));
  }

  private void close(ClientMessage.Close close) throws RefusedException {
    Channel channel = channels.remove(close.channel());
    if (channel != null) {
      channel.document.leave(channel);
    } else {
      requireOnceOpen(close.channel());
    }
  }

  /** What a channel's document is to do. */
  private interface Work {
    void on(Channel channel);
  }

  private void pass(int number, int bytes, Work work) throws RefusedException {
    Channel channel = channels.get(number);
    if (channel == null) {
      requireOnceOpen(number);
      return;
    }
    int cost = bytes + MESSAGE_OVERHEAD_BYTES;
    gate.enter(cost);
    channel.document.post(
        () -> {
          try {
            work.on(channel);
          } finally {
            gate.leave(cost);
          }
        });
  }

  /** What was under way on a channel when it was closed is not the client's fault. */
  private void requireOnceOpen(int channel) throws RefusedException {
    if (channel > highestChannel) {
      throw new RefusedException(Codes.WRONG_STATE, "Channel " + channel + " has not been opened.");
    }
  }

  /** A document has closed a channel. */
  synchronized void forget(int channel) {
    channels.remove(channel);
  }

  // --- Ends ---

  /** Tells the client that the relay is about to stop. */
  void announceDrain(RelayMessage.Drain announcement) {
    synchronized (this) {
      if (state == State.NEW) {
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

  /** Closes the connection when all that waits has been sent. */
  void goAway() {
    synchronized (this) {
      if (state != State.NEW && state != State.ACTIVE) {
        return;
      }
      state = State.CLOSING;
    }
    gate.shut();
    queue.whenEmpty(() -> outlet.close(CloseStatus.GOING_AWAY, "The relay is stopping."));
  }

  /** Closes the connection now. */
  void abort() {
    outlet.abort();
    closed();
  }

  /** Refuses the connection: says why, and closes it. */
  void refuse(Refusal refusal) {
    synchronized (this) {
      if (state != State.NEW && state != State.ACTIVE) {
        return;
      }
      state = State.CLOSING;
    }
    log.info("{} from {} refused: {} {}", this, outlet.peer(), refusal.code(), refusal.reason());
    gate.shut();
    queue.finish(
        new RelayMessage.Fault(RelayMessage.Scope.CONNECTION, 0, refusal, List.of()),
        () -> outlet.close(CloseStatus.of(refusal.code()), refusal.code()));
    hub.after(times.goodbye(), this::abort);
  }

  private void requireHello() {
    boolean silent;
    synchronized (this) {
      silent = state == State.NEW;
    }
    if (silent) {
      refuse(
          Refusal.forNow(
              Codes.HELLO_TIMEOUT, "No Hello came within " + Sentences.of(times.hello()) + ".", 0));
    }
  }

  /** Looks whether the connection is alive, and when to look again. */
  private void requireLife() {
    long idle;
    long stalled = queue.stalledNanos();
    synchronized (this) {
      if (state == State.CLOSED) {
        return;
      }
      // While it is the relay that does not read, silence says nothing about the client.
      idle = gate.isHeld() ? 0 : hub.now() - lastHeardNanos;
    }
    if (stalled >= times.stall().toNanos()) {
      log.info("{} from {} cut: it takes nothing in", this, outlet.peer());
      abort();
    } else if (idle >= times.idle().toNanos()) {
      refuse(
          Refusal.forNow(
              Codes.IDLE_TIMEOUT, "Nothing was heard for " + Sentences.of(times.idle()) + ".", 0));
    } else {
      hub.after(times.idle().minusNanos(idle), this::requireLife);
    }
  }

  /** Names the session in the log. */
  @Override
  public String toString() {
    return "session " + id;
  }
}
