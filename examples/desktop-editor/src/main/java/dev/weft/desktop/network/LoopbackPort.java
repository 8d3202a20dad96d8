package dev.weft.desktop.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A port of this machine's loopback address that stays ours, whether anybody listens there or not.
 * Not thread-safe.
 */
final class LoopbackPort implements AutoCloseable {
  private final InetSocketAddress address;
  private @Nullable Listener listener;
  private @Nullable SocketChannel reserved;

  /** Takes a free port, and listens there. */
  LoopbackPort() throws IOException {
    InetAddress host = InetAddress.getLoopbackAddress();
    listener = new Listener(new InetSocketAddress(host, 0));
    address = new InetSocketAddress(host, listener.port());
  }

  /** Returns {@code host:port}. */
  String authority() {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  boolean isListening() {
    return listener != null;
  }

  /** Listens. Returns where connections are taken from, until {@link #refuse}. */
  Listener listen() throws IOException {
    Listener now = listener;
    if (now == null) {
      release();
      now = new Listener(address);
      listener = now;
    }
    return now;
  }

  /** Refuses who connects. A socket that does not listen keeps the port from all others. */
  void refuse() throws IOException {
    stopListening();
    if (reserved == null) {
      SocketChannel socket = SocketChannel.open();
      try {
        socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        socket.bind(address);
        reserved = socket;
      } catch (IOException e) {
        Sockets.close(socket);
        throw e;
      }
    }
  }

  private void stopListening() {
    if (listener != null) {
      listener.close();
      listener = null;
    }
  }

  private void release() {
    if (reserved != null) {
      Sockets.close(reserved);
      reserved = null;
    }
  }

  @Override
  public void close() {
    stopListening();
    release();
  }
}
