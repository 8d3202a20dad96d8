package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.store.DocumentId;
import java.util.List;

/**
 * Carries new changes of a document between the relays that serve it: the seam at which a cluster
 * plugs in. Best effort: what is published may arrive late, twice, out of order between relays, or
 * not at all. What holds is the store that the relays share; so whatever is missed is found there.
 *
 * <p>An implementation is thread-safe, never blocks its caller, bounds what it holds, and throws
 * nothing because of the network.
 */
public interface FanOut extends AutoCloseable {

  /** Returns the fan-out of a relay that is alone. */
  static FanOut none() {
    return Alone.INSTANCE;
  }

  /**
   * Tells the other relays of changes that this relay has taken in from a client, whether it has
   * stored them yet or not.
   *
   * @param changes in causal order
   */
  void publish(DocumentId document, List<Change> changes);

  /** Has {@code listener} hear of a document until the subscription is closed. */
  Subscription subscribe(DocumentId document, Listener listener);

  /** Closes the fan-out; the relay that uses it must have been closed before. */
  @Override
  void close();

  /** Hears of one document, on the fan-out's threads: what takes long is done elsewhere. */
  interface Listener {
    /**
     * Another relay has taken these changes in, which it may not have stored yet: they are passed
     * on, and stored here too, so that a change that a client of this relay builds on them never
     * comes to the store before them. If one's dependencies are missing, and are not in the store
     * either, that is told by {@link Subscription#missed}.
     */
    void received(List<Change> changes);

    /**
     * Something may have been missed: what the store has beyond this relay is to be read and passed
     * on. Called once the subscription holds, then at an interval, and whenever there is reason to.
     */
    void catchUp();
  }

  /** One listener's subscription to one document. */
  interface Subscription extends AutoCloseable {
    /** Asks for {@link Listener#catchUp} again soon: something is known to be missing. */
    void missed();

    /** Ends the subscription; the listener may still hear what is just being told. */
    @Override
    void close();
  }
}
