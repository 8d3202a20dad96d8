package dev.weft.crdt;

import java.util.Arrays;

/**
 * Writes the runs and operations of a history, by {@link HistoryModel}. It carries them out again,
 * on an order of its own, to know where each caret stood. Not thread-safe.
 */
final class HistoryWriter {
  private static final int UNNUMBERED = -1;

  private final CausalHistory history;
  private final OperationLog log;
  private final RestoredDeletes restores;
  private final SpanTree tree = new SpanTree(SpanTree.DEFAULT_NODE_CAPACITY);
  private final Integrator integrator;
  private final EditRecorder nothing;
  private final Place place = tree.newPlace();

  private final RangeEncoder coder = new RangeEncoder();
  private final HistoryModel model = new HistoryModel(coder);
  private final HistoryCarets carets = new HistoryCarets();
  // By replica of the history: its number in the snapshot, where they are numbered as they come.
  private final int[] numbers;
  private final ByteWriter ids = new ByteWriter(64);
  private int operationCount;
  private int dependencyCount;

  private HistoryWriter(Contents contents) {
    history = contents.history;
    log = contents.log;
    restores = new RestoredDeletes(history, log);
    integrator = new Integrator(history, log, tree);
    nothing = new EditRecorder(contents.text);
    numbers = new int[history.replicaCount()];
    Arrays.fill(numbers, UNNUMBERED);
  }

  /** Appends the history to a snapshot. */
  static void write(Contents contents, ByteWriter out) {
    new HistoryWriter(contents).write(out);
  }

  private void write(ByteWriter out) {
    for (int run = 0; run < history.runCount(); run++) {
      writeRun(run);
    }
    out.writeVarint(carets.size());
    out.writeAll(ids);
    out.writeVarint(history.runCount());
    out.writeVarint(dependencyCount);
    out.writeVarint(operationCount);
    long size = (long) history.runCount() + dependencyCount + operationCount;
    Expansion.HISTORY.write(out, coder.finish(), size);
  }

  private void writeRun(int run) {
    int start = history.runStart(run);
    int end = history.runEnd(run);
    int before = carets.current();
    int replica = numbers[history.runReplica(run)];
    if (model.knownReplica(replica != UNNUMBERED)) {
      model.replicaStep(Math.floorMod(replica - before, carets.size()));
    } else {
      replica = carets.size();
      numbers[history.runReplica(run)] = replica;
      ids.writeFixed64(history.replicaId(history.runReplica(run)));
    }
    int from = history.dependenciesStart(run);
    int to = history.dependenciesEnd(run);
    model.dependencyCount(replica == before, to - from);
    dependencyCount += to - from;
    for (int i = from; i < to; i++) {
      int on = history.runAt(history.dependency(i));
      model.runsBetween(run - 1 - on);
      model.eventsLeftOut(history.runEnd(on) - 1 - history.dependency(i));
    }
    carets.enter(replica, tree, place);
    model.runLength(carets.runLength(), end - start);
    carets.setRunLength(end - start);
    int event = start;
    while (event < end) {
      int operation = log.operationOfEvent(event);
      int stop = Math.min(end, log.endEvent(operation));
      int offset = event - log.firstEvent(operation);
      if (log.isInsert(operation)) {
        writeInsert(operation, offset, event, stop, end - event);
      } else if (log.isDelete(operation)) {
        writeDelete(operation, offset, event, stop, end - event);
      } else if (log.isName(operation)) {
        model.kind(carets.habit(), HistoryModel.RESTORE);
        model.isName(true);
      } else {
        writeRestore(operation, offset, event, stop, end - event);
      }
      operationCount++;
      event = stop;
    }
  }

  private void writeInsert(int operation, int offset, int event, int stop, int rest) {
    HistoryModel.Habit habit = carets.habit();
    int kind = HistoryModel.INSERT;
    int count = stop - event;
    int unit = log.firstUnit(operation) + offset;
    int left = log.originLeft(operation, unit);
    int right = log.originRight(operation);
    model.kind(habit, kind);
    boolean visible = left == OperationLog.NONE || tree.isVisible(left);
    model.visible(habit, kind, visible);
    tree.placeBehind(left, place);
    int index = tree.indexOf(place);
    boolean moved = true;
    if (visible) {
      moved = model.move(habit, kind, index - carets.index()) != 0;
    } else {
      model.unitStep(left - carets.unit());
    }
    if (!model.rightIsNext(place.unitAfter() == right)
        && !model.rightIsEnd(right == OperationLog.NONE)) {
      model.rightDistance(unit - right - 1);
    }
    model.length(habit, kind, moved, rest, count);
    integrator.integrate(event, stop, nothing);
    carets.set(unit + count - 1, tree, place);
    habit.set(kind, count);
  }

  private void writeDelete(int operation, int offset, int event, int stop, int rest) {
    HistoryModel.Habit habit = carets.habit();
    int count = stop - event;
    boolean backward = log.isBackward(operation);
    int target = log.target(operation) + (backward ? -offset : offset);
    boolean visible = tree.isVisible(target);
    tree.placeBehind(target, place);
    int behind = tree.indexOf(place);
    if (count == 1) {
      // It has no direction: what a person would have pressed costs least.
      backward = visible && behind == carets.index();
    }
    int kind = backward ? HistoryModel.DELETE_BACKWARD : HistoryModel.DELETE_FORWARD;
    model.kind(habit, kind);
    model.visible(habit, kind, visible);
    boolean moved = true;
    boolean whole = false;
    if (visible) {
      int from = backward ? behind : behind - 1;
      moved = model.move(habit, kind, from - carets.index()) != 0;
      // Whether it ends with the deletion is all there is to know.
      int most = count + 1;
      int stretch = backward ? tree.visibleUpTo(target, most) : tree.visibleFrom(target, most);
      whole = model.wholeStretch(habit, kind, moved, count == Math.min(rest, stretch));
    } else {
      model.unitStep(target - carets.unit());
    }
    if (!whole) {
      model.length(habit, kind, moved, rest, count);
    }
    integrator.integrate(event, stop, nothing);
    carets.set(backward ? target - count + 1 : target, tree, place);
    habit.set(kind, count);
  }

  private void writeRestore(int operation, int offset, int event, int stop, int rest) {
    HistoryModel.Habit habit = carets.habit();
    int kind = HistoryModel.RESTORE;
    int count = stop - event;
    model.kind(habit, kind);
    model.isName(false);
    int of = numbers[log.restoredReplica(operation)];
    boolean own = model.restoresOwn(of == carets.current());
    if (!own) {
      model.replicaStep(Math.floorMod(of - carets.current(), carets.size()) - 1);
    }
    int later = carets.eventCount(of) - (own ? rest : 0);
    model.restoredDistance(own, later - 1 - log.restoredSequence(operation) - offset);
    model.length(habit, kind, true, rest, count);
    integrator.integrate(event, stop, nothing);
    int first = restores.unitTouchedBy(event);
    carets.setBehindHigher(first, restores.unitTouchedBy(stop - 1), tree, place);
    habit.set(kind, count);
  }
}
