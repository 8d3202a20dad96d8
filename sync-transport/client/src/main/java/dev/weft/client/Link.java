package dev.weft.client;

import java.time.Duration;

/**
 * One connection to a relay, from the attempt to its end: whole binary messages in both directions,
 * in order, each delivered at most once. Thread-safe.
 *
 * <p>A link is born connecting; its {@link Listener} hears once that it is open, or that it is
 * closed, and after the latter nothing more.
 */
interface Link {

  /**
   * Sends a message after those sent before; returns at once. {@link Listener#sent} follows when
   * the socket has taken it. The bytes are the link's from here on. Ignored when the link is not
   * open.
   */
  void send(byte[] message);

  /**
   * Asks for one more message. None is read from the socket before it is asked for, so a client
   * that falls behind slows the sender instead of filling its memory. Opening asks for none.
   */
  void demand();

  /** Closes the link, politely where it is open. {@link Listener#closed} follows soon, once. */
  void close(String reason);

  /** Returns whether news come by asking for them, a little later than they could. */
  default boolean isPolling() {
    return false;
  }

  /** What the end of a link says of other ways to the relay. */
  enum OtherWays {
    /** Nothing: one of them may lead there. */
    MAY_WORK,
    /** They would have failed as well. */
    FAIL,
    /** The relay itself has ended it, and said so over this way. */
    ARE_NO_BETTER,
    /** One of them leads there, and is better; for that this one has ended. */
    ARE_BETTER
  }

  /** Hears what becomes of a link. Called on any thread, one call at a time. */
  interface Listener {
    /** The link is open: both sides speak the protocol. */
    void opened();

    /** A message has come, one for each {@link Link#demand}. The bytes are the listener's. */
    void received(byte[] message);

    /** A piece of a message has come: the other side is there. */
    default void hearing() {}

    /** The socket has taken a message of {@code bytes} bytes. */
    void sent(int bytes);

    /**
     * The server has too much to do for this link, and says when to come again; the link's end
     * follows.
     */
    default void sentAway(Duration atLeast) {}

    /**
     * The link is closed, or was never opened.
     *
     * @param reason why, for a person: the beginning of a sentence, without a full stop
     * @param others what that says of other ways to the relay
     */
    void closed(String reason, OtherWays others);
  }
}
