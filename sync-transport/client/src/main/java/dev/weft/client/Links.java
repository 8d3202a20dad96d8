package dev.weft.client;

import java.net.URI;

/** Makes links: the seam through which the network enters. Thread-safe. */
interface Links extends AutoCloseable {

  /** Starts a link to {@code relay} and returns at once. */
  Link connect(URI relay, Link.Listener listener);

  /** The network is another: what is known of the last one says nothing of it. */
  default void networkChanged() {}

  /** Closes all links and ends the threads behind them. */
  @Override
  void close();
}
