package dev.weft.relay;

import dev.weft.protocol.Frames;
import dev.weft.protocol.Refusal;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/** Where clients come in by WebSocket, or are told why not. Thread-safe. */
final class SocketDoor {
  private final RelayHub hub;

  private SocketDoor(RelayHub hub) {
    this.hub = hub;
  }

  /**
   * Returns the handler.
   *
   * @param behind what answers requests that ask for no WebSocket
   */
  static Handler of(RelayHub hub, Server server, Handler behind) {
    SocketDoor door = new SocketDoor(hub);
    WebSocketUpgradeHandler upgrades = WebSocketUpgradeHandler.from(server, door::configure);
    upgrades.setHandler(behind);
    return upgrades;
  }

  private void configure(ServerWebSocketContainer container) {
    // The hub watches over silence by itself, and knows better when it means something.
    container.setIdleTimeout(Duration.ZERO);
    container.addMapping(Frames.PATH, this::comeIn);
  }

  private @Nullable Object comeIn(
      ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
    ProtocolVersion version = hub.versions().newestOf(request.getSubProtocols());
    if (version == null) {
      Replies.sentence(
          response,
          callback,
          HttpStatus.BAD_REQUEST_400,
          "This relay speaks these WebSocket subprotocols, and the client offers none of them: "
              + hub.versions().names()
              + ".");
      return null;
    }
    Refusal refusal = hub.unwelcome();
    if (refusal != null) {
      hub.refusals().refused(request, "", refusal);
      HttpRefusals.head(response, refusal);
      Replies.sentence(response, callback, response.getStatus(), refusal.reason());
      return null;
    }
    response.setAcceptedSubProtocol(version.name());
    // Updates are compact already, and what can be inflated can be a bomb.
    response.setExtensions(List.of());
    String peer = PeerAddress.of(request.getConnectionMetaData().getRemoteSocketAddress());
    return new WebSocketEndpoint(hub, version, peer).listener();
  }
}
