package dev.weft.relay;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.BindException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that a relay listens on, and the way of a request from there to what answers it: by
 * TLS or without, past the bounds of its address and of its origin, to operations, a WebSocket or
 * another door. Opened once and stopped once, by one thread; what it tells is told to any.
 */
final class HttpFront {
  /**
   * How many connections the system keeps until the relay accepts them; it may keep fewer (Linux:
   * {@code net.core.somaxconn}). Of the JDK's 50, those who come back together after a cut are too
   * many: the others are silently not answered, and ask again a second later, then two, then four.
   */
  private static final int WAITING_TO_BE_ACCEPTED = 4_096;

  private final RelayHub hub;
  private final String host;
  private final Server server;
  private final AddressTable addresses;
  private final FrontConnector connector;
  private final @Nullable ServerConnector operations;
  private final @Nullable TlsFront tls;

  private volatile int listeningPort = -1;

  /**
   * Creates a front that is not open.
   *
   * @param open whether it lets everybody in, of this machine alone
   * @throws UnusableFileException if the files of its certificate cannot be used
   */
  HttpFront(
      RelayServer.Builder settings,
      boolean open,
      RelayHub hub,
      PrometheusMeterRegistry meters,
      Dashboard dashboard) {
    this.hub = hub;
    this.host = settings.host;
    QueuedThreadPool pool = new QueuedThreadPool();
    pool.setName("weft-relay-http");
    pool.setDaemon(true);
    this.server = new Server(pool);
    server.setErrorHandler(new PlainErrors());
    this.tls =
        settings.certificates == null
            ? null
            : new TlsFront(settings.certificates, settings.certificatesLooked);
    this.addresses =
        new AddressTable(
            settings.bounds.connectionsOfAddress(!Hosts.isLoopback(host)), hub.ticker());
    this.connector = ofClients(settings);
    server.addConnector(connector);
    this.operations = settings.operationsPort < 0 ? null : ofOperations(settings);
    if (operations != null) {
      server.addConnector(operations);
    }
    Handler doors =
        SocketDoor.of(
            hub,
            server,
            new HttpDoors(
                Map.of(
                    "sync", new PollDoor(hub, connector),
                    "text", new TextDoor(hub),
                    "events", new EventsDoor(hub)),
                hub.refusals()));
    Handler figures =
        new OperationsDoors(
            hub,
            meters,
            new DashboardDoor(dashboard),
            this::cameForOperations,
            request -> open || isOfThoseWhoOperate(request),
            doors);
    server.setHandler(
        new AddressGate(
            connector,
            addresses,
            hub.metrics(),
            settings.times.idle(),
            new OriginGate(settings.origins, host, open, hub.refusals(), figures)));
  }

  private FrontConnector ofClients(RelayServer.Builder settings) {
    HttpConfiguration http = ofHttp();
    if (settings.proxies != TrustedProxies.NONE) {
      http.addCustomizer(settings.proxies);
    }
    FrontConnector front =
        new FrontConnector(
            server,
            addresses,
            settings.proxies,
            settings.times,
            settings.bounds,
            hub.metrics(),
            protocols(http));
    front.setHost(host);
    front.setPort(settings.port);
    front.setAcceptQueueSize(WAITING_TO_BE_ACCEPTED);
    if (settings.sendBufferBytes > 0) {
      front.setAcceptedSendBufferSize(settings.sendBufferBytes);
    }
    return front;
  }

  private ConnectionFactory[] protocols(HttpConfiguration http) {
    ConnectionFactory plain = new HttpConnectionFactory(http);
    return tls == null
        ? new ConnectionFactory[] {plain}
        : new ConnectionFactory[] {tls.connections(http), plain};
  }

  private ServerConnector ofOperations(RelayServer.Builder settings) {
    ServerConnector own = new ServerConnector(server, 1, 1, new HttpConnectionFactory(ofHttp()));
    own.setHost(settings.operationsHost);
    own.setPort(settings.operationsPort);
    return own;
  }

  private static HttpConfiguration ofHttp() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    return http;
  }

  private boolean cameForOperations(Request request) {
    return operations != null && request.getConnectionMetaData().getConnector() == operations;
  }

  private boolean isOfThoseWhoOperate(Request request) {
    if (operations == null || !cameForOperations(request)) {
      return false;
    }
    String name = Request.getServerName(request);
    return !Hosts.isLoopback(operations.getHost())
        || name.equalsIgnoreCase(operations.getHost())
        || OriginGate.isOfThisMachine(name);
  }

  /**
   * Begins to listen; returns when clients can connect.
   *
   * @throws RelayStartException if it cannot; it is to be stopped then
   */
  void open() {
    try {
      connector.open();
      server.start();
      if (tls != null) {
        tls.start();
      }
    } catch (Exception e) {
      throw notOpened(e);
    }
    listeningPort = connector.getLocalPort();
  }

  private RelayStartException notOpened(Exception cause) {
    String where = host + ":" + connector.getPort();
    Throwable root = cause;
    while (root.getCause() != null && !(root instanceof BindException)) {
      root = root.getCause();
    }
    if (root instanceof BindException && isInUse(root)) {
      return new RelayStartException(
          "cannot listen on "
              + where
              + ": another program has that port; stop it, or choose another port",
          cause);
    }
    if (root instanceof UnresolvedAddressException) {
      return new RelayStartException(
          "cannot listen on " + where + ": no address is known for that host", cause);
    }
    return new RelayStartException("cannot listen on " + where + ": " + root.getMessage(), cause);
  }

  /** The JDK has no class of its own for it, and passes on the system's words. */
  private static boolean isInUse(Throwable cause) {
    return String.valueOf(cause.getMessage()).contains("in use");
  }

  /** Takes no more clients; those who are there stay, and operations are answered. */
  void takeNoMore() {
    connector.close();
  }

  /** Stops listening, and cuts who is still connected. */
  void stop() throws Exception {
    if (tls != null) {
      tls.close();
    }
    server.stop();
  }

  /** Returns where clients connect by WebSocket, without a path. */
  URI ofSockets() {
    return at(tls == null ? "ws" : "wss", host, port());
  }

  /** Returns where pages of clients are. */
  URI ofPages() {
    return at(tls == null ? "http" : "https", host, port());
  }

  /** Returns where operations are answered and nothing else is; null if that is nowhere. */
  @Nullable URI ofOperations() {
    return operations == null ? null : at("http", operations.getHost(), operationsPort());
  }

  /** Returns whether operations are answered where others than this machine can ask. */
  boolean areFiguresReachable() {
    return operations != null && Hosts.isReachable(operations.getHost());
  }

  private static URI at(String scheme, String host, int port) {
    String literal = host.contains(":") ? "[" + host + "]" : host;
    return URI.create(scheme + "://" + literal + ":" + port + "/");
  }

  /** As {@link RelayServer#port}. */
  int port() {
    int port = listeningPort;
    if (port == -1) {
      throw new IllegalStateException("the relay has not been started");
    }
    return port;
  }

  /** As {@link RelayServer#operationsPort}. */
  int operationsPort() {
    int port = operations == null ? -1 : operations.getLocalPort();
    if (port < 0) {
      throw new IllegalStateException("there is no address for operations, or it is not open yet");
    }
    return port;
  }

  AddressTable addresses() {
    return addresses;
  }

  /** Returns how many connections of TCP clients have, whatever is spoken on them. */
  int sockets() {
    return connector.sockets();
  }
}
