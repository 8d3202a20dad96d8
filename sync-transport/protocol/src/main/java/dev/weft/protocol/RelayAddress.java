package dev.weft.protocol;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * The address of a relay: {@code ws://host:port} or {@code wss://host:port}, with a path or none.
 */
public final class RelayAddress {
  private RelayAddress() {}

  /** Returns whether the address may be that of a relay. */
  public static boolean isOne(URI address) {
    return (isEncrypted(address) || "ws".equalsIgnoreCase(address.getScheme()))
        && address.getHost() != null;
  }

  /**
   * Returns the address.
   *
   * @throws IllegalArgumentException if it cannot be that of a relay
   */
  public static URI require(URI address) {
    if (!isOne(address)) {
      throw new IllegalArgumentException(
          "a relay's address is ws://host:port or wss://host:port, address=" + address);
    }
    return address;
  }

  /** Returns whether nobody on the way can read what goes there. */
  public static boolean isEncrypted(URI address) {
    return "wss".equalsIgnoreCase(address.getScheme());
  }

  /** Returns where the WebSocket is: an address without a path means that of every relay. */
  public static URI ofWebSocket(URI address) {
    String path = address.getPath();
    return path == null || path.isEmpty() || path.equals("/")
        ? address.resolve(Frames.PATH)
        : address;
  }

  /**
   * Returns where the same relay takes requests by HTTP.
   *
   * @param path the path, as in {@code docs/PROTOCOL.md}
   * @throws IllegalArgumentException if the relay's WebSocket has another path than every relay's,
   *     so that it cannot be told where the rest is
   */
  public static URI ofHttp(URI address, String path) {
    URI socket = ofWebSocket(address);
    String before = socket.getPath();
    if (!before.endsWith(Frames.PATH)) {
      throw new IllegalArgumentException(
          "requests by HTTP need an address that ends with "
              + Frames.PATH
              + ", address="
              + address);
    }
    String prefix = before.substring(0, before.length() - Frames.PATH.length());
    try {
      return new URI(
          isEncrypted(address) ? "https" : "http",
          socket.getUserInfo(),
          socket.getHost(),
          socket.getPort(),
          prefix + path,
          socket.getQuery(),
          null);
    } catch (URISyntaxException e) {
      throw new AssertionError("an address with another path is an address", e);
    }
  }
}
