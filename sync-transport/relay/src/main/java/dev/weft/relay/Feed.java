package dev.weft.relay;

import dev.weft.crdt.VersionVector;
import org.jspecify.annotations.Nullable;

/**
 * What one channel has been sent, and what it is owed. Guarded by the {@link SendQueue} that it
 * belongs to; only the document's worker makes it owe, pays it, or gives it edits.
 */
final class Feed {
  final int channel;

  /** Asks the document to pay what is owed; called without the queue's lock. */
  final Runnable pay;

  /** Not yet open, closed, or refused: nothing is sent for it. */
  boolean silent = true;

  /** What the client has, where something beyond it is owed; null where it has all. */
  @Nullable VersionVector owedSince;

  /**
   * How many frames the connection had taken in when edits were first left out: until it takes in
   * another, there is no point in paying, since more will be left out.
   */
  long owedAtFrame;

  /** Whether the client waits for Opened: the next payment is that. */
  boolean opening;

  /** The newest watermark that came while something was owed. */
  @Nullable VersionVector heldDurable;

  Feed(int channel, Runnable pay) {
    this.channel = channel;
    this.pay = pay;
  }
}
