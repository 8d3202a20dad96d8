package dev.weft.crdt;

/**
 * Which units are visible if just some events of a log had happened: those that were inserted, and
 * of which no delete is in force. Events may be added and removed in any order. Not thread-safe.
 */
final class VisibleUnits {
  private final OperationLog log;
  private final RestoredDeletes restoredDeletes;
  private final UnitSet inserted = new UnitSet();
  // The delete events that happened, those that were taken back, and how often besides the once.
  private final UnitSet deletes = new UnitSet();
  private final UnitSet restored = new UnitSet();
  private final UnitCounts restoredAgain = new UnitCounts();
  // By unit: how many deletes are in force.
  private final UnitCounts inForce = new UnitCounts();

  VisibleUnits(CausalHistory history, OperationLog log) {
    this.log = log;
    restoredDeletes = new RestoredDeletes(history, log);
  }

  boolean isVisible(int unit) {
    return inserted.contains(unit) && inForce.get(unit) == 0;
  }

  /** Returns whether a delete event happened and was not taken back. */
  boolean isInForce(int deleteEvent) {
    return deletes.contains(deleteEvent) && !restored.contains(deleteEvent);
  }

  /**
   * Adds the events of [start, end), none of which is there.
   *
   * @param touched is told of the units that they may make visible or invisible
   */
  void add(int start, int end, SpanTree.RunVisitor touched) {
    change(start, end, true, touched);
  }

  /** Removes the events of [start, end), all of which are there. */
  void remove(int start, int end, SpanTree.RunVisitor touched) {
    change(start, end, false, touched);
  }

  private void change(int start, int end, boolean add, SpanTree.RunVisitor touched) {
    int event = start;
    while (event < end) {
      int operation = log.operationOfEvent(event);
      int stop = Math.min(end, log.endEvent(operation));
      int count = stop - event;
      int offset = event - log.firstEvent(operation);
      if (log.isInsert(operation)) {
        set(inserted, log.firstUnit(operation) + offset, count, add);
        touched.visit(log.firstUnit(operation) + offset, count);
      } else if (log.isDelete(operation)) {
        set(deletes, event, count, add);
        countIfNotTakenBack(operation, event, event + count, add ? 1 : -1);
        touched.visit(log.lowestTarget(operation, event, count), count);
      } else if (log.isRestore(operation)) {
        restoredDeletes.forEach(
            operation,
            event,
            count,
            (delete, first, stretch) -> restore(delete, first, stretch, add, touched));
      }
      event = stop;
    }
  }

  private static void set(UnitSet set, int first, int count, boolean add) {
    if (add) {
      set.add(first, count);
    } else {
      set.remove(first, count);
    }
  }

  private void restore(int delete, int first, int count, boolean add, SpanTree.RunVisitor touched) {
    // A delete is in force before its first restore is added, and after its last one is removed.
    if (add) {
      countThoseThatHappened(delete, first, count, -1);
      addRestores(first, first + count);
    } else {
      removeRestores(first, first + count);
      countThoseThatHappened(delete, first, count, 1);
    }
    touched.visit(log.lowestTarget(delete, first, count), count);
  }

  private void countThoseThatHappened(int operation, int first, int count, int delta) {
    int end = first + count;
    int from = deletes.nextPresent(first, end);
    while (from < end) {
      int to = deletes.nextAbsent(from, end);
      countIfNotTakenBack(operation, from, to, delta);
      from = deletes.nextPresent(to, end);
    }
  }

  private void countIfNotTakenBack(int operation, int start, int end, int delta) {
    int from = restored.nextAbsent(start, end);
    while (from < end) {
      int to = restored.nextPresent(from, end);
      inForce.add(log.lowestTarget(operation, from, to - from), to - from, delta);
      from = restored.nextAbsent(to, end);
    }
  }

  private void addRestores(int start, int end) {
    int from = start;
    while (from < end) {
      int again = restored.nextPresent(from, end);
      restored.add(from, again - from);
      from = restored.nextAbsent(again, end);
      restoredAgain.add(again, from - again, 1);
    }
  }

  private void removeRestores(int start, int end) {
    int from = start;
    while (from < end) {
      int again = restoredAgain.nextCounted(from, end);
      restored.remove(from, again - from);
      from = restoredAgain.nextZero(again, end);
      restoredAgain.add(again, from - again, -1);
    }
  }
}
