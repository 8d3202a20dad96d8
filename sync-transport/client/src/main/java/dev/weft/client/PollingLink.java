package dev.weft.client;

import dev.weft.crdt.MalformedUpdateException;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.ConnectionLimits;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A link by requests that each hold one conversation, where no WebSocket can be had. To the session
 * it is a link like others. It asks for news of each document at an interval that is short while
 * something goes on there and grows while nothing does; what the client says is sent at once, one
 * request at a time for each document. Thread-safe.
 *
 * <p>A request that fails ends the link: what became of it is not known. The next one finds out by
 * vectors, as after a cut connection.
 */
final class PollingLink implements Link {
  /** A request that opens no document may name any. */
  private static final String NO_DOCUMENT = "-";

  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(150);
  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(2);

  /** What need not go at once waits so long for what else is said. */
  private static final Duration SOON = Duration.ofMillis(20);

  /** How long closing waits for what was said to be taken. */
  private static final Duration CLOSE_WITHIN = Duration.ofMillis(900);

  /** So many bytes that the client has not asked for yet, and no news are asked for. */
  private static final int MAX_ARRIVED_BYTES = 4 << 20;

  private final Scheduler scheduler;
  private final Requests requests;
  private final RandomGenerator random;
  private final Listener listener;

  // Guarded by this, and so is every call of the listener, which returns at once.
  private final Map<Integer, Conversation> conversations = new LinkedHashMap<>();
  private final SignsOfLife<Conversation> signs = new SignsOfLife<>();
  private final Deque<byte[]> arrived = new ArrayDeque<>();
  private ClientMessage.@Nullable Hello hello;
  private RelayMessage.StoreState storeState = RelayMessage.StoreState.AVAILABLE;
  private int maxFrameBytes = ConnectionLimits.DEFAULT.maxFrameBytes();
  private int arrivedBytes;
  private int demanded;
  private @Nullable String closing;
  private boolean ended;

  /** Creates a link that is open: nothing is known of the relay before it is asked. */
  PollingLink(Scheduler scheduler, Requests requests, RandomGenerator random, Listener listener) {
    this.scheduler = scheduler;
    this.requests = requests;
    this.random = random;
    this.listener = listener;
  }

  /**
   * What a request came to that was not answered in frames.
   *
   * @param why for a person: the beginning of a sentence, without a full stop
   * @param away how long the server has said to stay away; zero if it has not
   */
  record NoAnswer(String why, Duration away) {
    NoAnswer(String why) {
      this(why, Duration.ZERO);
    }
  }

  /** The way to the relay. Thread-safe. */
  interface Requests {
    /**
     * Sends a request.
     *
     * @param hello who asks; null if the client has not said it
     * @param document the document of the path
     * @param messages what is said behind Hello
     * @param hearing is told, on any thread, that a piece of a longer answer has come
     * @param answered is told, on any thread, what the relay says
     * @param failed is told, on any thread, why there is no answer
     */
    void send(
        ClientMessage.@Nullable Hello hello,
        String document,
        List<ClientMessage> messages,
        Runnable hearing,
        Consumer<List<RelayMessage>> answered,
        Consumer<NoAnswer> failed);
  }

  void start() {
    listener.opened();
  }

  @Override
  public boolean isPolling() {
    return true;
  }

  synchronized boolean isEnded() {
    return ended;
  }

  /** Returns how the client introduces itself; null if it has not yet. */
  synchronized ClientMessage.@Nullable Hello hello() {
    return hello;
  }

  /** What is under way for one document. */
  private static final class Conversation {
    final PolledChannel channel;
    Duration interval = SHORTEST_INTERVAL;
    boolean asking;
    boolean leaving;
    Scheduler.@Nullable Task timer;

    Conversation(ClientMessage.Open open) {
      channel = new PolledChannel(open);
    }

    void stopWaiting() {
      if (timer != null) {
        timer.cancel();
        timer = null;
      }
    }
  }

  // --- From the client ---

  @Override
  public synchronized void send(byte[] frame) {
    if (ended) {
      return;
    }
    ClientMessage message;
    try {
      message = Frames.decodeClient(frame);
    } catch (MalformedFrameException e) {
      throw new AssertionError("the client wrote a frame that cannot be read", e);
    }
    if (message instanceof ClientMessage.Hello said) {
      introduce(said, frame.length);
    } else if (message instanceof ClientMessage.Renew renew && hello != null) {
      introduce(
          new ClientMessage.Hello(
              hello.agent(), renew.token(), hello.capabilities(), hello.previousSession()),
          frame.length);
    } else if (message instanceof ClientMessage.Open open) {
      open(open);
      taken(frame.length);
    } else if (message instanceof ClientMessage.Close close) {
      taken(frame.length);
      leave(conversations.get(close.channel()));
    } else if (message instanceof ClientMessage.Ping ping && ping.channel() == 0) {
      ask(ping, frame.length);
    } else {
      Conversation of = conversations.get(channelOf(message));
      if (of == null || of.leaving) {
        taken(frame.length);
      } else {
        say(of, message, frame.length);
      }
    }
  }

  private static int channelOf(ClientMessage message) {
    if (message instanceof ClientMessage.Edits edits) {
      return edits.channel();
    } else if (message instanceof ClientMessage.Save save) {
      return save.channel();
    } else if (message instanceof Presence presence) {
      return presence.channel();
    }
    return message instanceof ClientMessage.Ping ping ? ping.channel() : 0;
  }

  /** Tells that a request has taken it; not after the end, which a request may be. */
  private void taken(int bytes) {
    if (!ended) {
      listener.sent(bytes);
    }
  }

  private void introduce(ClientMessage.Hello said, int bytes) {
    hello = said;
    greet(List.of());
    taken(bytes);
  }

  private void open(ClientMessage.Open open) {
    Conversation known = conversations.get(open.channel());
    if (known == null) {
      known = new Conversation(open);
      conversations.put(open.channel(), known);
    } else {
      known.channel.open(open);
    }
    poll(known);
  }

  /** What is said counts as sent when a request has taken it: so what waits stays bounded. */
  private void say(Conversation of, ClientMessage message, int bytes) {
    of.channel.say(message, bytes);
    if (of.channel.urgency() == PolledChannel.Urgency.NOW) {
      poll(of);
    } else {
      pollWithin(of, SOON);
    }
  }

  /** A sign of life is asked for with what is asked anyway, unless all of that may take long. */
  private void ask(ClientMessage.Ping ping, int bytes) {
    signs.asked(ping.nonce(), conversations.values().stream().filter(each -> each.asking).toList());
    for (Conversation each : conversations.values()) {
      if (!each.asking && !each.leaving) {
        say(each, ping, bytes);
        return;
      }
    }
    greet(List.of(ping));
    taken(bytes);
  }

  private void leave(@Nullable Conversation left) {
    if (left == null || left.leaving) {
      return;
    }
    left.leaving = true;
    left.channel.leave();
    if (left.channel.urgency() == PolledChannel.Urgency.NOW) {
      poll(left);
    } else if (!left.asking) {
      forget(left);
    }
  }

  private void forget(Conversation gone) {
    gone.stopWaiting();
    conversations.remove(gone.channel.number(), gone);
    signs.answered(gone).forEach(this::tell);
    int unsettled = gone.channel.unsettledBytes();
    if (unsettled > 0) {
      taken(unsettled);
    }
    endIfAllIsSaid();
  }

  @Override
  public synchronized void demand() {
    demanded++;
    deliver();
  }

  /** Closes when what was said is with the relay, or the time for it is over. */
  @Override
  public synchronized void close(String reason) {
    if (ended || closing != null) {
      return;
    }
    closing = reason;
    List.copyOf(conversations.values()).forEach(this::leave);
    endIfAllIsSaid();
    if (!ended) {
      Scheduler.Task unused =
          scheduler.schedule(() -> endNow(reason), CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void endIfAllIsSaid() {
    if (closing != null && conversations.isEmpty()) {
      end(closing);
    }
  }

  private synchronized void endNow(String reason) {
    end(reason);
  }

  private void end(String reason) {
    if (!ended) {
      ended = true;
      conversations.values().forEach(Conversation::stopWaiting);
      conversations.clear();
      arrived.clear();
      listener.closed(reason, OtherWays.MAY_WORK);
    }
  }

  // --- To the client ---

  /** Tells what has come; that a sign of life has, which must wait, is not told but heard. */
  private void pass(RelayMessage message) {
    if (message instanceof RelayMessage.Pong sign && sign.channel() == 0) {
      List<RelayMessage.Pong> ready = signs.came(sign);
      if (ready.isEmpty()) {
        listener.hearing();
      }
      ready.forEach(this::tell);
    } else {
      tell(message);
    }
  }

  private void tell(RelayMessage message) {
    byte[] frame = Frames.encode(message);
    arrivedBytes += frame.length;
    arrived.add(frame);
    deliver();
  }

  private void deliver() {
    while (!ended && demanded > 0 && !arrived.isEmpty()) {
      byte[] frame = arrived.remove();
      arrivedBytes -= frame.length;
      demanded--;
      listener.received(frame);
    }
  }

  // --- Requests ---

  /** Asks who the relay is, whether it lets the client in, and whether it is there. */
  private void greet(List<ClientMessage> pings) {
    request(
        NO_DOCUMENT,
        pings,
        answer -> {
          for (RelayMessage each : answer) {
            if (each instanceof RelayMessage.Welcome welcome) {
              maxFrameBytes = welcome.limits().maxFrameBytes();
              if (pings.isEmpty()) {
                tell(welcome);
              }
            } else if (!(each instanceof RelayMessage.StoreState)) {
              pass(each);
            }
          }
        });
  }

  /**
   * Asks for news of a document, and says what there is to say, unless that is under way. While too
   * much waits for the client no news are asked for; what it says goes, and the news that come in
   * answer are let go.
   */
  private void poll(Conversation of) {
    boolean isFull = arrivedBytes > MAX_ARRIVED_BYTES;
    if (ended || of.asking || (isFull && of.channel.urgency() != PolledChannel.Urgency.NOW)) {
      pollLater(of);
      return;
    }
    of.stopWaiting();
    of.asking = true;
    List<ClientMessage> said = of.channel.request(maxFrameBytes);
    if (isFull) {
      of.channel.letNewsGo();
    }
    request(
        of.channel.document(),
        said,
        answer -> {
          of.asking = false;
          answered(of, answer);
        });
  }

  private void answered(Conversation of, List<RelayMessage> messages) {
    PolledChannel.Answer answer;
    try {
      answer = of.channel.answered(messages);
    } catch (MalformedUpdateException e) {
      end("the relay sent what cannot be read: " + e.getMessage());
      return;
    }
    if (answer.settledBytes() > 0) {
      taken(answer.settledBytes());
    }
    boolean closed = false;
    for (RelayMessage each : answer.told()) {
      closed |=
          each instanceof RelayMessage.Fault fault && fault.scope() == RelayMessage.Scope.CHANNEL;
      pass(each);
    }
    signs.answered(of).forEach(this::tell);
    if (closed || (of.leaving && of.channel.urgency() == PolledChannel.Urgency.NEVER)) {
      forget(of);
      return;
    }
    Duration doubled = of.interval.multipliedBy(2);
    Duration longer = doubled.compareTo(LONGEST_INTERVAL) < 0 ? doubled : LONGEST_INTERVAL;
    of.interval = answer.busy() ? SHORTEST_INTERVAL : longer;
    switch (of.channel.urgency()) {
      case NOW -> poll(of);
      case SOON -> pollWithin(of, SOON);
      case NEVER -> pollLater(of);
    }
  }

  /** Those who were cut off together do not ask together. */
  private void pollLater(Conversation of) {
    long nanos = of.interval.toNanos();
    if (of.timer == null) {
      pollWithin(of, Duration.ofNanos(nanos - random.nextLong(nanos / 4)));
    }
  }

  /** Polls after a while, or sooner if that is planned; not while a request is under way. */
  private void pollWithin(Conversation of, Duration delay) {
    if (ended || of.asking) {
      return;
    }
    of.stopWaiting();
    of.timer = scheduler.schedule(() -> pollIfOpen(of), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private synchronized void pollIfOpen(Conversation of) {
    of.timer = null;
    if (!ended && conversations.get(of.channel.number()) == of) {
      poll(of);
    }
  }

  private void request(
      String document, List<ClientMessage> messages, Consumer<List<RelayMessage>> answered) {
    requests.send(
        hello,
        document,
        messages,
        this::hearing,
        answer -> {
          synchronized (this) {
            if (!ended) {
              answered.accept(answer);
              noteStoreState(answer);
            }
          }
        },
        this::unanswered);
  }

  private synchronized void unanswered(NoAnswer failure) {
    if (!ended && !failure.away().isZero()) {
      listener.sentAway(failure.away());
    }
    end(failure.why());
  }

  /** Each answer begins anew: one that says nothing of the relay's store says that it is well. */
  private void noteStoreState(List<RelayMessage> answer) {
    RelayMessage.StoreState now = RelayMessage.StoreState.AVAILABLE;
    boolean greeted = false;
    for (RelayMessage each : answer) {
      greeted |= each instanceof RelayMessage.Welcome;
      if (each instanceof RelayMessage.StoreState state) {
        now = state;
      }
    }
    if (greeted && !ended && !now.equals(storeState)) {
      storeState = now;
      tell(now);
    }
  }

  private synchronized void hearing() {
    if (!ended) {
      listener.hearing();
    }
  }
}
