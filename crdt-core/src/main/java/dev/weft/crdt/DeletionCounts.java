package dev.weft.crdt;

/**
 * How many deletes of each unit are in force, that is, not taken back: a unit is visible when none
 * is. Counted only once something is restored, from the log's start on; a document in which nothing
 * is pays nothing. Not thread-safe.
 */
final class DeletionCounts {
  private final CausalHistory history;
  private final OperationLog log;
  private final RestoredDeletes deletes;
  private final UnitCounts counts = new UnitCounts();
  // The delete events that were taken back.
  private final EventSet restored = new EventSet();
  // How many events are counted.
  private int counted;

  DeletionCounts(CausalHistory history, OperationLog log) {
    this.history = history;
    this.log = log;
    deletes = new RestoredDeletes(history, log);
  }

  /**
   * Takes back what {@code count} events of one restore, from {@code event} on, do; all events
   * before are counted then. O(events since what was counted last).
   *
   * @param revived is told of the units of which no delete is in force any more
   */
  void restore(int operation, int event, int count, SpanTree.RunVisitor revived) {
    countBefore(event);
    takeBack(operation, event, count, revived);
    counted = event + count;
  }

  /** Returns whether a delete event was taken back. O(events since what was counted last). */
  boolean isTakenBack(int deleteEvent) {
    countBefore(log.eventCount());
    counted = log.eventCount();
    int run = history.runAt(deleteEvent);
    int sequence = history.sequenceOf(deleteEvent, run);
    return restored.contains(history.runReplica(run), sequence);
  }

  /** Returns how many bytes of memory this takes, about. */
  long memoryBytes() {
    return counts.memoryBytes() + restored.memoryBytes();
  }

  private void countBefore(int end) {
    int event = counted;
    int operation = event == end ? 0 : log.operationOfEvent(event);
    while (event < end) {
      int stop = Math.min(end, log.endEvent(operation));
      if (log.isDelete(operation)) {
        counts.add(log.lowestTarget(operation, event, stop - event), stop - event, 1);
      } else if (log.isRestore(operation)) {
        takeBack(operation, event, stop - event, (unit, units) -> {});
      }
      event = stop;
      operation++;
    }
  }

  /** Takes back what events of a restore do, as far as it is not yet. */
  private void takeBack(int restore, int event, int count, SpanTree.RunVisitor revived) {
    int replica = log.restoredReplica(restore);
    int start = log.restoredSequence(restore) + event - log.firstEvent(restore);
    int end = start + count;
    int from = restored.nextAbsent(replica, start, end);
    while (from < end) {
      int to = restored.nextPresent(replica, from, end);
      restored.add(replica, from, to);
      deletes.forEachIn(
          replica,
          from,
          to,
          (delete, first, stretch) ->
              subtract(log.lowestTarget(delete, first, stretch), stretch, revived));
      from = restored.nextAbsent(replica, to, end);
    }
  }

  private void subtract(int unit, int count, SpanTree.RunVisitor revived) {
    counts.add(unit, count, -1);
    int end = unit + count;
    int from = counts.nextZero(unit, end);
    while (from < end) {
      int to = counts.nextCounted(from, end);
      revived.visit(from, to - from);
      from = counts.nextZero(to, end);
    }
  }
}
