package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayMessage;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A client's bare connection to a relay over a real socket. It says what it is told to, and keeps
 * what it hears in order. One test thread uses it.
 */
final class Peer implements AutoCloseable {
  static final long DEADLINE_SECONDS = 20;

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final WebSocket socket;
  private final Tongue tongue;
  private final Ears ears;
  private final Deque<RelayMessage> passedOver = new ArrayDeque<>();
  private CompletableFuture<WebSocket> lastSent;

  private Peer(WebSocket socket, Tongue tongue, Ears ears) {
    this.socket = socket;
    this.tongue = tongue;
    this.ears = ears;
    this.lastSent = CompletableFuture.completedFuture(socket);
  }

  /** How a connection ended. */
  record Closed(int status, String reason) {}

  /** How the peer writes and reads frames. */
  interface Tongue {
    /** What every relay speaks. */
    Tongue V1 =
        new Tongue() {
          @Override
          public byte[] encode(ClientMessage message) {
            return Frames.encode(message);
          }

          @Override
          public RelayMessage decodeRelay(byte[] frame) throws MalformedFrameException {
            return Frames.decodeRelay(frame);
          }
        };

    byte[] encode(ClientMessage message);

    RelayMessage decodeRelay(byte[] frame) throws MalformedFrameException;
  }

  /** Connects and says nothing. */
  static Peer connect(URI relay) {
    return connect(relay, Long.MAX_VALUE);
  }

  /** Connects and reads {@code demand} pieces of messages, then no more until {@link #read}. */
  static Peer connect(URI relay, long demand) {
    return connect(relay, demand, Tongue.V1, Frames.SUBPROTOCOL);
  }

  /**
   * Connects with a tongue.
   *
   * @param accepted the subprotocol that the relay is to choose, offered before the others
   */
  static Peer connect(
      URI relay, long demand, Tongue tongue, String accepted, String... otherOffers) {
    return connect(HTTP, relay, demand, tongue, accepted, otherOffers);
  }

  private static Peer connect(
      HttpClient http,
      URI relay,
      long demand,
      Tongue tongue,
      String accepted,
      String... otherOffers) {
    Ears ears = new Ears(demand, tongue);
    WebSocket socket =
        http.newWebSocketBuilder()
            .subprotocols(accepted, otherOffers)
            .buildAsync(relay, ears)
            .join();
    assertThat(socket.getSubprotocol()).isEqualTo(accepted);
    return new Peer(socket, tongue, ears);
  }

  /** Connects and says hello. */
  static Peer greet(URI relay) {
    Peer peer = connect(relay);
    peer.hello();
    return peer;
  }

  /** Connects by TLS and says hello. */
  static Peer greet(URI relay, SSLContext trust) {
    HttpClient http = HttpClient.newBuilder().sslContext(trust).build();
    Peer peer = connect(http, relay, Long.MAX_VALUE, Tongue.V1, Frames.SUBPROTOCOL);
    peer.hello();
    return peer;
  }

  /** Connects and says hello with a token. */
  static Peer greet(URI relay, String token) {
    Peer peer = connect(relay);
    peer.hello(token);
    return peer;
  }

  void hello() {
    hello("");
  }

  void hello(String token) {
    say(new ClientMessage.Hello("test/1", token, Capabilities.NONE, ""));
    hear(RelayMessage.Welcome.class);
  }

  void say(ClientMessage message) {
    say(tongue.encode(message));
  }

  void say(byte[] frame) {
    lastSent = lastSent.thenCompose(sent -> sent.sendBinary(ByteBuffer.wrap(frame), true));
  }

  void sayText(String text) {
    lastSent = lastSent.thenCompose(sent -> sent.sendText(text, true));
  }

  /** Reads from now on. */
  void read() {
    socket.request(Long.MAX_VALUE);
  }

  /** Returns the next message of the kind, which may be here already; others are kept. */
  <M extends RelayMessage> M hear(Class<M> kind) {
    return hear(kind, message -> true);
  }

  <M extends RelayMessage> M hear(Class<M> kind, Predicate<M> which) {
    for (RelayMessage each : passedOver) {
      if (kind.isInstance(each) && which.test(kind.cast(each))) {
        passedOver.remove(each);
        return kind.cast(each);
      }
    }
    while (true) {
      RelayMessage next = next();
      if (kind.isInstance(next) && which.test(kind.cast(next))) {
        return kind.cast(next);
      }
      passedOver.add(next);
    }
  }

  /** Returns the next message that is not among those passed over. */
  RelayMessage next() {
    RelayMessage next = poll(DEADLINE_SECONDS * 1_000);
    return next == null ? fail("nothing was heard, but " + passedOver) : next;
  }

  /** Returns the next message, or null if there is none in time. */
  @Nullable RelayMessage poll(long millis) {
    try {
      return ears.heard.poll(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Asserts that nothing of a kind has come. */
  void hearNothingOf(Class<? extends RelayMessage> kind) {
    assertThat(passedOver).noneMatch(kind::isInstance);
    assertThat(ears.heard).noneMatch(kind::isInstance);
  }

  /** Asserts that the relay has nothing more to say than what was passed over. */
  void hearNothingBeforePong(long nonce) {
    say(new ClientMessage.Ping(nonce, 0, null));
    assertThat(next()).isEqualTo(new RelayMessage.Pong(nonce, 0, null));
  }

  Closed closed() {
    return ears.closed.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
  }

  boolean isOpen() {
    return !ears.closed.isDone();
  }

  /** Cuts the connection. */
  @Override
  public void close() {
    socket.abort();
  }

  private static final class Ears implements WebSocket.Listener {
    private final long demand;
    private final Tongue tongue;
    final BlockingQueue<RelayMessage> heard = new LinkedBlockingQueue<>();
    final CompletableFuture<Closed> closed = new CompletableFuture<>();
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    Ears(long demand, Tongue tongue) {
      this.demand = demand;
      this.tongue = tongue;
    }

    @Override
    public void onOpen(WebSocket socket) {
      if (demand > 0) {
        socket.request(demand);
      }
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] piece = new byte[data.remaining()];
      data.get(piece);
      begun.writeBytes(piece);
      if (last) {
        byte[] frame = begun.toByteArray();
        begun.reset();
        try {
          heard.add(tongue.decodeRelay(frame));
        } catch (MalformedFrameException e) {
          throw new AssertionError("the relay sent a malformed frame", e);
        }
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      closed.complete(new Closed(status, reason));
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.complete(new Closed(-1, String.valueOf(error.getMessage())));
    }
  }
}
