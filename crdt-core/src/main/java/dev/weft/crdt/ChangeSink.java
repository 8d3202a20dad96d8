package dev.weft.crdt;

/**
 * Takes changes one after the other, in causal order, as something reads them: each begins with
 * {@link #change}, goes on with its operations and ends with {@link #endChange}.
 *
 * <p>Readers of the binary format and of a document's log are sources; a document's log and writers
 * of the binary format are sinks. Events are named by replica id and sequence number, {@code at} is
 * the byte offset to blame if what is said is wrong.
 */
interface ChangeSink {
  /** In place of a sequence number: no event, that is, the start or the end of the document. */
  int NO_EVENT = -1;

  /** Begins a change of {@code replica} whose first event has {@code sequence}. */
  void change(long replica, int sequence, EventList dependencies, int at)
      throws MalformedUpdateException;

  /** Inserts {@code text[start, end)}, well-formed and not empty. */
  void insert(
      long leftReplica,
      int leftSequence,
      long rightReplica,
      int rightSequence,
      char[] text,
      int start,
      int end,
      int at)
      throws MalformedUpdateException;

  /**
   * Deletes {@code count} units: those inserted by {@code replica} with {@code sequence} and the
   * sequence numbers above it, or below it if {@code backward}.
   */
  void delete(long replica, int sequence, int count, boolean backward, int at)
      throws MalformedUpdateException;

  /** Ends the change. */
  void endChange(int at) throws MalformedUpdateException;
}
