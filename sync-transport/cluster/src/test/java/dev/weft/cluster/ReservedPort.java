package dev.weft.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * A port of the loopback address that nobody else is given before this is closed, also while the
 * server of the tests that has it does not run: it is bound here and nobody listens here, and those
 * who listen may bind it too. Immutable.
 */
final class ReservedPort implements AutoCloseable {
  private final SocketChannel channel;
  private final int number;

  private ReservedPort(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    number = ((InetSocketAddress) channel.getLocalAddress()).getPort();
  }

  static ReservedPort any() {
    try {
      return new ReservedPort(SocketChannel.open());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int number() {
    return number;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
