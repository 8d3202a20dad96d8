package dev.weft.crdt;

/**
 * The name of one unit of work: the insertion or the deletion of one UTF-16 unit by one replica.
 * Immutable.
 *
 * @param replica who did it
 * @param sequence the replica's sequence number of it, from 0 up, without gaps
 */
public record EventId(ReplicaId replica, long sequence) implements Comparable<EventId> {

  /**
   * Creates an event id.
   *
   * @throws IllegalArgumentException if {@code sequence} is negative
   */
  public EventId {
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence must not be negative, sequence=" + sequence);
    }
  }

  /** Orders by replica (unsigned), then by sequence number. This is not the causal order. */
  @Override
  public int compareTo(EventId other) {
    int byReplica = replica.compareTo(other.replica);
    return byReplica != 0 ? byReplica : Long.compare(sequence, other.sequence);
  }

  /** Returns {@code replica@sequence}. */
  @Override
  public String toString() {
    return replica + "@" + sequence;
  }
}
