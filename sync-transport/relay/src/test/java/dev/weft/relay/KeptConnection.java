package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One connection of HTTP/1.1 that several requests go over, where Java's client may or may not open
 * another.
 */
final class KeptConnection implements AutoCloseable {
  private final Socket socket;
  private final DataInputStream in;

  KeptConnection(URI relay) throws IOException {
    socket = new Socket(relay.getHost(), relay.getPort());
    in = new DataInputStream(socket.getInputStream());
  }

  /** What was answered; the names of headers are in lower case. */
  static final class Response {
    final int status;
    final Map<String, String> headers;
    final byte[] body;

    private Response(int status, Map<String, String> headers, byte[] body) {
      this.status = status;
      this.headers = headers;
      this.body = body;
    }
  }

  /** Sends a request with a body, or with none where it is empty. */
  Response request(String method, String path, String type, byte[] body) throws IOException {
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    OutputStream out = socket.getOutputStream();
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
    return response();
  }

  private Response response() throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] pair = line.split(":", 2);
      headers.put(pair[0].toLowerCase(Locale.ROOT), pair[1].trim());
    }
    assertThat(headers).as("the length is told").containsKey("content-length");
    byte[] body = new byte[Integer.parseInt(headers.get("content-length"))];
    in.readFully(body);
    return new Response(status, headers, body);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int each = in.readByte(); each != '\n'; each = in.readByte()) {
      if (each != '\r') {
        line.write(each);
      }
    }
    return line.toString(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
