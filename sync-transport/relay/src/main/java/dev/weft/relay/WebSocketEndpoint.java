package dev.weft.relay;

import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.api.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attaches one Jetty WebSocket to the hub, and does nothing else. Jetty calls its {@link Listener}
 * from one thread at a time; as an {@link Outlet} it may be called from any.
 */
final class WebSocketEndpoint implements Outlet {
  private static final Logger log = LoggerFactory.getLogger(WebSocketEndpoint.class);

  /** A longer frame goes out in pieces, so that a slow connection can be told from a dead one. */
  private static final int PIECE_BYTES = 32 << 10;

  private final RelayHub hub;
  private final ProtocolVersion version;
  private volatile org.eclipse.jetty.websocket.api.@Nullable Session socket;
  private volatile @Nullable Session session;

  WebSocketEndpoint(RelayHub hub, ProtocolVersion version) {
    this.hub = hub;
    this.version = version;
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

  private void received(ByteBuffer payload, Callback callback) {
    byte[] frame = new byte[payload.remaining()];
    payload.get(frame);
    callback.succeed();
    Session open = session;
    if (open != null) {
      open.received(frame);
    }
  }

  private void closed() {
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

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
      endpoint.received(payload, callback);
    }

    @Override
    public void onWebSocketText(String message) {
      endpoint.close(CloseStatus.UNSUPPORTED_DATA, "Messages are binary.");
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
    ByteBuffer bytes = ByteBuffer.wrap(frame);
    org.eclipse.jetty.websocket.api.Session open = socket;
    if (open == null) {
      return;
    }
    if (frame.length <= PIECE_BYTES) {
      open.sendBinary(bytes, Callback.from(this::sent, this::failed));
    } else {
      sendPiece(open, bytes);
    }
  }

  private void sendPiece(org.eclipse.jetty.websocket.api.Session open, ByteBuffer rest) {
    int length = Math.min(rest.remaining(), PIECE_BYTES);
    ByteBuffer piece = rest.slice(rest.position(), length);
    rest.position(rest.position() + length);
    boolean last = !rest.hasRemaining();
    open.sendPartialBinary(
        piece,
        last,
        Callback.from(
            () -> {
              if (last) {
                sent();
              } else {
                progressed();
                sendPiece(open, rest);
              }
            },
            this::failed));
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
    if (open != null && open.isOpen()) {
      open.demand();
    }
  }

  @Override
  public void allowFrames(int maxBytes) {
    org.eclipse.jetty.websocket.api.Session open = socket;
    if (open != null) {
      open.setMaxBinaryMessageSize(maxBytes);
    }
  }

  @Override
  public void close(int status, String reason) {
    org.eclipse.jetty.websocket.api.Session open = socket;
    if (open != null) {
      open.close(status, reason, Callback.NOOP);
    }
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
    org.eclipse.jetty.websocket.api.Session open = socket;
    return PeerAddress.of(open == null ? null : open.getRemoteSocketAddress());
  }
}
