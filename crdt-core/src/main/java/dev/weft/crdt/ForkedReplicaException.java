package dev.weft.crdt;

/**
 * Says that two different histories were written under one replica id, as happens when a device is
 * restored from a backup, or its profile copied, and both go on writing. What came is refused as a
 * whole; the document keeps the history that it had first.
 *
 * <p>Whoever wrote the other history takes a new replica id, and writes its edits anew under that.
 */
public final class ForkedReplicaException extends MalformedUpdateException {
  private static final long serialVersionUID = 1L;

  private final long replica;
  private final long sequence;

  ForkedReplicaException(int offset, EventId event) {
    super(
        offset,
        "the events of replica "
            + event.replica()
            + " up to "
            + event.sequence()
            + " that are here",
        "others under the same id",
        "replica "
            + event.replica()
            + " has two histories: its events up to "
            + event.sequence()
            + " are others here than those which the update (byte "
            + offset
            + ") has or comes after. Two devices write under this replica id, such as one and its"
            + " restored backup; one of them needs a new id");
    replica = event.replica().bits();
    sequence = event.sequence();
  }

  /** Returns the event at which, or before which, the two histories begin to differ. */
  public EventId event() {
    return new EventId(new ReplicaId(replica), sequence);
  }
}
