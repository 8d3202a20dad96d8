package dev.weft.desktop.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of network between an editor and a relay on this machine, which can be slow and broken
 * in several ways while it is in use: a TCP proxy that loses and reorders nothing within a
 * connection. Thread-safe; no method waits for what passes.
 *
 * <pre>{@code
 * try (NetworkLink link = NetworkLink.to(relay.uri())) {
 *   // a client connects to link.uri()
 *   link.setLatency(Duration.ofMillis(300));
 *   link.cut();
 *   link.mend();
 * }
 * }</pre>
 */
public final class NetworkLink implements AutoCloseable {
  /** The rate that is none. */
  public static final int UNLIMITED = 0;

  private static final int CONNECT_WITHIN_MILLIS = 2_000;

  private final InetSocketAddress relay;
  private final URI uri;
  private final Conditions conditions = new Conditions();
  private final ReentrantLock up = new ReentrantLock(true);
  private final ReentrantLock down = new ReentrantLock(true);

  // Guarded by this.
  private final LoopbackPort port;
  private final List<Connection> connections = new ArrayList<>();
  private final List<Thread> acceptors = new ArrayList<>();
  private Cable cable = Cable.WHOLE;
  private boolean relayListens = true;
  private boolean closed;

  private NetworkLink(InetSocketAddress relay, URI uri, LoopbackPort port) {
    this.relay = relay;
    this.uri = uri;
    this.port = port;
  }

  /**
   * Opens a link that is whole and fast.
   *
   * @param relay where it leads: {@code ws://host:port/path}
   * @throws IOException if there is no port for it
   */
  public static NetworkLink to(URI relay) throws IOException {
    LoopbackPort port = new LoopbackPort();
    URI uri = URI.create(relay.getScheme() + "://" + port.authority() + relay.getRawPath());
    NetworkLink link =
        new NetworkLink(new InetSocketAddress(relay.getHost(), relay.getPort()), uri, port);
    link.acceptFrom(port.listen());
    return link;
  }

  /** Returns where clients connect: the relay's address but for host and port. */
  public URI uri() {
    return uri;
  }

  /** Returns what passes. */
  public synchronized Cable cable() {
    return cable;
  }

  /**
   * Sets how long all takes from one end to the other, each way.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public void setLatency(Duration eachWay) {
    if (eachWay.isNegative()) {
      throw new IllegalArgumentException("eachWay must not be negative, value=" + eachWay);
    }
    conditions.setLatency(eachWay);
  }

  /**
   * Sets how much passes each way, all connections together.
   *
   * @param bytesPerSecond {@link #UNLIMITED}, or how many bytes
   * @throws IllegalArgumentException if it is negative
   */
  public void setBytesPerSecond(int bytesPerSecond) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException(
          "bytesPerSecond must not be negative, value=" + bytesPerSecond);
    }
    conditions.setBytesPerSecond(bytesPerSecond);
  }

  /** Makes the link {@link Cable#CUT}. */
  public void cut() throws IOException {
    set(Cable.CUT);
  }

  /** Makes the link {@link Cable#UNPLUGGED}. */
  public void unplug() throws IOException {
    set(Cable.UNPLUGGED);
  }

  /**
   * Makes the link {@link Cable#WHOLE}.
   *
   * @throws IOException if its port cannot be listened at; then it is as it was
   */
  public void mend() throws IOException {
    set(Cable.WHOLE);
  }

  private synchronized void set(Cable to) throws IOException {
    Cable before = cable;
    cable = to;
    try {
      apply();
    } catch (IOException e) {
      cable = before;
      throw e;
    }
  }

  /**
   * Says whether the relay listens at all. If it does not, who connects is refused here as there,
   * where that can be known at this end.
   *
   * @throws IOException if the link's port cannot be listened at
   */
  public synchronized void setRelayListening(boolean listens) throws IOException {
    relayListens = listens;
    apply();
  }

  private synchronized void apply() throws IOException {
    if (closed) {
      return;
    }
    boolean listens = cable == Cable.UNPLUGGED || (cable == Cable.WHOLE && relayListens);
    if (listens && !port.isListening()) {
      acceptFrom(port.listen());
    } else if (!listens && port.isListening()) {
      port.refuse();
      acceptors.forEach(Thread::interrupt);
    }
    conditions.setPassing(cable != Cable.UNPLUGGED);
    if (cable == Cable.CUT) {
      connections.forEach(Connection::reset);
    }
    connections.removeIf(Connection::isOver);
    acceptors.removeIf(thread -> !thread.isAlive());
  }

  private synchronized void acceptFrom(Listener listener) {
    Thread acceptor = Threads.create("accept", () -> acceptAll(listener));
    acceptors.add(acceptor);
    acceptor.start();
  }

  private void acceptAll(Listener listener) throws InterruptedException {
    while (true) {
      // While nothing passes, who connects waits, unanswered.
      conditions.awaitPassing();
      Socket client;
      try {
        client = listener.accept();
      } catch (IOException e) {
        // Nobody is to connect any more.
        return;
      }
      boolean connected = false;
      try {
        conditions.awaitPassing();
        connected = connect(listener, client);
      } finally {
        if (!connected) {
          Sockets.reset(client);
        }
      }
    }
  }

  private boolean connect(Listener listener, Socket client) {
    Socket toRelay = dial();
    if (toRelay == null) {
      return false;
    }
    Sockets.sendAtOnce(client);
    Sockets.sendAtOnce(toRelay);
    Connection connection = new Connection(client, toRelay, conditions, up, down);
    synchronized (this) {
      if (listener.isClosed()) {
        connection.reset();
        return false;
      }
      connections.removeIf(Connection::isOver);
      connections.add(connection);
      connection.start();
    }
    return true;
  }

  /** Returns a connection to the relay; null if there is none to be had. */
  private @Nullable Socket dial() {
    Socket socket = new Socket();
    try {
      socket.connect(relay, CONNECT_WITHIN_MILLIS);
      return socket;
    } catch (IOException e) {
      Sockets.close(socket);
      return null;
    }
  }

  /**
   * Closes all that goes through it at once, and waits until no thread of it is left. Closing again
   * does nothing.
   */
  @Override
  public void close() {
    List<Connection> open;
    List<Thread> accepting;
    synchronized (this) {
      closed = true;
      port.close();
      acceptors.forEach(Thread::interrupt);
      connections.forEach(Connection::reset);
      open = List.copyOf(connections);
      accepting = List.copyOf(acceptors);
    }
    try {
      for (Thread acceptor : accepting) {
        acceptor.join();
      }
      for (Connection connection : open) {
        connection.awaitEnd();
      }
    } catch (InterruptedException e) {
      // They end nevertheless.
      Thread.currentThread().interrupt();
    }
  }
}
