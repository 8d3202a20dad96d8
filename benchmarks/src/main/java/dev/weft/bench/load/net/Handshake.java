package dev.weft.bench.load.net;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The opening of a WebSocket (RFC 6455, section 4): a request by HTTP, and the answer to it. Not
 * thread-safe.
 */
final class Handshake {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String END = "\r\n\r\n";
  private static final int KEY_BYTES = 16;

  /** No server that means well answers at greater length. */
  private static final int MAX_HEAD_BYTES = 16 << 10;

  private final URI endpoint;
  private final String subprotocol;
  private final String key;
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();
  private boolean done;
  private @Nullable String refusal;

  /**
   * Prepares.
   *
   * @param subprotocol what is to be spoken; empty for nothing in particular
   */
  Handshake(URI endpoint, String subprotocol) {
    this.endpoint = endpoint;
    this.subprotocol = subprotocol;
    byte[] random = new byte[KEY_BYTES];
    ThreadLocalRandom.current().nextBytes(random);
    key = Base64.getEncoder().encodeToString(random);
  }

  byte[] request() {
    String query = endpoint.getRawQuery() == null ? "" : "?" + endpoint.getRawQuery();
    String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
    String asked = subprotocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + subprotocol + "\r\n";
    return ("GET "
            + endpoint.getRawPath()
            + query
            + " HTTP/1.1\r\nHost: "
            + endpoint.getHost()
            + port
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + asked
            + "Sec-WebSocket-Key: "
            + key
            + END)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Takes the next bytes of the answer, and returns where what follows the answer begins. */
  int answered(byte[] bytes, int length) {
    for (int at = 0; at < length; at++) {
      head.write(bytes[at]);
      if (bytes[at] == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith(END)) {
        judge(head.toString(StandardCharsets.ISO_8859_1));
        return at + 1;
      }
    }
    if (head.size() > MAX_HEAD_BYTES) {
      refusal = "what answers is no WebSocket server";
    }
    return length;
  }

  private void judge(String answer) {
    List<String> lines = answer.lines().toList();
    String status = lines.get(0);
    if (!status.matches("HTTP/1\\.1 101( .*)?")) {
      refusal = "the server answered '" + status + "', and not with a WebSocket";
    } else if (!field(lines, "sec-websocket-accept").equals(expectedAccept())) {
      refusal = "the server's answer is not to what was asked";
    } else if (!field(lines, "sec-websocket-protocol").equals(subprotocol)) {
      refusal = "the server does not speak " + subprotocol;
    } else {
      done = true;
    }
  }

  private static String field(List<String> lines, String name) {
    return lines.stream()
        .map(line -> line.split(":", 2))
        .filter(parts -> parts.length == 2 && parts[0].toLowerCase(Locale.ROOT).equals(name))
        .map(parts -> parts[1].strip())
        .findFirst()
        .orElse("");
  }

  private String expectedAccept() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-1", e);
    }
  }

  /** Returns whether messages can follow. */
  boolean isDone() {
    return done;
  }

  /** Returns why they cannot, as a part of a sentence; null if they can, or it is not known yet. */
  @Nullable String refusal() {
    return refusal;
  }
}
