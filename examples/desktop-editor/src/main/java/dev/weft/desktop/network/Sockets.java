package dev.weft.desktop.network;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;

/** What is done to sockets that may be closed already, and then does nothing. Stateless. */
final class Sockets {
  private Sockets() {}

  /** Has nothing wait for more to be sent with it: the link alone makes it late. */
  static void sendAtOnce(Socket socket) {
    try {
      socket.setTcpNoDelay(true);
    } catch (SocketException e) {
      // It is closed already, as who uses it will notice.
    }
  }

  /** Closes so that the other side is told at once, whatever it still has to read. */
  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is closed already, or not connected any more: there is nobody to tell.
    }
    close(socket);
  }

  static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Java lets the socket go nevertheless, and what was to be sent is not owed to anybody.
    }
  }
}
