package dev.weft.client;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One channel of a {@link PollingLink}: makes of what the client says on it, as on a connection
 * that lasts, conversations of one request each, and of the answers what a relay would have said on
 * such a connection. Not thread-safe.
 *
 * <p>Each request opens the document anew, with the vector that the client has by now if it applied
 * all that was delivered. If it did not, it says so itself, by Open. What the relay answers is told
 * as news; only where it has less than it had, or allows something else, or the client has asked,
 * is it told as an answer to Open, by which the client finds out anew what to send.
 */
final class PolledChannel {
  /** The number that the channel has in each request. */
  static final int NUMBER = 1;

  private final int number;
  private final String document;

  // What the client has if nothing that was delivered was lost, and what it has behind the catch-up
  // that is under way.
  private VersionVector known;
  private @Nullable VersionVector behindCatchUp;
  private long digest;
  private boolean opening = true;

  // What the relay has, as far as it has said or was given.
  private VersionVector atRelay = VersionVector.EMPTY;
  private VersionVector durable = VersionVector.EMPTY;
  private RelayMessage.@Nullable Access access;

  // What the client has said and no request has carried, and how long its frames are.
  private final Deque<Said> edits = new ArrayDeque<>();
  private final Map<String, ClientMessage.Save> saves = new LinkedHashMap<>();
  private final Map<Long, Presence> presence = new LinkedHashMap<>();
  private final List<ClientMessage.Ping> pings = new ArrayList<>();
  private int otherBytes;
  private Urgency urgency = Urgency.NOW;

  // What the request under way carries, and whether the news in its answer are of no use, because
  // the client has asked anew since or has no room.
  private final List<Payload> carriedEdits = new ArrayList<>();
  private int carriedBytes;
  private boolean carriesWork;
  private boolean overtaken;

  // By participant the last clock: of this client's own, and of others.
  private final Map<Long, Long> shown = new HashMap<>();
  private final Map<Long, Long> others = new HashMap<>();

  /** Creates a channel that the client opens. */
  PolledChannel(ClientMessage.Open open) {
    this.number = open.channel();
    this.document = open.document();
    this.known = open.vector();
    this.digest = open.digest();
  }

  private record Said(ClientMessage.Edits edits, int bytes) {}

  /** How soon a request should carry what was said. */
  enum Urgency {
    NOW,
    /** With what else is said in a moment. */
    SOON,
    /** There is nothing to say. */
    NEVER
  }

  int number() {
    return number;
  }

  String document() {
    return document;
  }

  // --- From the client ---

  /** The client asks anew for what it lacks. */
  void open(ClientMessage.Open open) {
    known = open.vector();
    digest = open.digest();
    behindCatchUp = null;
    opening = true;
    overtaken = true;
    urgency = Urgency.NOW;
  }

  /**
   * The client says something on the channel, or, by a Ping on 0, beside it.
   *
   * @param bytes how long the frame is
   */
  void say(ClientMessage message, int bytes) {
    if (message instanceof ClientMessage.Edits each) {
      edits.add(new Said(each, bytes));
      urgency = Urgency.NOW;
      return;
    }
    otherBytes += bytes;
    if (message instanceof ClientMessage.Save save) {
      saves.put(save.id(), save);
      urgency = Urgency.NOW;
    } else {
      urgency = urgency == Urgency.NOW ? Urgency.NOW : Urgency.SOON;
      if (message instanceof Presence each) {
        presence.put(each.participant(), each);
      } else if (message instanceof ClientMessage.Ping ping) {
        pings.add(ping);
      }
    }
  }

  Urgency urgency() {
    return urgency;
  }

  /** Returns how many bytes the client has said that no request has taken for good. */
  int unsettledBytes() {
    return edits.stream().mapToInt(Said::bytes).sum() + otherBytes + carriedBytes;
  }

  // --- The request ---

  /**
   * Returns what the next request says behind Hello.
   *
   * @param maxBytes how many bytes of edits it may have, but for the first message of them
   */
  List<ClientMessage> request(int maxBytes) {
    List<ClientMessage> said = new ArrayList<>();
    said.add(new ClientMessage.Open(NUMBER, document, known, opening ? digest : 0, null));
    overtaken = false;
    carriesWork = !edits.isEmpty() || !saves.isEmpty();
    int bytes = 0;
    while (!edits.isEmpty() && (bytes == 0 || bytes + edits.element().bytes <= maxBytes)) {
      Said next = edits.remove();
      bytes += next.bytes;
      carriedEdits.add(next.edits.changes());
      said.add(new ClientMessage.Edits(NUMBER, next.edits.changes(), next.edits.vector()));
    }
    carriedBytes = bytes;
    if (edits.isEmpty()) {
      // A save goes behind what it covers, and what is asked of a channel behind what was said.
      saves.values().forEach(save -> said.add(onWire(save)));
      pings.forEach(ping -> said.add(onWire(ping)));
      pings.clear();
      said.addAll(takePresence());
      carriedBytes += otherBytes;
      otherBytes = 0;
    }
    urgency = edits.isEmpty() ? Urgency.NEVER : Urgency.NOW;
    return said;
  }

  /** The client has no room for what the request is answered; it asks for that again. */
  void letNewsGo() {
    overtaken = true;
  }

  private static ClientMessage.Save onWire(ClientMessage.Save save) {
    return new ClientMessage.Save(
        NUMBER, save.id(), save.vector(), save.guarantee(), save.digest());
  }

  private static ClientMessage.Ping onWire(ClientMessage.Ping ping) {
    return new ClientMessage.Ping(ping.nonce(), ping.channel() == 0 ? 0 : NUMBER, ping.vector());
  }

  private List<ClientMessage> takePresence() {
    List<ClientMessage> said = new ArrayList<>();
    for (Presence each : presence.values()) {
      said.add(each.onChannel(NUMBER));
      if (each.gone()) {
        shown.remove(each.participant());
      } else {
        shown.put(each.participant(), each.clock());
      }
    }
    presence.clear();
    return said;
  }

  /** The client leaves: those whom it has shown are gone. */
  void leave() {
    presence.clear();
    shown.forEach(
        (participant, clock) ->
            presence.put(participant, Presence.gone(NUMBER, participant, clock + 1)));
    saves.clear();
    pings.clear();
    urgency = edits.isEmpty() && presence.isEmpty() ? Urgency.NEVER : Urgency.NOW;
  }

  // --- The answer ---

  /**
   * Takes in what the request was answered, and returns what to tell the client.
   *
   * @throws MalformedUpdateException if changes cannot be read
   */
  Answer answered(List<RelayMessage> messages) throws MalformedUpdateException {
    List<RelayMessage> told = new ArrayList<>();
    VersionVector given = versionOf(carriedEdits);
    carriedEdits.clear();
    int settled = carriedBytes;
    carriedBytes = 0;
    boolean busy = carriesWork;
    boolean opened = false;
    Map<Long, Long> seen = new HashMap<>();
    for (RelayMessage message : messages) {
      if (overtaken && isNews(message)) {
        // The answer to what the client asks next has it too.
        busy = true;
      } else if (message instanceof RelayMessage.Opened each) {
        opened = true;
        busy |= !each.changes().isEmpty();
        opened(each, told);
      } else if (message instanceof RelayMessage.Edits each) {
        busy = true;
        edits(each, told);
      } else if (message instanceof Presence each) {
        seen.put(each.participant(), each.clock());
        told.add(each.onChannel(number));
      } else {
        other(message, told);
      }
    }
    // Behind Opened, which speaks of what the relay had before them.
    atRelay = atRelay.merge(given);
    if (!overtaken) {
      known = known.merge(given);
    }
    if (opened && behindCatchUp == null) {
      tellWhoIsGone(seen, told);
    }
    return new Answer(told, settled, busy);
  }

  /**
   * What came of a request.
   *
   * @param told what to tell the client, in order
   * @param settledBytes how many bytes of what the client said it took
   * @param busy whether something goes on in the document
   */
  record Answer(List<RelayMessage> told, int settledBytes, boolean busy) {}

  private static VersionVector versionOf(List<Payload> updates) throws MalformedUpdateException {
    VersionVector.Builder version = new VersionVector.Builder();
    for (Payload update : updates) {
      for (Change change : Change.parse(update.bytes())) {
        version.advance(change.replica(), change.end());
      }
    }
    return version.build();
  }

  private static boolean isNews(RelayMessage message) {
    return message instanceof RelayMessage.Opened
        || message instanceof RelayMessage.Edits
        || message instanceof RelayMessage.Durable;
  }

  private void opened(RelayMessage.Opened message, List<RelayMessage> told) {
    boolean hasLost = !message.vector().includes(atRelay) || !message.durable().includes(durable);
    if (opening || hasLost || message.access() != access) {
      told.add(message.onChannel(number));
    } else {
      if (!message.changes().isEmpty()) {
        VersionVector vector = message.more() ? null : message.vector();
        told.add(new RelayMessage.Edits(number, message.changes(), message.more(), vector));
      }
      if (!durable.equals(message.durable())) {
        told.add(new RelayMessage.Durable(number, message.durable()));
      }
    }
    opening = false;
    access = message.access();
    durable = message.durable();
    atRelay = message.vector();
    if (message.more()) {
      behindCatchUp = message.vector();
      VersionVector after = message.after();
      if (after != null) {
        reachedInParts(after);
      }
    } else {
      behindCatchUp = null;
      known = known.merge(message.vector());
    }
  }

  private void edits(RelayMessage.Edits message, List<RelayMessage> told)
      throws MalformedUpdateException {
    told.add(message.onChannel(number));
    VersionVector reached =
        message.vector() != null ? message.vector() : versionOf(List.of(message.changes()));
    known = known.merge(reached);
    atRelay = atRelay.merge(reached);
    if (behindCatchUp != null) {
      if (message.more()) {
        reachedInParts(reached);
      } else {
        known = known.merge(behindCatchUp);
        behindCatchUp = null;
      }
    }
  }

  /** The answer may end here, as long as it may be: the next one goes on from there, at once. */
  private void reachedInParts(VersionVector reached) {
    known = known.merge(reached);
    urgency = Urgency.NOW;
  }

  private void other(RelayMessage message, List<RelayMessage> told) {
    if (message instanceof RelayMessage.Durable each) {
      durable = durable.merge(each.vector());
    } else if (message instanceof RelayMessage.SaveAcknowledged each) {
      saves.remove(each.id());
    } else if (message instanceof RelayMessage.SaveRefused each) {
      saves.remove(each.id());
    }
    if (message instanceof RelayMessage.OfChannel each) {
      told.add(each.onChannel(number));
    } else if (message instanceof RelayMessage.Pong each) {
      told.add(new RelayMessage.Pong(each.nonce(), onClient(each.channel()), each.vector()));
    } else if (message instanceof RelayMessage.Throttle each) {
      told.add(
          new RelayMessage.Throttle(
              onClient(each.channel()),
              each.windowMillis(),
              each.lastsMillis(),
              each.code(),
              each.reason()));
    } else if (message instanceof RelayMessage.Fault each) {
      told.add(
          new RelayMessage.Fault(
              each.scope(), onClient(each.channel()), each.refusal(), each.changes()));
    } else if (message instanceof RelayMessage.Drain) {
      told.add(message);
    }
  }

  private int onClient(int channel) {
    return channel == NUMBER ? number : channel;
  }

  /** Each answer tells of all who are there. */
  private void tellWhoIsGone(Map<Long, Long> seen, List<RelayMessage> told) {
    others.forEach(
        (participant, clock) -> {
          if (!seen.containsKey(participant)) {
            told.add(Presence.gone(number, participant, clock + 1));
          }
        });
    others.clear();
    seen.keySet().removeAll(shown.keySet());
    others.putAll(seen);
  }
}
