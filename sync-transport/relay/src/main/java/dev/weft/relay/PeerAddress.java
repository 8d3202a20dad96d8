package dev.weft.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** How an address of a peer is written for people and authenticators. */
final class PeerAddress {
  private PeerAddress() {}

  /** Returns an address as {@code 192.0.2.7:50123} or {@code [2001:db8::7]:50123}. */
  static String of(@Nullable SocketAddress address) {
    if (address instanceof InetSocketAddress internet) {
      InetAddress host = internet.getAddress();
      String literal = host == null ? internet.getHostString() : host.getHostAddress();
      return (literal.contains(":") ? "[" + literal + "]" : literal) + ":" + internet.getPort();
    }
    return address == null ? "nowhere" : address.toString();
  }
}
