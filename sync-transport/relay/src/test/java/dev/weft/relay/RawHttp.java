package dev.weft.relay;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** HTTP as bytes on a socket, for what no client library sends. One test thread uses it. */
final class RawHttp implements AutoCloseable {
  private final Socket socket;
  private final URI relay;

  RawHttp(URI relay) throws IOException {
    this.relay = relay;
    this.socket = new Socket(relay.getHost(), relay.getPort());
    socket.setSoTimeout((int) (Peer.DEADLINE_SECONDS * 1_000));
  }

  /** Sends bytes as they stand, each character as one. */
  RawHttp send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Sends a request without a body, with header lines that each end with a line feed. */
  RawHttp request(String method, String path, String headers) throws IOException {
    return send(
        (method + " " + path + " HTTP/1.1\nHost: " + relay.getAuthority() + "\n" + headers + "\n")
            .replace("\n", "\r\n"));
  }

  /** Sends what asks for a WebSocket. */
  RawHttp upgrade(String headers) throws IOException {
    return request(
        "GET",
        relay.getPath(),
        "Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\nSec-WebSocket-Protocol: weft.v1\n"
            + headers);
  }

  /** Reads up to an empty line. */
  String head() throws IOException {
    StringBuilder head = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the connection is closed behind " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** Reads so many bytes. */
  String body(int length) throws IOException {
    byte[] bytes = socket.getInputStream().readNBytes(length);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Returns whether something has come that was not read. */
  boolean hasMore() throws IOException {
    return socket.getInputStream().available() > 0;
  }

  /** Reads until the relay closes the connection. */
  String all() throws IOException {
    StringBuilder all = new StringBuilder();
    InputStream in = socket.getInputStream();
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        all.append((char) next);
      }
    } catch (SocketException e) {
      // It was closed with something unread: what came before counts.
      return all.toString();
    }
    return all.toString();
  }

  /** Says that nothing more is sent. */
  void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** Cuts the connection so that the relay is told of an error. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
