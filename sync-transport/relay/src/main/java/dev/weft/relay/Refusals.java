package dev.weft.relay;

import dev.weft.crdt.Limits;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;

/** What the relay says in more than one place where it refuses something. */
final class Refusals {
  private Refusals() {}

  /** For who has a token that was good and is so no more. */
  static Refusal tokenExpired() {
    return Refusal.forGood(Codes.TOKEN_EXPIRED, "The token is over; a new one is needed.");
  }

  /** For who may not read a document. */
  static Refusal unauthorised() {
    return Refusal.forGood(Codes.UNAUTHORISED, "You may not read this document.");
  }

  /** For who may read a document and wants to do more. */
  static Refusal readOnly() {
    return Refusal.forGood(Codes.READ_ONLY, "You may read this document, but not edit it.");
  }

  /** For who speaks of other changes than the relay has under the same numbers. */
  static Refusal forkedIdentity() {
    return Refusal.forGood(
        Codes.FORKED_IDENTITY,
        "The relay has other changes under the same replica id: two devices write as one, as a"
            + " machine and its restored backup do.");
  }

  /**
   * For changes under a replica id that another's connection is for. Not for good: that connection
   * may be dead already, and its client elsewhere.
   */
  static Refusal forgedIdentity() {
    return Refusal.forNow(
        Codes.FORGED_IDENTITY,
        "Somebody else who is connected writes under that replica id; its changes are taken from"
            + " there.",
        5_000);
  }

  /** For what one replica more than may has written. */
  static Refusal tooManyReplicas(Limits document) {
    return Refusal.forGood(
        Codes.TOO_LARGE,
        "At most "
            + document.maxReplicas()
            + " replicas may write one document; begin a new one with its text.");
  }

  /** For what is new while the relay drains. */
  static Refusal draining() {
    return Refusal.forNow(Codes.DRAINING, "The relay is about to stop.", 1_000);
  }

  /** For a save while the store fails. */
  static Refusal storeUnwritable(int retryMillis) {
    return Refusal.forNow(
        Codes.STORE_UNAVAILABLE,
        "The relay's store cannot be written at the moment; the edits are not lost, but they are not"
            + " safe there yet.",
        retryMillis);
  }

  /** For what would have to be stored behind too much. */
  static Refusal storeFull(int retryMillis) {
    return Refusal.forNow(
        Codes.OVERLOADED, "More waits to be stored than the relay can hold.", retryMillis);
  }

  /** For what the store cannot say. */
  static Refusal storeUnreadable() {
    return Refusal.forNow(
        Codes.STORE_UNAVAILABLE, "The relay's store cannot be read at the moment.", 1_000);
  }

  /** For a document that the store does not have as it was written. */
  static Refusal storeDamaged() {
    return Refusal.forGood(
        Codes.STORE_DAMAGED,
        "What the relay has stored of this document is damaged; its operator must look after it.");
  }

  /** For a document of which the store may take what the relay has not. */
  static Refusal readAnew() {
    return Refusal.forNow(
        Codes.INTERNAL,
        "This relay had other changes than the store under the same replica id, and reads the"
            + " document again.",
        1_000);
  }

  /** For what the relay itself did wrong. */
  static Refusal internal() {
    return Refusal.forNow(
        Codes.INTERNAL, "The relay has made a mistake with this document; try again.", 1_000);
  }
}
