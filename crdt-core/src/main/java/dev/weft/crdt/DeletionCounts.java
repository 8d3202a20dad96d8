package dev.weft.crdt;

/**
 * How many deletes of each unit are in force, that is, not taken back: a unit is visible when none
 * is. Counted only once something is restored, from the log's start on; a document in which nothing
 * is pays nothing. Not thread-safe.
 */
final class DeletionCounts {
  private final OperationLog log;
  private final UnitCounts counts = new UnitCounts();
  // The delete events that were taken back.
  private final UnitSet restored = new UnitSet();
  // How many events are counted.
  private int counted;

  DeletionCounts(OperationLog log) {
    this.log = log;
  }

  /**
   * Takes back what {@code count} events of one restore, from {@code event} on, do; all events
   * before are counted then. O(events since what was counted last).
   *
   * @param revived is told of the units of which no delete is in force any more
   */
  void restore(int operation, int event, int count, SpanTree.RunVisitor revived) {
    countBefore(event);
    takeBack(log.restoredEvent(operation) + event - log.firstEvent(operation), count, revived);
    counted = event + count;
  }

  /** Returns whether a delete event was taken back. O(events since what was counted last). */
  boolean isTakenBack(int deleteEvent) {
    countBefore(log.eventCount());
    counted = log.eventCount();
    return restored.contains(deleteEvent);
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
        int offset = event - log.firstEvent(operation);
        takeBack(log.restoredEvent(operation) + offset, stop - event, (unit, units) -> {});
      }
      event = stop;
      operation++;
    }
  }

  /** Takes back events of one delete, those that are not yet. */
  private void takeBack(int first, int count, SpanTree.RunVisitor revived) {
    int end = first + count;
    int from = restored.nextAbsent(first, end);
    while (from < end) {
      int to = restored.nextPresent(from, end);
      restored.add(from, to - from);
      subtract(log.lowestTarget(log.operationOfEvent(from), from, to - from), to - from, revived);
      from = restored.nextAbsent(to, end);
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
