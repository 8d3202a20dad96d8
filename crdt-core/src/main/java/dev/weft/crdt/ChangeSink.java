package dev.weft.crdt;

/**
 * Takes changes one after the other, in causal order, as something reads them: each begins with
 * {@link #change}, goes on with its operations and ends with {@link #endChange}.
 *
 * <p>Readers of the binary format and of a document's log are sources; a document's log and writers
 * of the binary format are sinks.
 */
interface ChangeSink extends OperationSink {
  /**
   * Begins a change of {@code replica} whose first event has {@code sequence}.
   *
   * @param digest the {@link EventDigest} of the replica's events before
   * @param dependencies not to be kept or changed
   */
  void change(long replica, int sequence, int digest, EventList dependencies, int at)
      throws MalformedUpdateException;

  /** Ends the change. */
  void endChange(int at) throws MalformedUpdateException;
}
