package dev.weft.relay;

import dev.weft.protocol.Refusal;

/**
 * The far end of one connection, as the hub sees it: the seam at which Jetty is attached, or a
 * simulated network. Its methods may be called from any thread, return at once and throw nothing.
 */
interface Outlet {

  /**
   * Sends one frame. Called again only after {@link SendQueue#sent}, which may come at any time,
   * even before this returns, and does not come after the connection has failed.
   */
  void send(byte[] frame);

  /** Lets one more frame come in: {@link Session#received} is called at most once for each call. */
  void demand();

  /** Sets the longest frame that may come in from now on. */
  void allowFrames(int maxBytes);

  /**
   * Refuses the connection in the transport's own way, if it has one that can still be taken: says
   * why, and closes it. Nothing more is sent then.
   *
   * @param frame what is sent otherwise
   * @return whether it is done
   */
  default boolean refuse(Refusal refusal, byte[] frame) {
    return false;
  }

  /**
   * Closes the connection, once what was given to {@link #send} has left, with a WebSocket status.
   */
  void close(int status, String reason);

  /**
   * As {@link #close}, of a client that may be sending still, and is to hear what it was sent last
   * all the same: what comes meanwhile is dropped.
   */
  default void closeRefused(int status, String reason) {
    close(status, reason);
  }

  /**
   * Cuts the connection without ceremony, whatever is under way. {@link Session#closed} follows
   * once nothing of it is left, and only then is it counted no more.
   */
  void abort();

  /** Returns the peer's address, for the log and for who checks its token. */
  String peer();
}
