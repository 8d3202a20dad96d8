package dev.weft.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What is known of where a host name or address leads. Names are looked up, which may block. */
final class Hosts {
  private Hosts() {}

  /** Returns a host as it is looked up: an address of IPv6 without the brackets of a URL. */
  static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /** Returns whether a host is this machine, as nobody else can reach it. */
  static boolean isLoopback(@Nullable String host) {
    InetAddress address = host == null ? null : lookUp(host);
    return address != null && address.isLoopbackAddress();
  }

  /** Returns whether others can reach a host's address, as far as it is known. */
  static boolean isReachable(String host) {
    InetAddress address = lookUp(host);
    return address != null && !address.isLoopbackAddress();
  }

  private static @Nullable InetAddress lookUp(String host) {
    return new InetSocketAddress(host, 0).getAddress();
  }
}
