package dev.weft.relay;

import dev.weft.protocol.Refusal;

/** Says that a request is refused, and why. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  /** Creates a refusal for good. */
  RefusedException(String code, String reason) {
    this(Refusal.forGood(code, reason));
  }

  /** Creates the exception. */
  RefusedException(Refusal refusal) {
    super(refusal.code() + ": " + refusal.reason());
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }
}
