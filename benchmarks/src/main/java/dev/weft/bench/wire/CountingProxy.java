package dev.weft.bench.wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A port of the loopback interface that passes one connection on to a server, late if it is told to
 * be, and counts what goes each way. A second connection is refused, since it would be a client
 * that had lost its first. Thread-safe.
 */
final class CountingProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final ServerSocket listening;
  private final int serverPort;
  private final long delayNanos;
  private final FrameCounter toServer = new FrameCounter();
  private final FrameCounter toClient = new FrameCounter();
  private final List<Socket> sockets = new ArrayList<>();

  /**
   * Begins to listen.
   *
   * @param serverPort where the server listens on the loopback interface
   * @param delay how long everything takes, each way
   */
  CountingProxy(int serverPort, Duration delay) throws IOException {
    this.serverPort = serverPort;
    this.delayNanos = delay.toNanos();
    this.listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    start("accept", this::accept);
  }

  /** Some bytes, and when they arrive; none for the end. */
  private record Piece(long dueNanos, ByteBuffer bytes) {}

  /** Something that ends when a socket does. */
  private interface Task {
    void run() throws IOException;
  }

  private void start(String name, Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // Whoever closed the socket knows why.
                closeSockets();
              }
            },
            "proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    Socket client = listening.accept();
    listening.close();
    Socket server = new Socket();
    synchronized (this) {
      sockets.add(client);
      sockets.add(server);
    }
    server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
    passOn("to-server", client, server, toServer);
    passOn("to-client", server, client, toClient);
  }

  private void passOn(String name, Socket from, Socket to, FrameCounter counter)
      throws IOException {
    to.setTcpNoDelay(true);
    BlockingQueue<Piece> onTheWay = new LinkedBlockingQueue<>();
    InputStream in = from.getInputStream();
    WritableByteChannel out = Channels.newChannel(to.getOutputStream());
    start(name + "-in", () -> read(in, onTheWay, counter));
    start(name + "-out", () -> write(onTheWay, out));
  }

  private void read(InputStream in, BlockingQueue<Piece> onTheWay, FrameCounter counter)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    int length;
    do {
      length = Math.max(0, in.read(buffer));
      counter.sent(buffer, length);
      onTheWay.add(
          new Piece(
              System.nanoTime() + delayNanos, ByteBuffer.wrap(Arrays.copyOf(buffer, length))));
    } while (length > 0);
  }

  private void write(BlockingQueue<Piece> onTheWay, WritableByteChannel out) throws IOException {
    try {
      Piece next = onTheWay.take();
      while (next.bytes.hasRemaining()) {
        long left = next.dueNanos - System.nanoTime();
        while (left > 0) {
          LockSupport.parkNanos(left);
          left = next.dueNanos - System.nanoTime();
        }
        out.write(next.bytes);
        next = onTheWay.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out.close();
  }

  /** Returns where the client connects. */
  int port() {
    return listening.getLocalPort();
  }

  /** Returns what the client has sent. */
  Traffic toServer() {
    return toServer.traffic();
  }

  /** Returns what the server has sent. */
  Traffic toClient() {
    return toClient.traffic();
  }

  private synchronized void closeSockets() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new AssertionError("a socket does not fail to close", e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    closeSockets();
  }
}
