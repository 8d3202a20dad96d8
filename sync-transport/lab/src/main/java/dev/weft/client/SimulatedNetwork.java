package dev.weft.client;

import java.net.URI;
import java.util.List;
import java.util.function.Consumer;

/** The network as simulated clients meet it. Confined to the simulation's thread. */
public interface SimulatedNetwork {

  /** Begins a connection; what becomes of it is told later, never inside this call. */
  Socket connect(URI relay, SocketListener listener);

  /**
   * Sends a request that polls. Exactly one of the two is told, later.
   *
   * @param frames what it says
   * @param hearing is told that a piece of a longer answer has come
   */
  void post(
      URI relay,
      String document,
      List<byte[]> frames,
      Runnable hearing,
      Consumer<List<byte[]>> answered,
      Consumer<String> failed);

  /** The client's end of a connection: see {@code Link}. */
  interface Socket {
    /** Sends a message. */
    void send(byte[] message);

    /** Asks for one more message. */
    void demand();

    /** Closes the connection, politely if it is open. */
    void close(String reason);
  }

  /** How a connection ends. */
  enum End {
    /** No server was reached. */
    UNREACHED,
    /** The relay has closed it. */
    CLOSED,
    /** In any other way. */
    LOST
  }

  /** Hears what becomes of a connection: see {@code Link.Listener}. */
  interface SocketListener {
    /** The relay was reached. */
    void opened();

    /** A message has come. */
    void received(byte[] message);

    /** A piece of one has come. */
    void hearing();

    /** The socket has taken a message. */
    void sent(int bytes);

    /** The connection is gone, or was never there. */
    void closed(String reason, End end);
  }
}
