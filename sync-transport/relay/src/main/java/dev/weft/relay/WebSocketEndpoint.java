package dev.weft.relay;

import dev.weft.protocol.Refusal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attaches one Jetty WebSocket to the hub, and does nothing else. Jetty calls its {@link Listener}
 * from one thread at a time; as an {@link Outlet} it may be called from any.
 */
final class WebSocketEndpoint implements Outlet {
  private static final Logger log = LoggerFactory.getLogger(WebSocketEndpoint.class);

  private final RelayHub hub;
  private final ProtocolVersion version;
  private final String peer;
  private volatile org.eclipse.jetty.websocket.api.@Nullable Session socket;
  private volatile @Nullable Session session;
  private volatile int maxFrameBytes;

  /** Whether Jetty was asked for what comes next, and has not brought it. */
  private final AtomicBoolean asked = new AtomicBoolean();

  /** What the end waits for, once the client was refused; what comes is dropped then. */
  private volatile @Nullable Linger linger;

  private final FrameParts parts;

  WebSocketEndpoint(RelayHub hub, ProtocolVersion version, String peer) {
    this.hub = hub;
    this.version = version;
    this.peer = peer;
    this.parts =
        new FrameParts(hub.unfinished().share(), new LeastPace(hub.times().idle(), hub.ticker()));
  }

  /** Returns what Jetty is to call. */
  Listener listener() {
    return new Listener(this);
  }

  // --- From Jetty ---

  private void opened(org.eclipse.jetty.websocket.api.Session opened) {
    socket = opened;
    Session connected = hub.connect(this, Entrance.ofWebSocket(version));
    session = connected;
    connected.start();
  }

  /** Takes in a piece of a frame, as much as one read of the socket has brought. */
  private void received(ByteBuffer piece, boolean last, Callback callback) {
    asked.set(false);
    Linger lingering = linger;
    if (lingering != null) {
      callback.succeed();
      lingering.came();
      demand();
      return;
    }
    int count = piece.remaining();
    boolean fits = parts.fits(count, maxFrameBytes);
    byte[] frame = null;
    Refusal refusal = null;
    if (fits) {
      try {
        frame = parts.add(piece, last, maxFrameBytes);
      } catch (RefusedException e) {
        refusal = e.refusal();
      }
    }
    callback.succeed();
    Session open = session;
    if (open == null) {
      return;
    }
    if (!fits) {
      parts.drop();
      reject(CloseStatus.MESSAGE_TOO_BIG, "A frame is longer than " + maxFrameBytes + " bytes.");
    } else if (refusal != null) {
      open.refuse(refusal);
    } else if (frame != null) {
      open.received(frame);
    } else {
      open.receivedPiece(count);
    }
  }

  /** Closes the connection for what came on it, which is not even read. */
  private void reject(int status, String reason) {
    close(status, reason);
    Session open = session;
    if (open != null) {
      open.closing();
    }
  }

  /**
   * Jetty keeps as many Pongs as it is given: nothing more is asked for before this one has left.
   */
  private void pinged(ByteBuffer payload, Callback callback) {
    asked.set(false);
    org.eclipse.jetty.websocket.api.Session open = socket;
    if (open == null) {
      callback.succeed();
      return;
    }
    open.sendPong(
        payload,
        Callback.from(
            () -> {
              callback.succeed();
              signed();
            },
            cause -> {
              callback.fail(cause);
              failed(cause);
            }));
  }

  private void ponged(Callback callback) {
    asked.set(false);
    callback.succeed();
    signed();
  }

  private void receivedText(Callback callback) {
    callback.succeed();
    reject(CloseStatus.UNSUPPORTED_DATA, "Messages are binary.");
  }

  /** A sign of life of the WebSocket itself has come, in the place of what was asked for. */
  private void signed() {
    Linger lingering = linger;
    if (lingering != null) {
      lingering.came();
      demand();
      return;
    }
    Session open = session;
    if (open == null) {
      return;
    }
    try {
      parts.cameElse();
    } catch (RefusedException e) {
      open.refuse(e.refusal());
      return;
    }
    open.receivedControl(parts.isUnderWay());
  }

  private void closed() {
    parts.drop();
    Linger lingering = linger;
    if (lingering != null) {
      lingering.cancel();
    }
    Session open = session;
    if (open != null) {
      open.closed();
    }
  }

  /** Public, inside a class that is not, because Jetty finds its methods by reflection. */
  public static final class Listener implements org.eclipse.jetty.websocket.api.Session.Listener {
    private final WebSocketEndpoint endpoint;

    private Listener(WebSocketEndpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public void onWebSocketOpen(org.eclipse.jetty.websocket.api.Session opened) {
      endpoint.opened(opened);
    }

    /**
     * That frames come, and no messages, is because of those that are empty and not the last of
     * theirs: of messages in pieces Jetty passes them over by itself, without end.
     */
    @Override
    public void onWebSocketFrame(Frame frame, Callback callback) {
      switch (frame.getEffectiveOpCode()) {
        case OpCode.BINARY -> endpoint.received(frame.getPayload(), frame.isFin(), callback);
        case OpCode.PING -> endpoint.pinged(frame.getPayload(), callback);
        case OpCode.PONG -> endpoint.ponged(callback);
        case OpCode.TEXT -> endpoint.receivedText(callback);
        default -> callback.succeed();
      }
    }

    @Override
    public void onWebSocketError(Throwable cause) {
      log.debug("connection from {} failed", endpoint.peer(), cause);
    }

    @Override
    public void onWebSocketClose(int statusCode, @Nullable String reason, Callback callback) {
      endpoint.closed();
      callback.succeed();
    }
  }

  // --- From the hub ---

  @Override
  public void send(byte[] frame) {
    org.eclipse.jetty.websocket.api.Session open = socket;
    if (open == null) {
      return;
    }
    ByteBuffer whole = ByteBuffer.wrap(frame);
    if (frame.length <= PiecedWrite.PIECE_BYTES) {
      open.sendBinary(whole, Callback.from(this::sent, this::failed));
    } else {
      PiecedWrite.begin(
          (last, piece, callback) ->
              open.sendPartialBinary(
                  piece, last, Callback.from(callback::succeeded, callback::failed)),
          whole,
          true,
          this::progressed,
          org.eclipse.jetty.util.Callback.from(this::sent, this::failed));
    }
  }

  private void sent() {
    Session open = session;
    if (open != null) {
      open.sent();
    }
  }

  private void progressed() {
    Session open = session;
    if (open != null) {
      open.progressed();
    }
  }

  /** Whatever failed, the connection is of no use any more; Jetty then tells of its end. */
  private void failed(Throwable cause) {
    log.debug("cannot send to {}", peer(), cause);
    abort();
  }

  @Override
  public void demand() {
    org.eclipse.jetty.websocket.api.Session open = socket;
    // Once for each that comes: who drops what comes asks beside who has asked before.
    if (open != null && open.isOpen() && asked.compareAndSet(false, true)) {
      parts.waits();
      open.demand();
    }
  }

  @Override
  public void allowFrames(int maxBytes) {
    maxFrameBytes = maxBytes;
  }

  @Override
  public void close(int status, String reason) {
    org.eclipse.jetty.websocket.api.Session open = socket;
    if (open != null) {
      open.close(status, reason, Callback.NOOP);
    }
  }

  @Override
  public void closeRefused(int status, String reason) {
    Duration most = hub.times().goodbye().dividedBy(2);
    linger = Linger.begin(hub, most, () -> close(status, reason));
    parts.drop();
    demand();
  }

  @Override
  public void abort() {
    org.eclipse.jetty.websocket.api.Session open = socket;
    if (open != null) {
      open.disconnect();
    }
  }

  @Override
  public String peer() {
    return peer;
  }
}
