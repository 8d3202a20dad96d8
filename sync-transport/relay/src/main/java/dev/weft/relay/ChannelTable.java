package dev.weft.relay;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DocumentId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The channels of one session: opens and closes them as its client says, keeps to the order of
 * their numbers, and passes on to documents what is theirs. Guarded by the session.
 */
final class ChannelTable {
  /** What a message costs beside its bytes while it waits for a worker. */
  private static final int MESSAGE_OVERHEAD_BYTES = 128;

  private final RelayHub hub;
  private final Session session;
  private final Admission admission;
  private final ReadGate gate;
  private final Pace pace;
  private final int maxChannels;
  private final Map<Integer, Channel> channels = new HashMap<>();
  private int highest;

  /** What waits for documents' workers, of channels that are closed by now too. Thread-safe. */
  private final Set<Errand> errands = ConcurrentHashMap.newKeySet();

  ChannelTable(RelayHub hub, Session session, Admission admission, ReadGate gate, Pace pace) {
    this.hub = hub;
    this.session = session;
    this.admission = admission;
    this.gate = gate;
    this.pace = pace;
    this.maxChannels = hub.bounds().connection().maxChannels();
  }

  /** What a channel's document is to do. */
  interface Work {
    void on(Channel channel);
  }

  /** The client opens a channel, or asks anew for what it lacks. */
  void open(ClientMessage.Open open, int bytes) throws RefusedException {
    int number = open.channel();
    Channel channel = channels.get(number);
    if (channel == null) {
      if (number <= highest) {
        throw new RefusedException(
            Codes.WRONG_STATE,
            "A new channel must have a higher number than all before, channel="
                + number
                + " highest="
                + highest
                + ".");
      }
      highest = number;
      try {
        DocumentId document = document(open.document());
        channel = new Channel(session, number, enter(document));
      } catch (RefusedException e) {
        hub.metrics().refused(e.refusal().code());
        session
            .queue()
            .answer(
                new RelayMessage.Fault(RelayMessage.Scope.CHANNEL, number, e.refusal(), List.of()));
        return;
      }
      channels.put(number, channel);
    } else if (!channel.document.id().value().equals(open.document())) {
      throw new RefusedException(
          Codes.WRONG_STATE, "Channel " + number + " is open for another document.");
    }
    // What the client may do is found out when its turn comes: what was true before may be over.
    pass(
        number,
        bytes,
        c -> c.document.channels().open(c, open, admission.accessTo(c.document.id())));
  }

  private static DocumentId document(String name) throws RefusedException {
    try {
      return new DocumentId(name);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(Codes.BAD_DOCUMENT_ID, Sentences.within(e.getMessage()));
    }
  }

  private OpenDocument enter(DocumentId document) throws RefusedException {
    if (channels.size() >= maxChannels) {
      throw new RefusedException(
          Codes.TOO_MANY_CHANNELS,
          "A connection has at most " + maxChannels + " channels open at once.");
    }
    if (admission.accessTo(document) == DocumentAccess.NONE) {
      throw new RefusedException(Refusals.unauthorised());
    }
    return hub.enter(document);
  }

  /** The client is done with a channel. */
  void close(int number) throws RefusedException {
    Channel channel = channels.remove(number);
    if (channel != null) {
      channel.document.channels().leave(channel);
    } else {
      requireOnceOpen(number);
    }
  }

  /** Has a channel's document do something about a message. */
  void pass(int number, int bytes, Work work) throws RefusedException {
    Channel channel = channels.get(number);
    if (channel == null) {
      requireOnceOpen(number);
      return;
    }
    pace.passed(channel, bytes);
    int cost = bytes + MESSAGE_OVERHEAD_BYTES;
    gate.enter(cost);
    Errand errand = new Errand(channel, cost, work);
    errands.add(errand);
    channel.document.post(errand);
  }

  /** A message that waits for a document's worker. Compared by identity. */
  private final class Errand implements Runnable {
    private final Channel channel;
    private final int cost;
    private final Work work;

    Errand(Channel channel, int cost, Work work) {
      this.channel = channel;
      this.cost = cost;
      this.work = work;
    }

    @Override
    public void run() {
      errands.remove(this);
      try {
        work.on(channel);
      } finally {
        gate.leave(cost);
      }
    }
  }

  /** Has documents do no more about what has come. May be called without the session's lock. */
  void withdraw() {
    Set<OpenDocument> documents = new HashSet<>();
    errands.forEach(errand -> documents.add(errand.channel.document));
    documents.forEach(document -> document.withdraw(errands));
    errands.clear();
  }

  /** What was under way on a channel when it was closed is not the client's fault. */
  private void requireOnceOpen(int number) throws RefusedException {
    if (number > highest) {
      throw new RefusedException(Codes.WRONG_STATE, "Channel " + number + " has not been opened.");
    }
  }

  /**
   * The client's identity was renewed: what it may do may be different. A Renew is a few bytes and
   * a channel's task is not: each has one waiting at most, which goes by the newest identity.
   */
  void allowAnew() {
    for (Channel channel : channels.values()) {
      if (channel.allowing.compareAndSet(false, true)) {
        channel.document.post(() -> allow(channel));
      }
    }
  }

  private void allow(Channel channel) {
    channel.allowing.set(false);
    channel.document.channels().allow(channel, admission.accessTo(channel.document.id()));
  }

  /** A document has closed a channel. */
  void forget(int number) {
    channels.remove(number);
  }

  /** Returns all channels. */
  List<Channel> all() {
    return new ArrayList<>(channels.values());
  }

  /** Returns all channels, and forgets them. */
  List<Channel> takeAll() {
    List<Channel> all = all();
    channels.clear();
    return all;
  }
}
