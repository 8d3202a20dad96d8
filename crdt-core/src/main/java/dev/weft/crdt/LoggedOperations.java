package dev.weft.crdt;

/** Reads operations back from a document's log, by the names that others know. Not thread-safe. */
final class LoggedOperations {
  private static final int COPIED_KEPT = 1024;

  private final CausalHistory history;
  private final OperationLog log;
  private final UnitText text;

  /** Grows with what is told, for most documents hold little. Longer ones are not kept. */
  private char[] copied = new char[16];

  private int piecesTold;
  private final EventName left = new EventName();
  private final EventName right = new EventName();

  LoggedOperations(CausalHistory history, OperationLog log, UnitText text) {
    this.history = history;
    this.log = log;
    this.text = text;
  }

  /** Returns how many operations the last call of {@link #tellOne} told the sink. */
  int piecesTold() {
    return piecesTold;
  }

  /**
   * Tells the events of [start, end) that are of one operation, all of one run, and of a deletion
   * at most so many pieces.
   *
   * @return the first event that is not told
   */
  int tellOne(int operation, int start, int end, int mostPieces, OperationSink sink)
      throws MalformedUpdateException {
    int stop = Math.min(end, log.endEvent(operation));
    int offset = start - log.firstEvent(operation);
    piecesTold = 1;
    if (log.isInsert(operation)) {
      tellInsert(operation, offset, stop - start, sink);
    } else if (log.isDelete(operation)) {
      return start + tellDelete(operation, offset, stop - start, mostPieces, sink);
    } else if (log.isName(operation)) {
      sink.name(log.name(operation), 0);
    } else {
      int replica = log.restoredReplica(operation);
      left.set(history.replicaId(replica), log.restoredSequence(operation) + offset);
      sink.restore(left, stop - start, 0);
    }
    return stop;
  }

  private void tellInsert(int operation, int offset, int count, OperationSink sink)
      throws MalformedUpdateException {
    int unit = log.firstUnit(operation) + offset;
    char[] inserted = room(count);
    text.copy(unit, count, inserted, 0);
    nameUnit(log.originLeft(operation, unit), left);
    nameOriginRight(log.originRight(operation));
    sink.insert(left, right, inserted, 0, count, 0);
  }

  private char[] room(int count) {
    if (count > COPIED_KEPT) {
      return new char[count];
    }
    if (count > copied.length) {
      copied = new char[Math.min(COPIED_KEPT, Math.max(count, 2 * copied.length))];
    }
    return copied;
  }

  private int tellDelete(int operation, int offset, int count, int mostPieces, OperationSink sink)
      throws MalformedUpdateException {
    boolean backward = log.isBackward(operation);
    int step = backward ? -1 : 1;
    int unit = log.target(operation) + step * offset;
    int done = 0;
    for (piecesTold = 0; done < count && piecesTold < mostPieces; piecesTold++) {
      int told = nameUnits(unit, count - done, backward);
      sink.delete(left, told, backward, 0);
      unit += step * told;
      done += told;
    }
    return done;
  }

  /** Finds the name of an origin right, as its author knows it. */
  private void nameOriginRight(int unit) {
    HistoryBase base = log.base();
    if (base == null || unit >= base.unitCount() || !base.nameBefore(unit, right)) {
      nameUnit(unit, right);
    }
  }

  /** Finds the name of the event that inserted a unit. */
  private void nameUnit(int unit, EventName name) {
    if (unit == OperationLog.NONE) {
      name.setNone();
    } else {
      nameEvent(log.eventOfUnit(unit), name);
    }
  }

  /**
   * Finds the name of the event that inserted a unit, and returns for how many units from it on
   * (down, if {@code backward}), up to {@code max}, sequence numbers go in step with unit numbers.
   */
  private int nameUnits(int unit, int max, boolean backward) {
    int operation = log.operationOfUnit(unit);
    int event = log.firstEvent(operation) + unit - log.firstUnit(operation);
    int run = nameEvent(event, left);
    int inRun = backward ? event + 1 - history.runStart(run) : history.runEnd(run) - event;
    int inOperation =
        backward ? event + 1 - log.firstEvent(operation) : log.endEvent(operation) - event;
    int count = Math.min(max, inRun);
    if (count > inOperation && !log.isAllInserted(backward ? event + 1 - count : event, count)) {
      return inOperation;
    }
    return count;
  }

  /** Finds the name of an event and returns its run. */
  private int nameEvent(int event, EventName name) {
    int run = history.runAt(event);
    name.set(history.replicaId(history.runReplica(run)), history.sequenceOf(event, run));
    return run;
  }
}
