package dev.weft.relay;

/**
 * What is left of the allowance of one connection: its own, however many requests come over it one
 * after the other. Thread-safe.
 */
final class ConnectionAllowance {
  private final TokenBucket messages;
  private final TokenBucket bytes;
  private final Excess excess = new Excess();

  /** Creates the allowance of a connection on which nothing has come. */
  ConnectionAllowance(Allowances perSecond, long nowNanos) {
    this.messages = perSecond.messagesOfConnection(nowNanos);
    this.bytes = perSecond.bytesOfConnection(nowNanos);
  }

  /** Returns for how long more has come than may, here or of a document that is written here. */
  Excess excess() {
    return excess;
  }

  /** Spends; returns for how many nanoseconds nothing more should come, 0 if more may. */
  long spend(int ofMessages, int ofBytes, long nowNanos) {
    return Math.max(messages.spend(ofMessages, nowNanos), bytes.spend(ofBytes, nowNanos));
  }
}
