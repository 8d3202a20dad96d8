package dev.weft.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A server that answers one request with a status and one header, as whatever stands in a way. */
final class OneAnswer implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private @Nullable Socket asked;

  OneAnswer() throws IOException {}

  /** Returns its address, as that of a relay. */
  URI uri() {
    return URI.create("ws://127.0.0.1:" + server.getLocalPort());
  }

  /** Waits for the request, and answers it; the connection stays open until this is closed. */
  void give(String status, String header) throws IOException {
    Socket socket = server.accept();
    asked = socket;
    readHead(socket.getInputStream());
    socket
        .getOutputStream()
        .write(
            ("HTTP/1.1 " + status + "\r\n" + header + "\r\nContent-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads a request to the end of its head. */
  static void readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("a request that ends within its head: " + head);
      }
      head.append((char) next);
    }
  }

  @Override
  public void close() throws IOException {
    try (server) {
      if (asked != null) {
        asked.close();
      }
    }
  }
}
