package dev.weft.client;

import dev.weft.protocol.RelayAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where to connect: the address that the embedder has set, but first, one after the other, those
 * that a draining relay named, until one of them has answered. Confined to the loop.
 */
final class Route {
  private final @Nullable URI relay;
  private final Deque<URI> elsewhere = new ArrayDeque<>();
  private @Nullable URI last;

  /**
   * Creates a route.
   *
   * @param relay the embedder's address; null: nowhere, ever
   */
  Route(@Nullable URI relay) {
    this.relay = relay;
  }

  boolean leadsSomewhere() {
    return relay != null;
  }

  /** Returns where to connect next. */
  URI next() {
    URI named = elsewhere.poll();
    if (named != null) {
      last = named;
      return named;
    }
    if (relay == null) {
      throw new IllegalStateException("there is no relay to connect to");
    }
    last = relay;
    return relay;
  }

  /** The next connection is to where the last one was, by another way. */
  void stay() {
    if (last != null && !last.equals(relay)) {
      elsewhere.addFirst(last);
    }
  }

  /**
   * Takes note of where a draining relay sends its clients. What is no address of a relay, or one
   * without encryption where the embedder's has it, is passed over.
   */
  void moveTo(List<String> relays) {
    elsewhere.clear();
    for (String each : relays) {
      URI address = parse(each);
      if (address != null && relay != null && isAsPrivateAs(relay, address)) {
        elsewhere.add(address);
      }
    }
  }

  private static @Nullable URI parse(String address) {
    try {
      URI uri = new URI(address);
      return RelayAddress.isOne(uri) ? uri : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static boolean isAsPrivateAs(URI one, URI other) {
    return RelayAddress.isEncrypted(other) || !RelayAddress.isEncrypted(one);
  }

  /** A relay has answered: from here on it is known by the embedder's address again. */
  void arrived() {
    elsewhere.clear();
  }
}
