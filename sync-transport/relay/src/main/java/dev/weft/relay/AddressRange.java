package dev.weft.relay;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that begin alike, written as one of them and how many bits are the same ("CIDR"): see
 * RFC 4632. Immutable.
 */
final class AddressRange {
  private static final Pattern IPV4 =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private final byte[] first;
  private final int bits;

  private AddressRange(byte[] first, int bits) {
    this.first = first;
    this.bits = bits;
  }

  /**
   * Reads {@code ADDRESS} or {@code ADDRESS/BITS}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static AddressRange parse(String written) {
    int slash = written.indexOf('/');
    InetAddress address = address(slash < 0 ? written : written.substring(0, slash));
    if (address == null) {
      throw wrong(written);
    }
    byte[] first = address.getAddress();
    int all = 8 * first.length;
    int bits = all;
    if (slash >= 0) {
      try {
        bits = Integer.parseInt(written.substring(slash + 1));
      } catch (NumberFormatException e) {
        throw wrong(written);
      }
    }
    if (bits < 0 || bits > all) {
      throw wrong(written);
    }
    return new AddressRange(first, bits);
  }

  private static IllegalArgumentException wrong(String written) {
    return new IllegalArgumentException(
        "an address is IPv4 or IPv6, with /BITS behind it for all that begin alike, is " + written);
  }

  /** Returns the address that is written; null if none is. A name is never looked up. */
  static @Nullable InetAddress address(String written) {
    try {
      if (IPV6.matcher(written).matches()) {
        return InetAddress.getByName("[" + written + "]");
      }
      var parts = IPV4.matcher(written);
      if (!parts.matches()) {
        return null;
      }
      byte[] bytes = new byte[4];
      for (int i = 0; i < 4; i++) {
        int part = Integer.parseInt(parts.group(i + 1));
        if (part > 255) {
          return null;
        }
        bytes[i] = (byte) part;
      }
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length != first.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      if (((bytes[bit >> 3] ^ first[bit >> 3]) >> (7 - (bit & 7)) & 1) != 0) {
        return false;
      }
    }
    return true;
  }
}
