package dev.weft.bench.load;

import dev.weft.bench.load.dialect.Dialect;
import dev.weft.bench.load.net.EventLoop;
import java.net.InetSocketAddress;
import java.net.URI;

/**
 * A server, and how one talks to it.
 *
 * @param address where it is
 */
record Place(EventLoop loop, Dialect dialect, URI server, InetSocketAddress address) {
  Place on(EventLoop other) {
    return new Place(other, dialect, server, address);
  }
}
