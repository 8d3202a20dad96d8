package dev.weft.crdt;

/**
 * Takes the operations of a change one after the other. {@code at} is the byte offset to blame if
 * what is said is wrong. Names are not to be kept or changed.
 */
interface OperationSink {
  /**
   * Inserts {@code text[start, end)}, well-formed and not empty.
   *
   * @param left the origin left
   * @param right the origin right
   */
  void insert(EventName left, EventName right, char[] text, int start, int end, int at)
      throws MalformedUpdateException;

  /**
   * Deletes {@code count} units: {@code target} and those that the same replica inserted with the
   * sequence numbers above it, or below it if {@code backward}.
   */
  void delete(EventName target, int count, boolean backward, int at)
      throws MalformedUpdateException;

  /**
   * Restores what {@code count} events deleted: {@code first} and those of the same replica with
   * the sequence numbers above it, all of them deletes.
   */
  void restore(EventName first, int count, int at) throws MalformedUpdateException;

  /** Names the version that the replica has seen. */
  void name(String name, int at) throws MalformedUpdateException;
}
