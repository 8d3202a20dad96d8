package dev.weft.crdt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which units are visible if just some events of a log had happened: those that were inserted, and
 * of which no delete is in force. Events may be added and removed in any order. Not thread-safe.
 */
final class VisibleUnits {
  private final CausalHistory history;
  private final OperationLog log;
  private final RestoredDeletes restoredDeletes;
  private final UnitSet inserted = new UnitSet();
  // The delete events that happened.
  private final UnitSet deletes = new UnitSet();
  // By replica: how many restores that happened take back each of its events.
  private @Nullable IntervalCounts[] restores = new IntervalCounts[0];
  // By unit: how many deletes are in force.
  private final UnitCounts inForce = new UnitCounts();

  VisibleUnits(CausalHistory history, OperationLog log) {
    this.history = history;
    this.log = log;
    restoredDeletes = new RestoredDeletes(history, log);
  }

  boolean isVisible(int unit) {
    return inserted.contains(unit) && inForce.get(unit) == 0;
  }

  /** Returns whether a delete event happened and was not taken back. */
  boolean isInForce(int deleteEvent) {
    if (!deletes.contains(deleteEvent)) {
      return false;
    }
    int run = history.runAt(deleteEvent);
    int replica = history.runReplica(run);
    IntervalCounts taken = replica < restores.length ? restores[replica] : null;
    int sequence = history.sequenceOf(deleteEvent, run);
    return taken == null || !taken.isHeld(sequence);
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
        int from = log.restoredSequence(operation) + offset;
        changeRestores(log.restoredReplica(operation), from, from + count, add, touched);
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

  /** Adds or removes the restore of a replica's events: of those that no other restore names. */
  private void changeRestores(
      int replica, int start, int end, boolean add, SpanTree.RunVisitor touched) {
    IntervalCounts taken = restoresOf(replica);
    if (add) {
      taken.add(start, end, (from, to) -> count(replica, from, to, -1, touched));
    } else {
      taken.remove(start, end, (from, to) -> count(replica, from, to, 1, touched));
    }
  }

  /** Counts deletes with the sequence numbers of [start, end), as far as they happened. */
  private void count(int replica, int start, int end, int delta, SpanTree.RunVisitor touched) {
    restoredDeletes.forEachIn(
        replica,
        start,
        end,
        (delete, first, count) -> {
          int last = first + count;
          int from = deletes.nextPresent(first, last);
          while (from < last) {
            int to = deletes.nextAbsent(from, last);
            inForce.add(log.lowestTarget(delete, from, to - from), to - from, delta);
            from = deletes.nextPresent(to, last);
          }
          touched.visit(log.lowestTarget(delete, first, count), count);
        });
  }

  private void countIfNotTakenBack(int operation, int start, int end, int delta) {
    int event = start;
    while (event < end) {
      int run = history.runAt(event);
      int stop = Math.min(end, history.runEnd(run));
      int replica = history.runReplica(run);
      IntervalCounts taken = replica < restores.length ? restores[replica] : null;
      if (taken == null) {
        inForce.add(log.lowestTarget(operation, event, stop - event), stop - event, delta);
      } else {
        int toEvent = history.runStart(run) - history.runSequence(run);
        taken.forEachNotHeld(
            event - toEvent,
            stop - toEvent,
            (from, to) ->
                inForce.add(
                    log.lowestTarget(operation, from + toEvent, to - from), to - from, delta));
      }
      event = stop;
    }
  }

  private IntervalCounts restoresOf(int replica) {
    if (replica >= restores.length) {
      restores = Arrays.copyOf(restores, Math.max(replica + 1, 2 * restores.length));
    }
    IntervalCounts taken = restores[replica];
    if (taken == null) {
      taken = restores[replica] = new IntervalCounts();
    }
    return taken;
  }
}
