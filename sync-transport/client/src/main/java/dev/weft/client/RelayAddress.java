package dev.weft.client;

import java.net.URI;

/** What the address of a relay may be: {@code ws://host:port} or {@code wss://host:port}. */
final class RelayAddress {
  private RelayAddress() {}

  static boolean isOne(URI address) {
    return (isEncrypted(address) || "ws".equalsIgnoreCase(address.getScheme()))
        && address.getHost() != null;
  }

  static boolean isEncrypted(URI address) {
    return "wss".equalsIgnoreCase(address.getScheme());
  }
}
