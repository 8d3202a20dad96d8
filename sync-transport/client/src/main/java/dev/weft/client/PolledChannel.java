package dev.weft.client;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import java.util.ArrayList;
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
 * all that was delivered. If it did not, it says so itself, by Open.
 */
final class PolledChannel {
  /** The number that the channel has in each request. */
  static final int NUMBER = 1;

  private final int number;
  private final String document;

  // What the client has if nothing that was delivered was lost, and what it has behind the catch-up
  // that is under way.
  private VersionVector known;
  private long digest;
  private @Nullable VersionVector behindCatchUp;
  private boolean opening = true;
  private VersionVector durable = VersionVector.EMPTY;
  private RelayMessage.@Nullable Access access;

  private final List<ClientMessage.Edits> edits = new ArrayList<>();
  private final Map<String, ClientMessage.Save> saves = new LinkedHashMap<>();
  private final Map<Long, Presence> presence = new LinkedHashMap<>();
  private final List<ClientMessage.Ping> pings = new ArrayList<>();

  // What the request under way carries, and whether the client has asked anew since.
  private int editsSent;
  private boolean overtaken;
  private boolean carries;

  /** Whether something was given that no request carried yet. */
  private boolean fresh = true;

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
    fresh = true;
  }

  /** The client says something on the channel. */
  void say(ClientMessage message) {
    fresh = true;
    if (message instanceof ClientMessage.Edits each) {
      edits.add(each);
    } else if (message instanceof ClientMessage.Save save) {
      saves.put(save.id(), save);
    } else if (message instanceof Presence each) {
      presence.put(each.participant(), each);
    } else if (message instanceof ClientMessage.Ping ping) {
      pings.add(ping);
    }
  }

  /** Returns whether a request should not wait. */
  boolean hasNews() {
    return fresh || behindCatchUp != null;
  }

  // --- The request ---

  /**
   * Returns what the next request says behind Hello.
   *
   * @param maxBytes how many bytes of changes it may have, but for the first message of them
   */
  List<ClientMessage> request(int maxBytes) {
    List<ClientMessage> said = new ArrayList<>();
    said.add(new ClientMessage.Open(NUMBER, document, known, opening ? digest : 0));
    int bytes = 0;
    editsSent = 0;
    overtaken = false;
    for (ClientMessage.Edits each : edits) {
      bytes += each.changes().size();
      if (editsSent > 0 && bytes > maxBytes) {
        break;
      }
      said.add(new ClientMessage.Edits(NUMBER, each.changes(), each.vector()));
      editsSent++;
    }
    boolean all = editsSent == edits.size();
    if (all) {
      // A save goes behind what it covers.
      saves.values().forEach(save -> said.add(onWire(save)));
      pings.forEach(ping -> said.add(new ClientMessage.Ping(ping.nonce(), NUMBER, ping.vector())));
      pings.clear();
    }
    for (Presence each : presence.values()) {
      said.add(each.onChannel(NUMBER));
      if (each.gone()) {
        shown.remove(each.participant());
      } else {
        shown.put(each.participant(), each.clock());
      }
    }
    carries = said.size() > 1;
    presence.clear();
    fresh = !all;
    return said;
  }

  private static ClientMessage.Save onWire(ClientMessage.Save save) {
    return new ClientMessage.Save(
        NUMBER, save.id(), save.vector(), save.guarantee(), save.digest());
  }

  /** Returns what a last request says of those whom this channel has shown; empty if nobody. */
  List<ClientMessage> farewell() {
    List<ClientMessage> said = new ArrayList<>();
    shown.forEach((participant, clock) -> said.add(Presence.gone(NUMBER, participant, clock + 1)));
    if (!said.isEmpty()) {
      said.add(0, new ClientMessage.Open(NUMBER, document, known));
    }
    return said;
  }

  // --- The answer ---

  /**
   * Takes in what the request was answered, and returns what to tell the client.
   *
   * @throws MalformedUpdateException if changes cannot be read
   */
  Answer answered(List<RelayMessage> messages) throws MalformedUpdateException {
    List<RelayMessage> told = new ArrayList<>();
    if (!overtaken) {
      for (ClientMessage.Edits sent : edits.subList(0, editsSent)) {
        knows(sent.changes());
      }
    }
    edits.subList(0, editsSent).clear();
    editsSent = 0;
    boolean busy = carries;
    boolean opened = false;
    Map<Long, Long> seen = new HashMap<>();
    for (RelayMessage message : messages) {
      if (overtaken && isNews(message)) {
        // The answer to what the client asks now has it too, and it waits for that.
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
    if (opened && behindCatchUp == null) {
      tellWhoIsGone(seen, told);
    }
    return new Answer(told, busy);
  }

  private static boolean isNews(RelayMessage message) {
    return message instanceof RelayMessage.Opened
        || message instanceof RelayMessage.Edits
        || message instanceof RelayMessage.Durable;
  }

  /**
   * What to tell the client.
   *
   * @param told the messages, in order
   * @param busy whether something goes on in the document
   */
  record Answer(List<RelayMessage> told, boolean busy) {}

  private void opened(RelayMessage.Opened message, List<RelayMessage> told) {
    if (opening || message.access() != access) {
      told.add(
          new RelayMessage.Opened(
              number,
              message.vector(),
              message.changes(),
              message.more(),
              message.durable(),
              message.access()));
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
    if (message.more()) {
      behindCatchUp = message.vector();
    } else {
      behindCatchUp = null;
      known = known.merge(message.vector());
    }
  }

  private void edits(RelayMessage.Edits message, List<RelayMessage> told)
      throws MalformedUpdateException {
    told.add(new RelayMessage.Edits(number, message.changes(), message.more(), message.vector()));
    if (message.vector() != null) {
      known = known.merge(message.vector());
    } else {
      knows(message.changes());
    }
    if (!message.more() && behindCatchUp != null) {
      known = known.merge(behindCatchUp);
      behindCatchUp = null;
    }
  }

  private void knows(Payload changes) throws MalformedUpdateException {
    VersionVector.Builder more = known.toBuilder();
    for (Change change : Change.parse(changes.bytes())) {
      more.advance(change.replica(), change.end());
    }
    known = more.build();
  }

  private void other(RelayMessage message, List<RelayMessage> told) {
    if (message instanceof RelayMessage.Durable each) {
      durable = each.vector();
      told.add(new RelayMessage.Durable(number, each.vector()));
    } else if (message instanceof RelayMessage.SaveAcknowledged each) {
      saves.remove(each.id());
      told.add(
          new RelayMessage.SaveAcknowledged(number, each.id(), each.vector(), each.guarantee()));
    } else if (message instanceof RelayMessage.SaveRefused each) {
      saves.remove(each.id());
      told.add(new RelayMessage.SaveRefused(number, each.id(), each.refusal()));
    } else if (message instanceof RelayMessage.Resend each) {
      told.add(new RelayMessage.Resend(number, each.vector()));
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
