package dev.weft.crdt;

/**
 * Says that bytes from outside are not a valid update, snapshot, version vector or anchor, and
 * where. Whoever throws it has changed nothing.
 */
public sealed class MalformedUpdateException extends Exception
    permits ForkedReplicaException, ShallowHistoryException {
  private static final long serialVersionUID = 1L;

  private final int offset;
  private final String expected;
  private final String actual;

  /**
   * Creates the exception.
   *
   * @param offset the index in the bytes at which reading failed
   * @param expected what the format asks for there
   * @param actual what stands there
   */
  public MalformedUpdateException(int offset, String expected, String actual) {
    this(
        offset,
        expected,
        actual,
        "malformed data at byte " + offset + ": expected " + expected + ", actual " + actual);
  }

  MalformedUpdateException(int offset, String expected, String actual, String message) {
    super(message);
    this.offset = offset;
    this.expected = expected;
    this.actual = actual;
  }

  /** Returns the index in the bytes at which reading failed. */
  public int offset() {
    return offset;
  }

  /** Returns what the format asks for at {@link #offset}. */
  public String expected() {
    return expected;
  }

  /** Returns what stands at {@link #offset}. */
  public String actual() {
    return actual;
  }
}
