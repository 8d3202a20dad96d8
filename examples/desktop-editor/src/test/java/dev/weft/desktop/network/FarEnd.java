package dev.weft.desktop.network;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;

/** Where a link leads, in place of a relay: takes connections one by one. For one thread. */
final class FarEnd implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final ServerSocket server;

  FarEnd() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setSoTimeout(PATIENCE_MILLIS);
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/v1/sync");
  }

  /** Takes the next connection. */
  Socket accept() throws IOException {
    return patient(server.accept());
  }

  /** Waits a little, in which nobody may connect. */
  void assertNobodyComes() throws IOException {
    server.setSoTimeout(200);
    assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    server.setSoTimeout(PATIENCE_MILLIS);
  }

  /** Connects to the near end of a link. */
  static Socket connect(NetworkLink link) throws IOException {
    return patient(new Socket(link.uri().getHost(), link.uri().getPort()));
  }

  private static Socket patient(Socket socket) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    return socket;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
