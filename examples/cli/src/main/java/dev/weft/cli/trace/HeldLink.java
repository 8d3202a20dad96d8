package dev.weft.cli.trace;

import dev.weft.cli.loopback.Progress;
import dev.weft.cli.trace.WireMessages.Message;
import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of network between one client and a relay, on which what the relay sends can be held
 * back: so a replay decides what a client has received when it types, as the network did when the
 * trace was recorded. It is a TCP proxy for one connection. It changes no message, nor their order,
 * but for the answers by which a client measures the network: they are not held, for else the
 * client would take it for a slow one, and gather its keystrokes. Thread-safe.
 */
final class HeldLink implements AutoCloseable {
  /** What may be held: beyond it the replay has failed long ago. */
  private static final int MAX_HELD_BYTES = 256 << 20;

  private final Progress progress;
  private final InetSocketAddress relay;
  private final ServerSocket server;

  // Guarded by this.
  private final Queue<Held> queue = new ArrayDeque<>();
  private long queuedBytes;
  private @Nullable VersionVector allowed;
  private VersionVector arrived = VersionVector.EMPTY;
  private @Nullable Socket client;
  private @Nullable Socket upstream;
  private @Nullable IOException failure;
  private boolean closed;

  /** Opens the client's end of the link. */
  HeldLink(URI relay, Progress progress) throws IOException {
    this.relay = new InetSocketAddress(relay.getHost(), relay.getPort());
    this.progress = progress;
    this.server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    start("weft-link-down", this::run);
  }

  /** Returns where the client connects. */
  URI uri() {
    return URI.create(
        "ws://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort());
  }

  /**
   * From now on lets through what the relay sends as long as it carries no change beyond {@code
   * version}, and holds it back from the first message on that does.
   */
  synchronized void letThrough(VersionVector version) throws IOException {
    allowed = version;
    forwardAllowed();
  }

  /** From now on lets through all that the relay sends. */
  synchronized void letAllThrough() throws IOException {
    allowed = null;
    forwardAllowed();
  }

  /** Waits until {@code wanted} has come from the relay, held or not. */
  void awaitArrival(VersionVector wanted)
      throws IOException, InterruptedException, TimeoutException {
    progress.await("the arrival of a change", () -> isBroken() || hasArrived(wanted));
    requireWhole();
  }

  private synchronized boolean hasArrived(VersionVector wanted) {
    return arrived.includes(wanted);
  }

  synchronized boolean isBroken() {
    return failure != null;
  }

  /** Throws what broke the link, if it is broken. */
  synchronized void requireWhole() throws IOException {
    if (failure != null) {
      throw new IOException("the link to the relay broke: " + failure.getMessage(), failure);
    }
  }

  /** Closes both ends. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    queue.clear();
    Socket toClient = client;
    Socket toRelay = upstream;
    try (server;
        toClient;
        toRelay) {
      client = null;
      upstream = null;
    }
  }

  private void run() throws IOException {
    Socket toClient = server.accept();
    Socket toRelay = new Socket(relay.getAddress(), relay.getPort());
    toClient.setTcpNoDelay(true);
    toRelay.setTcpNoDelay(true);
    synchronized (this) {
      client = toClient;
      upstream = toRelay;
      if (closed) {
        close();
        return;
      }
    }
    start(
        "weft-link-up",
        () -> {
          toClient.getInputStream().transferTo(toRelay.getOutputStream());
          toRelay.shutdownOutput();
        });
    WireMessages messages = new WireMessages(toRelay.getInputStream());
    toClient.getOutputStream().write(messages.readUpgrade());
    for (Message next = messages.read(); next != null; next = messages.read()) {
      take(next);
    }
    toClient.shutdownOutput();
  }

  private void take(Message message) throws IOException {
    RelayMessage meaning = message.binary() ? decode(message.payload()) : null;
    VersionVector carried = changesIn(meaning);
    synchronized (this) {
      if (isMeasurement(meaning)) {
        forward(message.raw());
        return;
      }
      queue.add(new Held(message.raw(), carried));
      queuedBytes += message.raw().length;
      if (queuedBytes > MAX_HELD_BYTES) {
        throw new IOException("more than " + MAX_HELD_BYTES + " bytes are held back");
      }
      arrived = arrived.merge(carried);
      forwardAllowed();
    }
    progress.made();
  }

  /** Whether a client learns nothing from this but how quick the network is. */
  private static boolean isMeasurement(@Nullable RelayMessage message) {
    return message instanceof RelayMessage.Pong pong && pong.vector() == null;
  }

  private synchronized void forwardAllowed() throws IOException {
    for (Held next = queue.peek(); next != null; next = queue.peek()) {
      if (allowed != null && !allowed.includes(next.carried())) {
        return;
      }
      queue.remove();
      queuedBytes -= next.raw().length;
      forward(next.raw());
    }
  }

  private synchronized void forward(byte[] raw) throws IOException {
    if (client != null) {
      client.getOutputStream().write(raw);
    }
  }

  private static RelayMessage decode(byte[] frame) throws IOException {
    try {
      return Frames.decodeRelay(frame);
    } catch (MalformedFrameException e) {
      throw new IOException("the relay sent what cannot be read: " + e.getMessage(), e);
    }
  }

  private static VersionVector changesIn(@Nullable RelayMessage message) throws IOException {
    Payload changes = Payload.EMPTY;
    if (message instanceof RelayMessage.Edits edits) {
      changes = edits.changes();
    } else if (message instanceof RelayMessage.Opened opened) {
      changes = opened.changes();
    }
    VersionVector.Builder carried = new VersionVector.Builder();
    if (!changes.isEmpty()) {
      try {
        for (Change change : Change.parse(changes.bytes())) {
          carried.advance(change.replica(), change.end());
        }
      } catch (MalformedUpdateException e) {
        throw new IOException("the relay sent changes that cannot be read: " + e.getMessage(), e);
      }
    }
    return carried.build();
  }

  private synchronized void fail(IOException e) {
    if (!closed && failure == null) {
      failure = e;
      progress.made();
    }
  }

  private void start(String name, Transfer transfer) {
    Thread thread =
        new Thread(
            () -> {
              try {
                transfer.run();
              } catch (IOException e) {
                fail(e);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Moves bytes until a connection ends. */
  @FunctionalInterface
  private interface Transfer {
    void run() throws IOException;
  }

  /**
   * A message that waits.
   *
   * @param raw its bytes
   * @param carried the changes in it: the ends of those of each replica
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared, written once.
  private record Held(byte[] raw, VersionVector carried) {}
}
