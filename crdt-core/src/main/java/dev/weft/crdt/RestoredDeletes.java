package dev.weft.crdt;

/**
 * Finds what restores take back. A restore names deletes that one replica made in a row; where they
 * arrived, others may stand between them, and each may be of several operations of the log. Not
 * thread-safe.
 */
final class RestoredDeletes {
  private final CausalHistory history;
  private final OperationLog log;

  RestoredDeletes(CausalHistory history, OperationLog log) {
    this.history = history;
    this.log = log;
  }

  /** Takes events of one delete and of one run. */
  @FunctionalInterface
  interface Visitor {
    void visit(int delete, int event, int count);
  }

  /**
   * Visits what {@code count} events of a restore, from {@code event} on, take back. O(stretches).
   */
  void forEach(int restore, int event, int count, Visitor visitor) {
    int replica = log.restoredReplica(restore);
    int from = log.restoredSequence(restore) + event - log.firstEvent(restore);
    forEachIn(replica, from, from + count, visitor);
  }

  /** Visits the deletes with the sequence numbers of [start, end). */
  void forEachIn(int replica, int start, int end, Visitor visitor) {
    int sequence = start;
    while (sequence < end) {
      int event = history.event(replica, sequence);
      int delete = log.operationOfEvent(event);
      int count = history.inARow(event, Math.min(end - sequence, log.endEvent(delete) - event));
      visitor.visit(delete, event, count);
      sequence += count;
    }
  }

  /** Returns the unit that an event inserted, deleted or restored. */
  int unitTouchedBy(int event) {
    int operation = log.operationOfEvent(event);
    int offset = event - log.firstEvent(operation);
    if (log.isInsert(operation)) {
      return log.firstUnit(operation) + offset;
    }
    if (!log.isDelete(operation) && !log.isRestore(operation)) {
      throw new AssertionError("event " + event + " touches no unit");
    }
    return log.isDelete(operation)
        ? log.lowestTarget(operation, event, 1)
        : unitDeletedBy(log.restoredReplica(operation), log.restoredSequence(operation) + offset);
  }

  /** Returns the unit that a delete event deleted. */
  int unitDeletedBy(int replica, int sequence) {
    int event = history.event(replica, sequence);
    return log.lowestTarget(log.operationOfEvent(event), event, 1);
  }

  /**
   * Returns whether the deletes with the sequence numbers of [start, end) begin or end between the
   * two halves of a surrogate pair, both of which are always of one operation.
   */
  boolean partPairs(int replica, int start, int end, UnitText text) {
    if (!text.hasSurrogates()) {
      return false;
    }
    char first = text.charAt(unitDeletedBy(replica, start));
    char last = text.charAt(unitDeletedBy(replica, end - 1));
    boolean firstIsSecondHalf =
        isBackward(replica, start)
            ? Character.isHighSurrogate(first)
            : Character.isLowSurrogate(first);
    boolean lastIsFirstHalf =
        isBackward(replica, end - 1)
            ? Character.isLowSurrogate(last)
            : Character.isHighSurrogate(last);
    return firstIsSecondHalf || lastIsFirstHalf;
  }

  private boolean isBackward(int replica, int sequence) {
    return log.isBackward(log.operationOfEvent(history.event(replica, sequence)));
  }
}
