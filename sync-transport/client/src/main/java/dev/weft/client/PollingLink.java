package dev.weft.client;

import dev.weft.crdt.MalformedUpdateException;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.ConnectionLimits;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.BufferingResponseListener;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * A link by requests that each hold one conversation, where no WebSocket can be had. To the session
 * it is a link like others. It asks for news at an interval that is short while something goes on
 * and grows while nothing does; what the client says is sent at once, one request at a time for
 * each document. Thread-safe.
 *
 * <p>A request that fails ends the link: what became of it is not known. The next one finds out by
 * vectors, as after a cut connection.
 */
final class PollingLink implements Link {
  private static final String GREETING_PATH = "/v1/documents/-/sync";

  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(150);
  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(2);

  /** Longer than a relay holds back an answer. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

  /** More than a relay answers at once; a bound on what a hostile one can make us hold. */
  private static final int MAX_ANSWER_BYTES = 64 << 20;

  /** So many bytes that the client has not asked for yet, and no news are asked for. */
  private static final int MAX_ARRIVED_BYTES = 4 << 20;

  private final HttpClient http;
  private final URI relay;
  private final Listener listener;

  // Guarded by this, and so is every call of the listener, which returns at once.
  private final Map<Integer, PolledChannel> channels = new LinkedHashMap<>();
  private final Set<Integer> polling = new HashSet<>();
  private final Map<Integer, Duration> intervals = new LinkedHashMap<>();
  private final Deque<byte[]> arrived = new ArrayDeque<>();
  private final Map<Integer, Integer> unsentBytes = new LinkedHashMap<>();
  private ClientMessage.@Nullable Hello hello;
  private int maxFrameBytes = ConnectionLimits.DEFAULT.maxFrameBytes();
  private int arrivedBytes;
  private int demanded;
  private boolean ended;

  /** Creates a link that is open: nothing is known of the relay before it is asked. */
  PollingLink(HttpClient http, URI relay, Listener listener) {
    this.http = http;
    this.relay = relay;
    this.listener = listener;
  }

  void start() {
    listener.opened();
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
      hello = said;
      greet(List.of());
      listener.sent(frame.length);
    } else if (message instanceof ClientMessage.Renew renew && hello != null) {
      hello =
          new ClientMessage.Hello(
              hello.agent(), renew.token(), hello.capabilities(), hello.previousSession());
      greet(List.of());
      listener.sent(frame.length);
    } else if (message instanceof ClientMessage.Ping ping && ping.channel() == 0) {
      greet(List.of(ping));
      listener.sent(frame.length);
    } else if (message instanceof ClientMessage.Open open) {
      PolledChannel known = channels.get(open.channel());
      if (known == null) {
        channels.put(open.channel(), new PolledChannel(open));
      } else {
        known.open(open);
      }
      listener.sent(frame.length);
      poll(open.channel());
    } else if (message instanceof ClientMessage.Close close) {
      leave(close.channel());
      listener.sent(frame.length);
    } else {
      say(channelOf(message), message, frame.length);
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

  /** What is said counts as sent when a request has taken it: so what waits stays bounded. */
  private void say(int number, ClientMessage message, int bytes) {
    PolledChannel channel = channels.get(number);
    if (channel == null) {
      listener.sent(bytes);
      return;
    }
    unsentBytes.merge(number, bytes, Integer::sum);
    channel.say(message);
    poll(number);
  }

  private void leave(int number) {
    PolledChannel left = channels.remove(number);
    intervals.remove(number);
    Integer unsent = unsentBytes.remove(number);
    if (unsent != null) {
      listener.sent(unsent);
    }
    if (left != null && !left.farewell().isEmpty()) {
      // Who has left is gone from the others' screens at once, if this arrives.
      request(documentPath(left), left.farewell(), answer -> {}, why -> {});
    }
  }

  @Override
  public synchronized void demand() {
    demanded++;
    deliver();
  }

  @Override
  public synchronized void close(String reason) {
    List.copyOf(channels.keySet()).forEach(this::leave);
    end(reason);
  }

  @Override
  public boolean isPolling() {
    return true;
  }

  synchronized boolean isEnded() {
    return ended;
  }

  private void end(String reason) {
    if (!ended) {
      ended = true;
      listener.closed(reason);
    }
  }

  // --- To the client ---

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
        GREETING_PATH,
        pings,
        answer -> {
          for (RelayMessage each : answer) {
            if (each instanceof RelayMessage.Welcome welcome) {
              maxFrameBytes = welcome.limits().maxFrameBytes();
              if (pings.isEmpty()) {
                tell(welcome);
              }
            } else {
              tell(each);
            }
          }
        },
        this::end);
  }

  private static String documentPath(PolledChannel channel) {
    return "/v1/documents/" + channel.document() + "/sync";
  }

  /** Asks for news of a document, and says what there is to say, unless that is under way. */
  private void poll(int number) {
    PolledChannel channel = channels.get(number);
    if (channel == null || ended || !polling.add(number)) {
      return;
    }
    int bytes = unsentBytes.getOrDefault(number, 0);
    unsentBytes.remove(number);
    request(
        documentPath(channel),
        channel.request(maxFrameBytes),
        answer -> {
          polling.remove(number);
          if (bytes > 0) {
            listener.sent(bytes);
          }
          answered(number, answer);
        },
        this::end);
  }

  private void answered(int number, List<RelayMessage> messages) {
    PolledChannel channel = channels.get(number);
    if (channel == null) {
      return;
    }
    PolledChannel.Answer answer;
    try {
      answer = channel.answered(messages);
    } catch (MalformedUpdateException e) {
      end("the relay sent what cannot be read: " + e.getMessage());
      return;
    }
    for (RelayMessage each : answer.told()) {
      if (each instanceof RelayMessage.Fault fault && fault.scope() == RelayMessage.Scope.CHANNEL) {
        channels.remove(number);
        intervals.remove(number);
      }
      tell(each);
    }
    Duration before = intervals.getOrDefault(number, SHORTEST_INTERVAL);
    Duration doubled = before.multipliedBy(2);
    Duration longer = doubled.compareTo(LONGEST_INTERVAL) < 0 ? doubled : LONGEST_INTERVAL;
    intervals.put(number, answer.busy() ? SHORTEST_INTERVAL : longer);
    pollAgain(number);
  }

  private void pollAgain(int number) {
    PolledChannel channel = channels.get(number);
    if (channel == null) {
      return;
    }
    if (channel.hasNews() && arrivedBytes < MAX_ARRIVED_BYTES) {
      poll(number);
      return;
    }
    long nanos = intervals.getOrDefault(number, SHORTEST_INTERVAL).toNanos();
    // Those who were cut off together do not ask together.
    long jittered = nanos - ThreadLocalRandom.current().nextLong(nanos / 4);
    http.getScheduler().schedule(() -> pollIfDue(number), jittered, TimeUnit.NANOSECONDS);
  }

  private synchronized void pollIfDue(int number) {
    if (arrivedBytes < MAX_ARRIVED_BYTES) {
      poll(number);
    } else {
      pollAgain(number);
    }
  }

  /** What is done with an answer; called with the lock. */
  private interface Taker<T> {
    void take(T what);
  }

  private void request(
      String path,
      List<ClientMessage> messages,
      Taker<List<RelayMessage>> answered,
      Taker<String> failed) {
    List<ClientMessage> said = new ArrayList<>();
    if (hello != null) {
      said.add(hello);
    }
    said.addAll(messages);
    http.POST(RelayAddress.ofHttp(relay, path))
        .headers(headers -> headers.put(HttpHeader.ACCEPT, PolledFrames.CONTENT_TYPE))
        .body(new BytesRequestContent(PolledFrames.CONTENT_TYPE, PolledFrames.write(said)))
        .timeout(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .send(
            new BufferingResponseListener(MAX_ANSWER_BYTES) {
              @Override
              public void onComplete(Result result) {
                completed(result, getMediaType(), getContent(), answered, failed);
              }
            });
  }

  private synchronized void completed(
      Result result,
      @Nullable String type,
      byte[] content,
      Taker<List<RelayMessage>> answered,
      Taker<String> failed) {
    if (ended) {
      return;
    }
    if (result.isFailed()) {
      failed.take(LinkFailures.describe(result.getFailure()));
      return;
    }
    if (!PolledFrames.CONTENT_TYPE.equals(type)) {
      int status = result.getResponse().getStatus();
      failed.take(
          status == HttpStatus.OK_200
              ? "something else than a relay answers there"
              : LinkFailures.describeStatus(status));
      return;
    }
    try {
      answered.take(PolledFrames.read(content));
    } catch (IOException | MalformedFrameException e) {
      failed.take("the relay sent what cannot be read: " + e.getMessage());
    }
  }
}
