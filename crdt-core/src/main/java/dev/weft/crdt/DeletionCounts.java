package dev.weft.crdt;

import java.util.Arrays;

/**
 * How many deletes of each unit are in force, that is, not taken back: a unit is visible when none
 * is. Counted only once something is restored, from the log's start on; a document in which nothing
 * is pays nothing. Not thread-safe.
 */
final class DeletionCounts {
  private static final int PAGE_BITS = 10;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;
  private static final int PAGE_MASK = PAGE_SIZE - 1;

  /** Takes ranges of units. */
  @FunctionalInterface
  interface UnitVisitor {
    void visit(int firstUnit, int count);
  }

  private final OperationLog log;
  // By unit; null where a page has only zeros: nobody's business but this class's.
  private int[][] pages = new int[1][];
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
  void restore(int operation, int event, int count, UnitVisitor revived) {
    countBefore(event);
    takeBack(log.restoredEvent(operation) + event - log.firstEvent(operation), count, revived);
    counted = event + count;
  }

  private void countBefore(int end) {
    int event = counted;
    int operation = event == end ? 0 : log.operationOfEvent(event);
    while (event < end) {
      int stop = Math.min(end, log.endEvent(operation));
      if (log.isDelete(operation)) {
        add(log.lowestTarget(operation, event, stop - event), stop - event);
      } else if (log.isRestore(operation)) {
        int offset = event - log.firstEvent(operation);
        takeBack(log.restoredEvent(operation) + offset, stop - event, (unit, units) -> {});
      }
      event = stop;
      operation++;
    }
  }

  /** Takes back events of one delete, those that are not yet. */
  private void takeBack(int first, int count, UnitVisitor revived) {
    int end = first + count;
    int from = restored.nextAbsent(first, end);
    while (from < end) {
      int to = restored.nextPresent(from, end);
      restored.add(from, to - from);
      subtract(log.lowestTarget(log.operationOfEvent(from), from, to - from), to - from, revived);
      from = restored.nextAbsent(to, end);
    }
  }

  private void add(int unit, int count) {
    int end = unit + count;
    int from = unit;
    while (from < end) {
      int[] page = pageFor(from >>> PAGE_BITS);
      int to = Math.min(end, (from | PAGE_MASK) + 1);
      for (int at = from & PAGE_MASK; at < (to - 1 & PAGE_MASK) + 1; at++) {
        page[at]++;
      }
      from = to;
    }
  }

  private int[] pageFor(int number) {
    if (number >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(number + 1, 2 * pages.length));
    }
    if (pages[number] == null) {
      pages[number] = new int[PAGE_SIZE];
    }
    return pages[number];
  }

  private void subtract(int unit, int count, UnitVisitor revived) {
    int from = unit;
    for (int at = unit; at < unit + count; at++) {
      if (--pages[at >>> PAGE_BITS][at & PAGE_MASK] > 0) {
        if (at > from) {
          revived.visit(from, at - from);
        }
        from = at + 1;
      }
    }
    if (unit + count > from) {
      revived.visit(from, unit + count - from);
    }
  }
}
