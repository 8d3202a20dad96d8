package dev.weft.crdt;

/**
 * Takes events of a document's own replica back, by new ones: deletes what they inserted and what
 * they restored, as far as it is visible, and restores what they deleted. Not thread-safe.
 */
final class Inversion {
  private final OpenRun openRun;
  private final CausalHistory history;
  private final OperationLog log;
  private final SpanTree tree;
  private final EditRecorder recorder;
  private final int self;

  Inversion(OpenRun openRun, ReplicaId replica, EditRecorder recorder) {
    this.openRun = openRun;
    this.recorder = recorder;
    Contents contents = openRun.settled();
    history = contents.history;
    log = contents.log;
    tree = contents.tree;
    self = history.findReplica(replica.bits());
  }

  /** Takes back the events of [start, end), the last first. */
  void invert(int start, int end) {
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
    int offset = event - log.firstEvent(operation);
    if (log.isInsert(operation)) {
      deleteVisible(log.firstUnit(operation) + offset, count);
    } else if (log.isDelete(operation)) {
      openRun.restore(event, count, recorder);
    } else {
      int deleted = log.restoredEvent(operation) + offset;
      deleteVisible(log.lowestTarget(log.operationOfEvent(deleted), deleted, count), count);
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
}
