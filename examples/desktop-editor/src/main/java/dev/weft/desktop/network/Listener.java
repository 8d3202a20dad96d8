package dev.weft.desktop.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Semaphore;

/** Listens at a port, which is free again when this is closed. Thread-safe. */
final class Listener implements AutoCloseable {
  /** Who comes when as many wait is not answered, as in a network that carries nothing. */
  private static final int MOST_WAITING = 8;

  /** Small, so that who sends notices soon that nothing is taken. */
  private static final int RECEIVE_BUFFER_BYTES = 16 << 10;

  private final ServerSocket server = new ServerSocket();

  /** Taken while a connection is waited for: the system keeps the port for as long. */
  private final Semaphore waiting = new Semaphore(1);

  Listener(InetSocketAddress address) throws IOException {
    try {
      server.setReuseAddress(true);
      server.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
      server.bind(address, MOST_WAITING);
    } catch (IOException e) {
      Sockets.close(server);
      throw e;
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /**
   * Waits for a connection.
   *
   * @throws IOException if it is closed
   */
  Socket accept() throws IOException {
    waiting.acquireUninterruptibly();
    try {
      return server.accept();
    } finally {
      waiting.release();
    }
  }

  boolean isClosed() {
    return server.isClosed();
  }

  @Override
  public void close() {
    Sockets.close(server);
    waiting.acquireUninterruptibly();
    waiting.release();
  }
}
