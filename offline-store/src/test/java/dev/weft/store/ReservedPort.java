package dev.weft.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.condition.OS;

/**
 * A port of the loopback address that nobody else is given before this is closed, also while the
 * server of the tests that has it does not run: it is bound here and nobody listens here, and those
 * who listen may bind it too. Only Linux lets them; elsewhere this holds nothing, and the port may
 * be lost. Immutable.
 */
public final class ReservedPort implements AutoCloseable {
  private final SocketChannel channel;
  private final int number;

  private ReservedPort(int wanted) {
    try {
      channel = SocketChannel.open();
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
      number = ((InetSocketAddress) channel.getLocalAddress()).getPort();
      if (OS.current() != OS.LINUX) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reserves a port that is free. */
  public static ReservedPort any() {
    return new ReservedPort(0);
  }

  /** Reserves the port of a server that has just ended. */
  public static ReservedPort of(int number) {
    return new ReservedPort(number);
  }

  public int number() {
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
