package dev.weft.relay;

import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From where web pages may use a relay: its own origin, and those that are listed. A browser lets
 * any page open a WebSocket to any server, so that each page that a person visits reaches what runs
 * on that person's machine; but it tells the server whose page it is: see RFC 6454. Immutable.
 */
final class Origins {
  private static final String ANY = "*";

  /** Only the relay's own. */
  static final Origins OWN = new Origins(Set.of());

  private final Set<String> listed;

  private Origins(Set<String> listed) {
    this.listed = Set.copyOf(listed);
  }

  /**
   * Reads a list of origins.
   *
   * @param origins each {@code https://host[:port]} or {@code http://host[:port]}, or {@code *} for
   *     all
   * @throws IllegalArgumentException if one is no such origin
   */
  static Origins of(Collection<String> origins) {
    Set<String> listed = new HashSet<>();
    for (String origin : origins) {
      String read = origin.equals(ANY) ? ANY : normal(origin);
      if (read == null) {
        throw new IllegalArgumentException(
            "an origin is https://HOST[:PORT] or http://HOST[:PORT], or * for all, is " + origin);
      }
      listed.add(read);
    }
    return new Origins(listed);
  }

  /** Returns whether there are others than the relay's own. */
  boolean hasOthers() {
    return !listed.isEmpty();
  }

  /** Returns whether pages of every origin are let in. */
  boolean isAny() {
    return listed.contains(ANY);
  }

  /** Returns the listed ones. */
  Set<String> listed() {
    return listed;
  }

  /**
   * Returns whether a page may use the relay.
   *
   * @param origin what its browser says where it comes from
   * @param own what the request was sent to, as an origin
   */
  boolean allow(String origin, String own) {
    String read = normal(origin);
    return isAny() || (read != null && (listed.contains(read) || read.equals(normal(own))));
  }

  /** Returns an origin as two equal ones are written alike; null if it is none. */
  private static @Nullable String normal(String origin) {
    URI uri;
    try {
      uri = URI.create(origin.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return null;
    }
    String scheme = uri.getScheme();
    String host = uri.getHost();
    boolean bare =
        uri.getRawPath() != null
            && uri.getRawPath().isEmpty()
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null
            && uri.getRawUserInfo() == null;
    if (host == null || !bare || !("http".equals(scheme) || "https".equals(scheme))) {
      return null;
    }
    int usual = scheme.equals("https") ? 443 : 80;
    int port = uri.getPort() == -1 ? usual : uri.getPort();
    return scheme + "://" + host + (port == usual ? "" : ":" + port);
  }
}
