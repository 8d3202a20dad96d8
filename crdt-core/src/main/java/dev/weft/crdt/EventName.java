package dev.weft.crdt;

/**
 * How a change names an inserted unit: by its replica and sequence number, and, if what is read
 * tells, by where it stands in what was read before. Reused, so that a reference costs no garbage.
 * Not thread-safe.
 */
final class EventName {
  /** In place of a sequence number: no event, that is, the start or the end of the document. */
  static final int NO_EVENT = -1;

  /** In place of an insertion: not told. */
  static final int UNTOLD = -1;

  long replica;
  int sequence = NO_EVENT;

  /**
   * The insertion that has the unit, counted from 0 over those of the update that is read; or
   * {@link #UNTOLD}. Only to be used by who is told all of one update, as a {@link LogAppender} is.
   */
  int insertion = UNTOLD;

  /** Which of the insertion's units it is, from 0. */
  int offset;

  /** How many units the insertion has. */
  int length;

  boolean isNone() {
    return sequence == NO_EVENT;
  }

  void setNone() {
    set(0, NO_EVENT);
  }

  void set(long newReplica, int newSequence) {
    replica = newReplica;
    sequence = newSequence;
    insertion = UNTOLD;
  }

  void setInsertion(int newInsertion, int newOffset, int newLength) {
    insertion = newInsertion;
    offset = newOffset;
    length = newLength;
  }

  @Override
  public String toString() {
    return isNone() ? "none" : new ReplicaId(replica) + "@" + sequence;
  }
}
