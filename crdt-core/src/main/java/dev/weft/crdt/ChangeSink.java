package dev.weft.crdt;

/**
 * Takes changes one after the other, in causal order, as something reads them: each begins with
 * {@link #change}, goes on with its operations and ends with {@link #endChange}.
 *
 * <p>Readers of the binary format and of a document's log are sources; a document's log and writers
 * of the binary format are sinks. {@code at} is the byte offset to blame if what is said is wrong.
 */
interface ChangeSink {
  /** Begins a change of {@code replica} whose first event has {@code sequence}. */
  void change(long replica, int sequence, EventList dependencies, int at)
      throws MalformedUpdateException;

  /**
   * Inserts {@code text[start, end)}, well-formed and not empty.
   *
   * @param left the origin left; neither name is to be kept or changed
   * @param right the origin right
   */
  void insert(EventName left, EventName right, char[] text, int start, int end, int at)
      throws MalformedUpdateException;

  /**
   * Deletes {@code count} units: {@code target} and those that the same replica inserted with the
   * sequence numbers above it, or below it if {@code backward}.
   *
   * @param target is not to be kept or changed
   */
  void delete(EventName target, int count, boolean backward, int at)
      throws MalformedUpdateException;

  /**
   * Restores what {@code count} events deleted: {@code first} and those of the same replica with
   * the sequence numbers above it, all of them deletes.
   *
   * @param first is not to be kept or changed
   */
  void restore(EventName first, int count, int at) throws MalformedUpdateException;

  /** Ends the change. */
  void endChange(int at) throws MalformedUpdateException;
}
