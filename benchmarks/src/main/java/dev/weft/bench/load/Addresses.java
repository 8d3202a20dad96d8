package dev.weft.bench.load;

import java.net.InetSocketAddress;
import java.net.URI;

/** Where servers are. */
final class Addresses {
  private static final int USUAL_PORT = 80;

  private Addresses() {}

  /**
   * Looks up a server's address.
   *
   * @throws LoadFailure if its host is not known
   */
  static InetSocketAddress of(URI server) throws LoadFailure {
    int port = server.getPort() < 0 ? USUAL_PORT : server.getPort();
    InetSocketAddress address = new InetSocketAddress(server.getHost(), port);
    if (address.isUnresolved()) {
      throw new LoadFailure("the host of " + server + " is not known");
    }
    return address;
  }
}
