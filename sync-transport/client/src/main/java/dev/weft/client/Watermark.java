package dev.weft.client;

import dev.weft.crdt.VersionVector;
import java.time.Duration;

/**
 * What the relay is known to hold durably of one text, and when it is time to ask it: it should
 * tell by itself soon after something went over the channel, but what it tells may be lost.
 * Confined to the loop.
 */
final class Watermark {
  /** How long what is known to be durable may lag behind before the relay is asked. */
  private static final Duration WITHIN = Duration.ofSeconds(30);

  private final LocalCopy copy;
  private final Patience patience;

  private static final long NONE = -1;

  private VersionVector durable;

  // The relay should have told of more, and is to be asked; with which question it was.
  private boolean overdue;
  private long askedOverdue = NONE;

  private boolean unchecked;

  /** What had been sent when the relay was asked what it has. */
  private final Questions<VersionVector> takenBefore = new Questions<>();

  /**
   * Creates the watermark of a text just loaded.
   *
   * @param durable what the relay was known to hold when the text was last open
   */
  Watermark(LocalCopy copy, VersionVector durable, Environment environment) {
    this.copy = copy;
    this.durable = durable;
    this.patience = new Patience(environment, WITHIN, this::overdue);
  }

  /** What the relay has to say of this may wait behind much else: so it is asked behind that. */
  private void overdue() {
    if (isBehind()) {
      overdue = true;
      unchecked = true;
      // The question may be lost, too.
      patience.begin();
    }
  }

  /**
   * Returns whether an answer shows that what the relay should have told was lost: all that was on
   * its way when the relay was asked has come before it.
   */
  boolean isLostBy(long nonce) {
    boolean lost = nonce == askedOverdue && isBehind();
    if (nonce == askedOverdue) {
      askedOverdue = NONE;
    }
    return lost;
  }

  /** Returns what the relay is known to hold durably. */
  VersionVector durable() {
    return durable;
  }

  boolean isBehind() {
    return !durable.includes(copy.version());
  }

  /** The relay tells all that it holds; it may have lost what it once held. */
  void isOnly(VersionVector vector) {
    durable = vector;
  }

  /** The relay holds {@code vector}, beside what it has told before. */
  void rose(VersionVector vector) {
    durable = durable.merge(vector);
    endPatience();
    if (isBehind()) {
      patience.begin();
    }
  }

  /** Something went over the channel: the relay is asked about it, and should make it durable. */
  void exchanged() {
    unchecked = true;
    patience.begin();
  }

  /** Returns whether something went over the channel that the relay has not confirmed. */
  boolean isUnchecked() {
    return unchecked;
  }

  /** The relay is being asked what it has. */
  void asking(long nonce) {
    unchecked = false;
    if (overdue) {
      overdue = false;
      askedOverdue = nonce;
    }
    takenBefore.ask(nonce, copy.taken());
  }

  /**
   * Returns whether the relay has all that was sent before it was asked, if it has {@code told}.
   * Over a long way several questions are open: what was sent after this one is on its way still.
   */
  boolean isConfirmedBy(long nonce, VersionVector told) {
    VersionVector taken = takenBefore.answered(nonce);
    return taken == null || told.includes(taken);
  }

  /** Forgets what belongs to one connection. */
  void linkLost() {
    endPatience();
    takenBefore.forget();
    unchecked = false;
  }

  /** Waits for nothing any more. */
  void stop() {
    endPatience();
  }

  private void endPatience() {
    patience.end();
    overdue = false;
    askedOverdue = NONE;
  }
}
