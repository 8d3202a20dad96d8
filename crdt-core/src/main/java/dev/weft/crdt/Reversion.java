package dev.weft.crdt;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes the text what it was at a version, by new events: deletes the units that were not visible
 * then, and takes back all deletes of those that were. Not thread-safe.
 */
final class Reversion {
  private final OpenRun openRun;
  private final OperationLog log;
  private final List<Toggles.Piece> pieces;
  private final List<int[]> restores = new ArrayList<>();
  private long events;

  /** Works out what is to be done, and does none of it. */
  Reversion(OpenRun openRun, VersionVector version) {
    this.openRun = openRun;
    Contents contents = openRun.settled();
    log = contents.log;
    VisibleUnits now = new VisibleUnits(contents.history, log);
    now.add(0, log.eventCount(), (unit, count) -> {});
    pieces = new TextHistory(openRun).difference(version).inOrder();
    UnitSet shown = new UnitSet();
    for (Toggles.Piece piece : pieces) {
      if (piece.shows()) {
        shown.add(piece.unit(), piece.count());
      }
      events += piece.shows() ? 0 : piece.count();
    }
    for (int operation = 0; operation < log.size(); operation++) {
      if (log.isDelete(operation)) {
        collect(operation, shown, now);
      }
    }
  }

  /** Collects the events of a delete that are in force and deleted what is to be shown. */
  private void collect(int operation, UnitSet shown, VisibleUnits now) {
    int first = log.firstEvent(operation);
    int end = log.endEvent(operation);
    int lowest = log.lowestTarget(operation, first, end - first);
    int stop = lowest + end - first;
    if (shown.nextPresent(lowest, stop) == stop) {
      return;
    }
    int event = first;
    while (event < end) {
      int from = event;
      while (event < end
          && shown.contains(log.lowestTarget(operation, event, 1))
          && now.isInForce(event)) {
        event++;
      }
      if (event > from) {
        restores.add(new int[] {from, event - from});
        events += event - from;
      }
      event++;
    }
  }

  /** Returns how many events {@link #carryOut} takes. */
  long eventCount() {
    return events;
  }

  void carryOut(EditRecorder recorder) {
    for (int[] restore : restores) {
      openRun.restore(restore[0], restore[1], recorder);
    }
    for (Toggles.Piece piece : pieces) {
      if (!piece.shows()) {
        openRun.deleteUnits(piece.unit(), piece.count(), recorder);
      }
    }
  }
}
