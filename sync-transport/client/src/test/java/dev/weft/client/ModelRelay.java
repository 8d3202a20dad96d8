package dev.weft.client;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.ConnectionLimits;
import dev.weft.protocol.Frames;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The protocol as {@code docs/PROTOCOL.md} tells it, with nothing clever: a relay in memory and a
 * network in virtual time, for driving the client through what real sockets show too seldom. It can
 * crash, lose what it had not made durable, be cut off, leave out messages and refuse. Confined to
 * one thread.
 */
final class ModelRelay implements Links {
  /** In how large pieces frames come over a slow link. */
  private static final int PIECE_BYTES = 1 << 10;

  static final URI ADDRESS = URI.create("ws://relay.example/v1/sync");

  private final VirtualTime time;
  private final RandomGenerator random;
  private final Map<String, Document> documents = new HashMap<>();
  private final List<SimulatedLink> links = new ArrayList<>();
  private final Map<Long, Presence> presence = new HashMap<>();

  long maxDelayNanos = Duration.ofMillis(5).toNanos();
  long writeBehindNanos = Duration.ofMillis(100).toNanos();

  /** How much a link carries towards its client in a second; with 0 as much as there is. */
  int bytesPerSecond;

  int maxFrameBytes = ConnectionLimits.DEFAULT.maxFrameBytes();
  boolean reachable = true;
  boolean silent;

  /** Whether links take nothing from their clients: the sockets are full. */
  private boolean full;

  double lossOfEdits;
  @Nullable Refusal refuseHello;
  Predicate<String> knowsToken = token -> true;
  Predicate<URI> knowsAddress = address -> true;
  int tokenValidMillis;
  int maxPresenceBytes = ConnectionLimits.DEFAULT.maxPresenceBytes();
  @Nullable Refusal refuseOpen;
  @Nullable Refusal refuseSaves;
  @Nullable Refusal refuseEdits;
  boolean refuseByChannel;
  Guarantee gives = Guarantee.FSYNCED;
  RelayMessage.Access access = RelayMessage.Access.WRITE;
  Predicate<ClientMessage> ignored = message -> false;
  Predicate<RelayMessage> lost = message -> false;

  /** What the link throws, once, when it is next given something to send: a defect of it. */
  @Nullable RuntimeException defect;

  final List<ClientMessage> received = new ArrayList<>();
  final List<URI> asked = new ArrayList<>();

  ModelRelay(VirtualTime time, RandomGenerator random) {
    this.time = time;
    this.random = random;
  }

  /** Returns what survives any crash of the relay. */
  VersionVector durable(String document) {
    return document(document).durable;
  }

  VersionVector version(String document) {
    return document(document).version;
  }

  /** Returns every change that the relay has of the document. */
  List<Change> changes(String document) {
    return document(document).log;
  }

  /** Returns how many messages wait for clients to ask for them. */
  int unread() {
    return links.stream().mapToInt(link -> link.arrived.size()).sum();
  }

  /** Adds changes that came from somewhere else. */
  void inject(String document, byte[] update) {
    try {
      document(document).add(Change.parse(update));
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
  }

  /** Has links take nothing from their clients, or go on with what waits. */
  void fill(boolean on) {
    full = on;
    if (!on) {
      links.forEach(SimulatedLink::goOn);
    }
  }

  int connections() {
    return links.size();
  }

  /** Cuts every connection without a word. */
  void cut(String reason) {
    for (SimulatedLink link : List.copyOf(links)) {
      link.end(reason);
    }
  }

  /** The process dies: connections are cut, and what was not durable is gone. */
  void crash() {
    cut("the connection was cut");
    documents.values().forEach(Document::loseWhatIsNotDurable);
  }

  /** Another relay, which nobody has shown anything yet. */
  void forgetPresence() {
    presence.clear();
  }

  void sendToAll(RelayMessage message) {
    for (SimulatedLink link : List.copyOf(links)) {
      link.tell(message);
    }
  }

  private Document document(String name) {
    return documents.computeIfAbsent(name, id -> new Document());
  }

  @Override
  public Link connect(URI relay, Link.Listener listener) {
    SimulatedLink link = new SimulatedLink(listener);
    asked.add(relay);
    time.at(
        delay(),
        () -> {
          if (!reachable || !knowsAddress.test(relay)) {
            link.end("the relay cannot be reached: connection refused");
          } else if (!link.closed) {
            links.add(link);
            listener.opened();
          }
        });
    return link;
  }

  @Override
  public void close() {}

  private long delay() {
    return random.nextLong(maxDelayNanos) + 1;
  }

  /** One document's log. */
  private static final class Document {
    private final List<Change> log = new ArrayList<>();
    private VersionVector version = VersionVector.EMPTY;
    private VersionVector durable = VersionVector.EMPTY;
    private boolean writing;

    void loseWhatIsNotDurable() {
      log.removeIf(change -> !change.isKnown(durable));
      version = durable;
      writing = false;
    }

    /** Takes what is new and ready; returns whether something was not ready. */
    boolean add(List<Change> changes) {
      boolean gap = false;
      for (Change change : changes) {
        if (!change.isReady(version)) {
          gap = true;
        } else if (!change.isKnown(version)) {
          Change fresh = change.since(version);
          log.add(fresh);
          version = version.merge(VersionVector.of(fresh.replica(), fresh.end()));
        }
      }
      return gap;
    }

    Payload since(VersionVector seen) {
      List<Change> missing = new ArrayList<>();
      for (Change change : log) {
        if (!change.isKnown(seen)) {
          missing.add(change.since(seen));
        }
      }
      return missing.isEmpty() ? Payload.EMPTY : Payload.of(Change.combine(missing));
    }
  }

  /** One connection, both ends. */
  private final class SimulatedLink implements Link {
    private final Listener listener;
    private final Map<Integer, String> channels = new HashMap<>();
    private final List<byte[]> arrived = new ArrayList<>();
    private final List<byte[]> untaken = new ArrayList<>();
    private long lastUpNanos;
    private long lastDownNanos;
    private int demanded;
    private boolean closed;

    SimulatedLink(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void send(byte[] message) {
      RuntimeException thrown = defect;
      if (thrown != null) {
        defect = null;
        throw thrown;
      }
      if (full) {
        untaken.add(message);
      } else {
        carryUp(message);
      }
    }

    private void goOn() {
      untaken.forEach(this::carryUp);
      untaken.clear();
    }

    private void carryUp(byte[] message) {
      lastUpNanos = Math.max(lastUpNanos, time.nanos() + delay());
      time.at(
          lastUpNanos - time.nanos(),
          () -> {
            if (!closed) {
              listener.sent(message.length);
              hear(message);
            }
          });
    }

    @Override
    public void demand() {
      demanded++;
      deliver();
    }

    @Override
    public void close(String reason) {
      // What was sent before still arrives; what the relay says is not heard any more.
      time.at(Math.max(0, lastUpNanos - time.nanos()), () -> end(reason));
    }

    void end(String reason) {
      if (!closed) {
        closed = true;
        links.remove(this);
        listener.closed(reason, Link.OtherWays.MAY_WORK);
      }
    }

    void tell(RelayMessage message) {
      if (silent || lost.test(message)) {
        return;
      }
      byte[] frame = Frames.encode(message);
      lastDownNanos = Math.max(lastDownNanos, time.nanos() + delay());
      if (bytesPerSecond > 0) {
        carry(frame.length);
      }
      time.at(
          lastDownNanos - time.nanos(),
          () -> {
            arrived.add(frame);
            deliver();
          });
    }

    /** A frame takes its time, and all but its last piece are heard of meanwhile. */
    private void carry(int bytes) {
      for (int left = bytes; left > 0; left -= PIECE_BYTES) {
        int piece = Math.min(left, PIECE_BYTES);
        lastDownNanos += TimeUnit.SECONDS.toNanos(piece) / bytesPerSecond;
        if (left > PIECE_BYTES) {
          time.at(
              lastDownNanos - time.nanos(),
              () -> {
                if (!closed) {
                  listener.hearing();
                }
              });
        }
      }
    }

    private void deliver() {
      while (!closed && demanded > 0 && !arrived.isEmpty()) {
        demanded--;
        listener.received(arrived.remove(0));
      }
    }

    private void hear(byte[] frame) {
      ClientMessage message;
      try {
        message = Frames.decodeClient(frame);
      } catch (MalformedFrameException e) {
        throw new AssertionError("the client sent a malformed frame", e);
      }
      received.add(message);
      if (!ignored.test(message)) {
        answer(message);
      }
    }

    private void answer(ClientMessage message) {
      if (message instanceof ClientMessage.Hello hello) {
        greet(hello);
      } else if (message instanceof ClientMessage.Renew renew) {
        if (admit(renew.token())) {
          welcome();
        }
      } else if (message instanceof Presence shown) {
        show(shown);
      } else if (message instanceof ClientMessage.Open open) {
        open(open);
      } else if (message instanceof ClientMessage.Edits edits) {
        String name = channels.get(edits.channel());
        if (name != null && random.nextDouble() >= lossOfEdits) {
          take(name, edits);
        }
      } else if (message instanceof ClientMessage.Save save) {
        String name = channels.get(save.channel());
        if (name != null) {
          save(document(name), save);
        }
      } else if (message instanceof ClientMessage.Ping ping) {
        String name = channels.get(ping.channel());
        VersionVector vector = name == null ? null : document(name).version;
        tell(new RelayMessage.Pong(ping.nonce(), ping.channel(), vector));
      } else if (message instanceof ClientMessage.Close close) {
        channels.remove(close.channel());
      }
    }

    private void greet(ClientMessage.Hello hello) {
      if (refuseHello != null) {
        tell(new RelayMessage.Fault(RelayMessage.Scope.CONNECTION, 0, refuseHello, List.of()));
        return;
      }
      if (admit(hello.token())) {
        welcome();
      }
    }

    private void welcome() {
      ConnectionLimits limits = new ConnectionLimits(maxFrameBytes, 100, 4, maxPresenceBytes);
      tell(
          new RelayMessage.Welcome(
              "model/1", "s", limits, Capabilities.NONE, 10_000, 30_000, tokenValidMillis));
    }

    private boolean admit(String token) {
      boolean known = knowsToken.test(token);
      if (!known) {
        Refusal why = Refusal.forGood(Codes.TOKEN_EXPIRED, "the token is not good any more");
        tell(new RelayMessage.Fault(RelayMessage.Scope.CONNECTION, 0, why, List.of()));
      }
      return known;
    }

    private void show(Presence shown) {
      String name = channels.get(shown.channel());
      if (name == null) {
        return;
      }
      presence.put(shown.participant(), shown);
      for (SimulatedLink link : List.copyOf(links)) {
        if (link != this) {
          link.channels.forEach(
              (channel, opened) -> {
                if (opened.equals(name)) {
                  link.tell(shown.onChannel(channel));
                }
              });
        }
      }
    }

    private void open(ClientMessage.Open open) {
      Document document = document(open.document());
      if (refuseOpen != null) {
        tell(
            new RelayMessage.Fault(
                RelayMessage.Scope.CHANNEL, open.channel(), refuseOpen, List.of()));
        return;
      }
      channels.put(open.channel(), open.document());
      tell(
          new RelayMessage.Opened(
              open.channel(),
              document.version,
              document.since(open.vector()),
              false,
              document.durable,
              access));
      presence.values().stream()
          .filter(shown -> !shown.gone())
          .forEach(shown -> tell(shown.onChannel(open.channel())));
    }

    private void take(String name, ClientMessage.Edits edits) {
      Document document = document(name);
      List<Change> changes;
      try {
        changes = Change.parse(edits.changes().bytes());
      } catch (MalformedUpdateException e) {
        throw new AssertionError("the client sent malformed changes", e);
      }
      if (refuseEdits != null) {
        RelayMessage.Scope scope =
            refuseByChannel ? RelayMessage.Scope.CHANNEL : RelayMessage.Scope.CHANGES;
        tell(new RelayMessage.Fault(scope, edits.channel(), refuseEdits, List.of()));
        if (refuseByChannel) {
          channels.remove(edits.channel());
        }
        return;
      }
      VersionVector before = document.version;
      if (document.add(changes)) {
        tell(new RelayMessage.Resend(edits.channel(), document.version));
      }
      Payload fresh = document.since(before);
      if (fresh.isEmpty()) {
        return;
      }
      for (SimulatedLink link : List.copyOf(links)) {
        if (link != this) {
          link.forward(name, fresh);
        }
      }
      writeBehind(name, document);
    }

    private void forward(String name, Payload fresh) {
      channels.forEach(
          (channel, opened) -> {
            if (opened.equals(name) && random.nextDouble() >= lossOfEdits) {
              tell(new RelayMessage.Edits(channel, fresh, false, null));
            }
          });
    }

    private void save(Document document, ClientMessage.Save save) {
      if (refuseSaves != null) {
        tell(new RelayMessage.SaveRefused(save.channel(), save.id(), refuseSaves));
      } else if (!gives.satisfies(save.guarantee())) {
        Refusal why =
            Refusal.forGood(Codes.GUARANTEE_UNAVAILABLE, "this relay keeps " + gives.copies());
        tell(new RelayMessage.SaveRefused(save.channel(), save.id(), why));
      } else if (!document.version.includes(save.vector())) {
        tell(
            new RelayMessage.SaveRefused(
                save.channel(),
                save.id(),
                Refusal.forNow(Codes.EDITS_MISSING, "some edits did not come", 0)));
      } else {
        document.durable = document.version;
        tell(new RelayMessage.SaveAcknowledged(save.channel(), save.id(), save.vector(), gives));
      }
    }
  }

  private void writeBehind(String name, Document document) {
    if (document.writing) {
      return;
    }
    document.writing = true;
    time.at(
        writeBehindNanos,
        () -> {
          if (!document.writing) {
            return;
          }
          document.writing = false;
          document.durable = document.version;
          for (SimulatedLink link : List.copyOf(links)) {
            link.channels.forEach(
                (channel, opened) -> {
                  if (opened.equals(name)) {
                    link.tell(new RelayMessage.Durable(channel, document.durable));
                  }
                });
          }
        });
  }

  /** Returns what it was told of one kind. */
  <T extends ClientMessage> List<T> received(Class<T> kind) {
    return received.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
