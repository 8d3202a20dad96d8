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
 * trace was recorded. It is a TCP proxy for one connection; it changes no message, and never their
 * order. Thread-safe.
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
  private boolean holding;
  private VersionVector arrived = VersionVector.EMPTY;
  private VersionVector passed = VersionVector.EMPTY;
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

  /** Holds back, from now on, what the relay sends. */
  synchronized void hold() {
    holding = true;
  }

  /** Lets everything through, from now on. */
  void letThrough() throws IOException {
    synchronized (this) {
      holding = false;
      while (!queue.isEmpty()) {
        forwardNext();
      }
    }
  }

  /** Lets through, message by message, what arrives until {@code wanted} is among it. */
  void letThrough(VersionVector wanted) throws IOException, InterruptedException, TimeoutException {
    awaitArrival(wanted);
    synchronized (this) {
      while (!passed.includes(wanted)) {
        forwardNext();
      }
    }
  }

  /** Waits until {@code wanted} has come from the relay, held or not. */
  void awaitArrival(VersionVector wanted)
      throws IOException, InterruptedException, TimeoutException {
    progress.await("the arrival of a change", () -> hasArrivedOrFailed(wanted));
    synchronized (this) {
      if (failure != null) {
        throw new IOException("the link to the relay broke: " + failure.getMessage(), failure);
      }
    }
  }

  private synchronized boolean hasArrivedOrFailed(VersionVector wanted) {
    return failure != null || arrived.includes(wanted);
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
    start("weft-link-up", () -> toClient.getInputStream().transferTo(toRelay.getOutputStream()));
    WireMessages messages = new WireMessages(toRelay.getInputStream());
    toClient.getOutputStream().write(messages.readUpgrade());
    for (Message next = messages.read(); next != null; next = messages.read()) {
      take(next);
    }
  }

  private void take(Message message) throws IOException {
    VersionVector carried = message.binary() ? changesIn(message.payload()) : VersionVector.EMPTY;
    synchronized (this) {
      queue.add(new Held(message.raw(), carried));
      queuedBytes += message.raw().length;
      if (queuedBytes > MAX_HELD_BYTES) {
        throw new IOException("more than " + MAX_HELD_BYTES + " bytes are held back");
      }
      arrived = arrived.merge(carried);
      if (!holding) {
        forwardNext();
      }
    }
    progress.made();
  }

  private synchronized void forwardNext() throws IOException {
    Held next = queue.remove();
    queuedBytes -= next.raw().length;
    passed = passed.merge(next.carried());
    if (client != null) {
      client.getOutputStream().write(next.raw());
    }
  }

  private static VersionVector changesIn(byte[] frame) throws IOException {
    try {
      RelayMessage message = Frames.decodeRelay(frame);
      Payload changes = Payload.EMPTY;
      if (message instanceof RelayMessage.Edits edits) {
        changes = edits.changes();
      } else if (message instanceof RelayMessage.Opened opened) {
        changes = opened.changes();
      }
      VersionVector.Builder carried = new VersionVector.Builder();
      if (!changes.isEmpty()) {
        for (Change change : Change.parse(changes.bytes())) {
          carried.advance(change.replica(), change.end());
        }
      }
      return carried.build();
    } catch (MalformedFrameException | MalformedUpdateException e) {
      throw new IOException("the relay sent what cannot be read: " + e.getMessage(), e);
    }
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
