package dev.weft.relay;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * Where clients connect: counts connections by address from when they are accepted, before anything
 * is read from them. It goes by sockets and not by what is spoken on them, so that no handshake and
 * no upgrade that fails half way leaves one counted. Thread-safe.
 */
final class FrontConnector extends ServerConnector {
  /** Of so many more than may be connected, it is told that there are too many. */
  private static final int LEAST_BEYOND = 64;

  private final AddressTable addresses;
  private final TrustedProxies proxies;
  private final RelayTimes times;
  private final RelayMetrics metrics;
  private final int most;
  private final Map<EndPoint, Arrival> arrivals = new ConcurrentHashMap<>();

  FrontConnector(
      Server server,
      AddressTable addresses,
      TrustedProxies proxies,
      RelayTimes times,
      RelayBounds bounds,
      RelayMetrics metrics,
      ConnectionFactory... protocols) {
    super(server, protocols);
    this.addresses = addresses;
    this.proxies = proxies;
    this.times = times;
    this.metrics = metrics;
    this.most = bounds.connections() + Math.max(LEAST_BEYOND, bounds.connections() / 8);
  }

  @Override
  protected void onEndPointOpened(EndPoint socket) {
    super.onEndPointOpened(socket);
    boolean ofProxy =
        socket.getRemoteSocketAddress() instanceof InetSocketAddress peer && proxies.trust(peer);
    AddressTable.Stay stay =
        ofProxy ? null : addresses.arrive(AddressBlock.of(socket.getRemoteSocketAddress()), true);
    Arrival arrival = new Arrival(socket, getScheduler(), stay);
    arrivals.put(socket, arrival);
    if (stay != null && stay.refusal() != null) {
      metrics.refused(AddressTable.CODE);
    }
    boolean tooMany = arrivals.size() > most;
    if (tooMany) {
      metrics.shed(RelayMetrics.Shed.CONNECTION);
    }
    if (tooMany || (stay != null && stay.isToBeCut())) {
      socket.close();
    } else {
      arrival.awaitHead(times.head());
    }
    if (!socket.isOpen()) {
      // Of its end it may have been told before it was among them.
      forget(socket);
    }
  }

  @Override
  protected void onEndPointClosed(EndPoint socket) {
    super.onEndPointClosed(socket);
    forget(socket);
  }

  private void forget(EndPoint socket) {
    Arrival gone = arrivals.remove(socket);
    if (gone != null) {
      gone.end();
    }
  }

  /** Returns the connection that a request has come by; null if that is closed, or another's. */
  @Nullable Arrival arrival(Request request) {
    EndPoint socket = request.getConnectionMetaData().getConnection().getEndPoint();
    while (socket instanceof EndPoint.Wrapper layer) {
      socket = layer.unwrap();
    }
    return arrivals.get(socket);
  }

  /** Returns how many connections there are, whatever is spoken on them, or nothing. */
  int sockets() {
    return arrivals.size();
  }
}
