package dev.weft.bench.load.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A client's end of a WebSocket (RFC 6455) without extensions, on an event loop, behind a network.
 * Confined to the loop.
 */
public final class WebSocketConnection implements EventLoop.Ready {
  /** Of a slow client the system keeps little: what it has not read is to wait in the server. */
  private static final int SLOW_BUFFER_BYTES = 4 << 10;

  /** Little, so that what is sent is not far ahead of what the server takes. */
  private static final int SEND_BUFFER_BYTES = 16 << 10;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final EventLoop loop;
  private final Listener listener;
  private final Handshake handshake;
  private final FrameReader frames;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final @Nullable Pacer readPacer;
  private final @Nullable Pacer writePacer;
  private final @Nullable DelayLine<byte[]> incoming;
  private final @Nullable DelayLine<ByteBuffer> outgoing;
  private ByteBuffer unsent = NOTHING;

  /** Why nothing can be written any more; null as long as it can. */
  private @Nullable String writeFailure;

  private int maskSeed = ThreadLocalRandom.current().nextInt();
  private boolean blocked;
  private boolean open;
  private boolean closed;

  /** Is told what happens on a connection. */
  public interface Listener {
    /** Messages can be sent. */
    void opened();

    /** A message has come; the buffer is the caller's. */
    void message(ByteBuffer message);

    /** A ping was answered. */
    void ponged();

    /** What the link did not take at once is sent. */
    default void drained() {}

    /** It is over; the reason is a part of a sentence. Not told to who closed it. */
    void closed(String reason);
  }

  /**
   * Begins to connect.
   *
   * @param address where the endpoint's host is
   * @param subprotocol what is to be spoken; empty for nothing in particular
   * @throws IOException if no socket can be had
   */
  public WebSocketConnection(
      EventLoop loop,
      InetSocketAddress address,
      URI endpoint,
      String subprotocol,
      Network network,
      Listener listener)
      throws IOException {
    this.loop = loop;
    this.listener = listener;
    handshake = new Handshake(endpoint, subprotocol);
    frames = new FrameReader(new Frames());
    long now = System.nanoTime();
    boolean paced = network.bytesPerSecond() > 0;
    readPacer = paced ? new Pacer(network.bytesPerSecond(), now) : null;
    writePacer = paced ? new Pacer(network.bytesPerSecond(), now) : null;
    Random random = new Random(maskSeed);
    incoming = network.isLate() ? new DelayLine<>(network, random) : null;
    outgoing = network.isLate() ? new DelayLine<>(network, random) : null;
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(
        StandardSocketOptions.SO_SNDBUF, paced ? SLOW_BUFFER_BYTES : SEND_BUFFER_BYTES);
    if (paced) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, SLOW_BUFFER_BYTES);
    }
    key = channel.register(loop.selector(), SelectionKey.OP_CONNECT, this);
    boolean connected;
    try {
      connected = channel.connect(address);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    if (connected) {
      connected();
    }
  }

  private void connected() {
    key.interestOps(SelectionKey.OP_READ);
    put(ByteBuffer.wrap(handshake.request()));
  }

  @Override
  public void ready(int operations) {
    if (closed) {
      return;
    }
    try {
      if ((operations & SelectionKey.OP_CONNECT) != 0 && channel.finishConnect()) {
        connected();
      }
      if ((operations & SelectionKey.OP_WRITE) != 0) {
        flush();
      }
      if (!closed && (operations & SelectionKey.OP_READ) != 0) {
        read();
      }
    } catch (ConnectException | NoRouteToHostException e) {
      fail(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      ended(String.valueOf(e.getMessage()));
    }
  }

  private void ended(String how) {
    if (!open) {
      fail("the server closed the connection without an answer (" + how + "); it may be full");
    } else {
      fail("the server closed the connection (" + how + ")");
    }
  }

  // --- What comes in ---

  private void read() throws IOException {
    ByteBuffer buffer = loop.buffer();
    if (readPacer != null) {
      int allowed = readPacer.allowed(System.nanoTime());
      if (allowed == 0) {
        interested(SelectionKey.OP_READ, false);
        loop.at(readPacer.fullAtNanos(), () -> interested(SelectionKey.OP_READ, true));
        return;
      }
      buffer.limit(Math.min(allowed, buffer.capacity()));
    }
    int length = channel.read(buffer);
    if (length < 0) {
      ended(writeFailure == null ? "end of stream" : writeFailure);
      return;
    }
    if (readPacer != null) {
      readPacer.passed(length);
    }
    byte[] bytes = loop.bytes();
    buffer.flip().get(bytes, 0, length);
    if (incoming == null) {
      take(bytes, length);
    } else {
      loop.at(incoming.add(Arrays.copyOf(bytes, length), System.nanoTime()), this::takeWhatCame);
    }
  }

  private void takeWhatCame() {
    if (incoming == null) {
      throw new AssertionError("only what is late comes by the line");
    }
    byte[] piece = incoming.poll(System.nanoTime());
    while (piece != null && !closed) {
      take(piece, piece.length);
      piece = incoming.poll(System.nanoTime());
    }
  }

  private void take(byte[] bytes, int length) {
    int from = 0;
    if (!open) {
      from = handshake.answered(bytes, length);
      String refusal = handshake.refusal();
      if (refusal != null) {
        fail(refusal);
        return;
      }
      if (!handshake.isDone()) {
        return;
      }
      open = true;
      listener.opened();
    }
    if (!closed) {
      frames.read(bytes, from, length);
    }
  }

  /** What the server says in frames. */
  private final class Frames implements FrameReader.Listener {
    @Override
    public void message(ByteBuffer message) {
      if (!closed) {
        listener.message(message);
      }
    }

    @Override
    public void ping(byte[] content) {
      send(FrameReader.PONG, content);
    }

    @Override
    public void pong() {
      if (!closed) {
        listener.ponged();
      }
    }

    @Override
    public void close(String reason) {
      fail("the server closed the connection" + (reason.isEmpty() ? "" : ": " + reason));
    }
  }

  // --- What goes out ---

  /** Sends a message. */
  public void send(byte[] message) {
    send(FrameReader.BINARY, message);
  }

  /** Sends a ping, which whoever answers WebSockets answers. */
  public void ping() {
    send(FrameReader.PING, new byte[0]);
  }

  private void send(int opcode, byte[] content) {
    if (closed) {
      return;
    }
    maskSeed = maskSeed * 0x9e3779b1 + 0x7f4a7c15;
    put(FrameReader.masked(opcode, content, maskSeed));
  }

  private void put(ByteBuffer bytes) {
    if (outgoing == null) {
      append(bytes);
    } else {
      loop.at(
          outgoing.add(bytes, System.nanoTime()),
          () -> {
            ByteBuffer piece = outgoing.poll(System.nanoTime());
            while (piece != null && !closed) {
              append(piece);
              piece = outgoing.poll(System.nanoTime());
            }
          });
    }
  }

  private void append(ByteBuffer bytes) {
    boolean idle = !unsent.hasRemaining();
    if (idle) {
      unsent = bytes;
      flush();
    } else {
      ByteBuffer both = ByteBuffer.allocate(unsent.remaining() + bytes.remaining());
      unsent = both.put(unsent).put(bytes).flip();
    }
  }

  private void flush() {
    if (writeFailure != null) {
      unsent = NOTHING;
      return;
    }
    int end = unsent.limit();
    if (writePacer != null) {
      int allowed = writePacer.allowed(System.nanoTime());
      unsent.limit(Math.min(end, unsent.position() + allowed));
    }
    int written = 0;
    try {
      written = unsent.hasRemaining() ? channel.write(unsent) : 0;
    } catch (IOException e) {
      // What the server said before it closed tells more: it is read to the end.
      writeFailure = String.valueOf(e.getMessage());
      unsent = NOTHING;
      interested(SelectionKey.OP_WRITE, false);
      return;
    }
    unsent.limit(end);
    boolean left = unsent.hasRemaining();
    blocked |= left;
    if (writePacer != null) {
      writePacer.passed(written);
      if (left) {
        interested(SelectionKey.OP_WRITE, false);
        loop.at(writePacer.fullAtNanos(), () -> interested(SelectionKey.OP_WRITE, true));
        return;
      }
    }
    interested(SelectionKey.OP_WRITE, left);
    if (!left && blocked && open) {
      blocked = false;
      listener.drained();
    }
  }

  /** Returns how many bytes the link has not taken. */
  public int unsentBytes() {
    return unsent.remaining();
  }

  private void interested(int operation, boolean wanted) {
    if (closed) {
      return;
    }
    int before = key.interestOps();
    int after = wanted ? before | operation : before & ~operation;
    if (after != before) {
      key.interestOps(after);
    }
  }

  // --- The end ---

  private void fail(String reason) {
    if (!closed) {
      close();
      listener.closed(reason);
    }
  }

  /** Ends it as a network does that is gone: nothing is said. */
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw new AssertionError("a socket does not fail to close", e);
    }
  }
}
