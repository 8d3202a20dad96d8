package dev.weft.crdt;

/**
 * Takes events of a document's own replica back, by new ones: deletes what they inserted and what
 * they restored, as far as it is visible, and restores what they deleted and had not inserted
 * themselves. Not thread-safe.
 */
final class Inversion {
  private final OpenRun openRun;
  private final CausalHistory history;
  private final OperationLog log;
  private final SpanTree tree;
  private final Integrator integrator;
  private final EditRecorder recorder;
  private final int self;
  // Which events: the starts and ends of ranges of sequence numbers, ascending.
  private final long[] ranges;
  private final int size;

  /**
   * Creates an inversion of the first {@code size} / 2 ranges of the replica's sequence numbers.
   */
  Inversion(OpenRun openRun, ReplicaId replica, EditRecorder recorder, long[] ranges, int size) {
    this.openRun = openRun;
    this.recorder = recorder;
    this.ranges = ranges;
    this.size = size;
    Contents contents = openRun.settled();
    history = contents.history;
    log = contents.log;
    tree = contents.tree;
    integrator = contents.integrator;
    self = history.findReplica(replica.bits());
  }

  /** Takes the events back, the last first. */
  void carryOut() {
    for (int i = size - 2; i >= 0; i -= 2) {
      invertRange((int) ranges[i], (int) ranges[i + 1]);
    }
  }

  private void invertRange(int start, int end) {
    int sequence = end;
    while (sequence > start) {
      int run = history.runOf(self, sequence - 1);
      int from = Math.max(start, history.runSequence(run));
      int toEvent = history.runStart(run) - history.runSequence(run);
      invertEvents(toEvent + from, toEvent + sequence);
      sequence = from;
    }
  }

  private void invertEvents(int start, int end) {
    int event = end;
    while (event > start) {
      int operation = log.operationOfEvent(event - 1);
      int from = Math.max(start, log.firstEvent(operation));
      invert(operation, from, event - from);
      event = from;
    }
  }

  private void invert(int operation, int event, int count) {
    if (log.isInsert(operation)) {
      deleteVisible(log.firstUnit(operation) + event - log.firstEvent(operation), count);
    } else if (log.isDelete(operation)) {
      restore(operation, event, count);
    } else if (log.isRestore(operation)) {
      new RestoredDeletes(history, log)
          .forEach(operation, event, count, (delete, first, events) -> deleteAgain(first, events));
    }
  }

  /**
   * Deletes again what events of one delete deleted, but for those events that are taken back too.
   */
  private void deleteAgain(int deleteEvent, int count) {
    int end = deleteEvent + count;
    int event = deleteEvent;
    while (event < end) {
      int from = event;
      while (event < end && (rangeOfEvent(event) & 1) != 0) {
        event++;
      }
      if (event > from) {
        int operation = log.operationOfEvent(from);
        deleteVisible(log.lowestTarget(operation, from, event - from), event - from);
      }
      event++;
    }
  }

  private void deleteVisible(int first, int count) {
    int end = first + count;
    int unit = tree.nextVisible(first, end);
    while (unit < end) {
      int stop = tree.nextDeleted(unit, end);
      openRun.deleteUnits(unit, stop - unit, recorder);
      unit = tree.nextVisible(stop, end);
    }
  }

  /** Restores what events of a delete deleted, but for what is to be taken back itself. */
  private void restore(int operation, int event, int count) {
    int lowest = log.lowestTarget(operation, event, count);
    int end = lowest + count;
    int unit = lowest;
    while (unit < end) {
      int stop = Math.min(end, unit + unitsAlike(unit));
      if (!isTakenBack(unit)) {
        int first = log.isBackward(operation) ? event + end - stop : event + unit - lowest;
        restoreInForce(first, stop - unit);
      }
      unit = stop;
    }
  }

  /** Restores what events of a delete deleted that were not taken back already. */
  private void restoreInForce(int first, int count) {
    int end = first + count;
    int event = first;
    while (event < end) {
      int from = event;
      while (event < end && !integrator.isTakenBack(event)) {
        event++;
      }
      if (event > from) {
        openRun.restore(from, event - from, recorder);
      }
      event++;
    }
  }

  /** Returns whether the event that inserted a unit is one of those to be taken back. */
  private boolean isTakenBack(int unit) {
    return (rangeOf(unit) & 1) == 0;
  }

  /** Returns for how many units, from a unit on, {@link #isTakenBack} is the same for sure. */
  private int unitsAlike(int unit) {
    int operation = log.operationOfUnit(unit);
    int event = log.eventOfUnit(unit);
    int run = history.runAt(event);
    int alike = Math.min(log.endUnit(operation) - unit, history.runEnd(run) - event);
    int range = rangeOf(unit);
    if (history.runReplica(run) == self && range + 1 < size) {
      alike = (int) Math.min(alike, ranges[range + 1] - sequenceOf(event, run));
    }
    return alike;
  }

  /**
   * Returns the index of the last start or end at or below the sequence number of the event that
   * inserted a unit: an even one within a range; -1 if it is another replica's, or below all.
   */
  private int rangeOf(int unit) {
    return rangeOfEvent(log.eventOfUnit(unit));
  }

  /** Returns the same of an event. */
  private int rangeOfEvent(int event) {
    int run = history.runAt(event);
    if (history.runReplica(run) != self) {
      return -1;
    }
    long sequence = sequenceOf(event, run);
    int low = -1;
    int high = size - 1;
    while (low < high) {
      int mid = (low + high + 1) >>> 1;
      if (ranges[mid] <= sequence) {
        low = mid;
      } else {
        high = mid - 1;
      }
    }
    return low;
  }

  private long sequenceOf(int event, int run) {
    return history.runSequence(run) + (long) event - history.runStart(run);
  }
}
