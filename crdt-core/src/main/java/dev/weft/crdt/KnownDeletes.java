package dev.weft.crdt;

/**
 * The events that are known to be deletes, because a restore named them: each stretch is looked at
 * once, however often it is restored. Not thread-safe.
 */
final class KnownDeletes {
  private final CausalHistory history;
  private final OperationLog log;
  private EventSet known = new EventSet();
  private int stretches;

  KnownDeletes(CausalHistory history, OperationLog log) {
    this.history = history;
    this.log = log;
  }

  /**
   * Adds the events with the sequence numbers of [start, end), all of which must be here.
   *
   * @return the first that is no delete, {@code end} if all are
   */
  int add(int replica, int start, int end) {
    int from = known.nextAbsent(replica, start, end);
    while (from < end) {
      int event = history.event(replica, from);
      int operation = log.operationOfEvent(event);
      if (!log.isDelete(operation)) {
        return from;
      }
      int most = Math.min(end - from, log.endEvent(operation) - event);
      int to = from + history.inARow(event, most);
      known.add(replica, from, to);
      stretches++;
      from = known.nextAbsent(replica, to, end);
    }
    return end;
  }

  /** Returns how many stretches, each of one operation and one run, were added so far. */
  int stretches() {
    return stretches;
  }

  /** Forgets all, as events may not be here any more. */
  void clear() {
    known = new EventSet();
  }
}
