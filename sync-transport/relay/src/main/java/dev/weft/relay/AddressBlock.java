package dev.weft.relay;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What counts as one address: an IPv4 address, or the 2^64 addresses of IPv6 that one network has.
 * Whoever has one of those has them all, so that counting each for itself would bound nothing.
 * Immutable.
 *
 * @param bits the IPv4 address, or the first half of the IPv6 address
 */
record AddressBlock(boolean ipv6, long bits) {
  private static final AddressBlock NOWHERE = new AddressBlock(true, -1);

  static AddressBlock of(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return address instanceof Inet6Address
        ? new AddressBlock(true, bytes.getLong())
        : new AddressBlock(false, bytes.getInt());
  }

  /** Returns that of a peer; all peers without an address are one. */
  static AddressBlock of(@Nullable SocketAddress peer) {
    InetAddress address = peer instanceof InetSocketAddress internet ? internet.getAddress() : null;
    return address == null ? NOWHERE : of(address);
  }
}
