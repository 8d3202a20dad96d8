package dev.weft.crdt;

import java.util.List;

/**
 * Reads what {@link HistoryWriter} wrote into {@link Contents}, every number checked, and carries
 * it out: where an operation stands is told by the text that its author saw. Not thread-safe.
 */
final class HistoryReader {
  private final Contents contents;
  private final Limits limits;
  private final int unitCount;
  private final List<String> names;
  private final RangeDecoder coder;
  private final HistoryModel model;
  private final HistoryCarets carets = new HistoryCarets();
  private final RestoredDeletes restores;
  private final KnownDeletes deletes;
  private final int replicaCount;
  private final int runCount;
  private final int dependencyCount;
  private final int operationCount;
  private final EditRecorder nothing;
  private final LocalCursor cursor;
  private final Place place;

  private int[] dependsOn = new int[4];
  private int[] dependsOnReplicas = new int[4];
  // Of what it depends on; a snapshot does not say them.
  private int[] digests = new int[4];
  private int dependenciesLeft;
  private int operationsLeft;

  private HistoryReader(
      ByteReader in, Contents contents, Limits limits, int unitCount, List<String> names)
      throws MalformedUpdateException {
    this.names = names;
    this.contents = contents;
    this.limits = limits;
    this.unitCount = unitCount;
    replicaCount = in.readCount("replica count", Long.BYTES);
    if (replicaCount > limits.maxReplicas()) {
      throw in.malformed(
          "at most " + limits.maxReplicas() + " replicas (maxReplicas)",
          Integer.toString(replicaCount));
    }
    for (int i = 0; i < replicaCount; i++) {
      long id = in.readFixed64("replica id");
      if (contents.history.findOrAddReplica(id) != i) {
        throw in.malformed("different replica ids", new ReplicaId(id) + " twice");
      }
    }
    runCount = in.readInt("run count (maxRuns)", limits.maxRuns());
    dependencyCount = in.readInt("dependency count", Integer.MAX_VALUE);
    operationCount = in.readInt("operation count", Integer.MAX_VALUE);
    long size = (long) runCount + dependencyCount + operationCount;
    ByteReader stream = Expansion.HISTORY.read(in, "history", size);
    coder = stream.rangeDecoder();
    model = new HistoryModel(coder);
    nothing = new EditRecorder(contents.text);
    restores = new RestoredDeletes(contents.history, contents.log);
    deletes = new KnownDeletes(contents.history, contents.log);
    cursor = new LocalCursor(contents.tree);
    place = contents.tree.newPlace();
  }

  /** Reads a history that inserts {@code unitCount} units and gives {@code names}. */
  static void read(
      ByteReader in, Contents contents, Limits limits, int unitCount, List<String> names)
      throws MalformedUpdateException {
    new HistoryReader(in, contents, limits, unitCount, names).read();
  }

  private void read() throws MalformedUpdateException {
    dependenciesLeft = dependencyCount;
    operationsLeft = operationCount;
    for (int run = 0; run < runCount; run++) {
      readRun();
    }
    requireEqual("dependencies", dependencyCount, dependencyCount - dependenciesLeft);
    requireEqual("operations", operationCount, operationCount - operationsLeft);
    requireEqual("replicas with a run", replicaCount, carets.size());
    requireEqual("units", unitCount, contents.log.unitCount());
    requireEqual("names", names.size(), contents.log.nameCount());
    coder.requireRestZeros();
  }

  private void readRun() throws MalformedUpdateException {
    CausalHistory history = contents.history;
    int before = carets.current();
    int replica = carets.size();
    if (model.knownReplica(false)) {
      int step = requireBelow("step between replicas", replica, model.replicaStep(0));
      replica = (int) ((before + (long) step) % replica);
    } else {
      requireBelow("number of a replica", replicaCount, replica);
    }
    int start = history.eventCount();
    int runs = history.runCount();
    int count = model.dependencyCount(replica == before, 0);
    if (count < 0 || count > dependenciesLeft) {
      throw coder.malformed(dependencyCount + " dependencies", "more");
    }
    dependenciesLeft -= count;
    if (count > dependsOn.length) {
      dependsOn = new int[Math.max(count, 2 * dependsOn.length)];
      dependsOnReplicas = new int[dependsOn.length];
      digests = new int[dependsOn.length];
    }
    for (int i = 0; i < count; i++) {
      int on = runs - 1 - requireBelow("distance of runs", runs, model.runsBetween(0));
      int events = history.runEnd(on) - history.runStart(on);
      int leftOut = requireBelow("events left out", events, model.eventsLeftOut(0));
      dependsOn[i] = history.runEnd(on) - 1 - leftOut;
      dependsOnReplicas[i] = history.runReplica(on);
    }
    carets.enter(replica, contents.tree, place);
    int room = limits.maxUnits() - start;
    int length = requireLength("run (maxUnits)", room, model.runLength(carets.runLength(), 0));
    carets.setRunLength(length);
    history.appendRemote(replica, dependsOn, dependsOnReplicas, digests, count, length);
    int end = start + length;
    int event = start;
    while (event < end) {
      if (operationsLeft-- == 0) {
        throw coder.malformed(operationCount + " operations", "more");
      }
      int kind = model.kind(carets.habit(), 0);
      event += readOperation(kind, event, end - event);
    }
  }

  /** Returns how many events the operation has. */
  private int readOperation(int kind, int event, int rest) throws MalformedUpdateException {
    return switch (kind) {
      case HistoryModel.INSERT -> readInsert(event, rest);
      case HistoryModel.DELETE_BACKWARD -> readDelete(kind, true, event, rest);
      case HistoryModel.DELETE_FORWARD -> readDelete(kind, false, event, rest);
      default -> model.isName(false) ? readName() : readRestore(event, rest);
    };
  }

  private int readName() throws MalformedUpdateException {
    int next = contents.log.nameCount();
    if (next == names.size()) {
      throw coder.malformed(names.size() + " names", "more");
    }
    contents.log.appendName(names.get(next));
    return 1;
  }

  private int readInsert(int event, int rest) throws MalformedUpdateException {
    SpanTree tree = contents.tree;
    HistoryModel.Habit habit = carets.habit();
    int kind = HistoryModel.INSERT;
    int unit = contents.log.unitCount();
    boolean moved = true;
    int index = 0;
    int left;
    int right;
    boolean visible = model.visible(habit, kind, false);
    if (visible) {
      int move = model.move(habit, kind, 0);
      moved = move != 0;
      index = requireIndex(carets.index() + (long) move, tree.length());
      cursor.seek(index);
      left = cursor.unitBefore();
      right = cursor.unitAfter();
    } else {
      left = readUnit(unit);
      tree.placeBehind(left, place);
      right = place.unitAfter();
    }
    boolean next = model.rightIsNext(false);
    if (!next) {
      right = OperationLog.NONE;
      if (!model.rightIsEnd(false)) {
        right =
            unit - 1 - requireBelow("distance of an origin right", unit, model.rightDistance(0));
      }
    }
    int room = Math.min(rest, unitCount - unit);
    int count = requireLength("insert", room, model.length(habit, kind, moved, rest, 0));
    contents.log.appendInsert(left, right, count);
    int last = unit + count - 1;
    if (visible && next) {
      // Nobody else is here: where it was typed is where it belongs.
      cursor.insert(count);
      carets.set(last, index + count);
    } else {
      contents.integrator.integrate(event, event + count, nothing);
      carets.set(last, tree, place);
    }
    habit.set(kind, count);
    return count;
  }

  private int readDelete(int kind, boolean backward, int event, int rest)
      throws MalformedUpdateException {
    SpanTree tree = contents.tree;
    HistoryModel.Habit habit = carets.habit();
    int units = contents.log.unitCount();
    boolean moved = true;
    int index = 0;
    int target;
    boolean visible = model.visible(habit, kind, false);
    boolean whole = false;
    int count = 0;
    if (visible) {
      int move = model.move(habit, kind, 0);
      moved = move != 0;
      index = requireIndex(carets.index() + (long) move + (backward ? -1 : 0), tree.length() - 1);
      cursor.seek(index + 1);
      target = cursor.unitBefore();
      whole = model.wholeStretch(habit, kind, moved, false);
      if (whole) {
        count = Math.min(rest, stretch(target, backward, rest));
      }
    } else {
      target = requireBelow("target", units, readUnit(units));
    }
    if (count == 0) {
      int room = Math.min(rest, backward ? target + 1 : units - target);
      count = requireLength("deletion", room, model.length(habit, kind, moved, rest, 0));
    }
    int lowest = backward ? target - count + 1 : target;
    if (backward) {
      contents.log.appendBackwardDelete(target, count);
    } else {
      contents.log.appendForwardDelete(target, count);
    }
    if (visible && (whole || count <= stretch(target, backward, count))) {
      int deleted = 0;
      while (deleted < count) {
        deleted += tree.delete(lowest + deleted, count - deleted, place);
      }
      carets.set(lowest, backward ? index - count + 1 : index);
    } else {
      contents.integrator.integrate(event, event + count, nothing);
      carets.set(lowest, tree, place);
    }
    habit.set(kind, count);
    return count;
  }

  private int stretch(int target, boolean backward, int most) {
    SpanTree tree = contents.tree;
    return backward ? tree.visibleUpTo(target, most) : tree.visibleFrom(target, most);
  }

  private int readRestore(int event, int rest) throws MalformedUpdateException {
    OperationLog log = contents.log;
    HistoryModel.Habit habit = carets.habit();
    int kind = HistoryModel.RESTORE;
    int of = carets.current();
    boolean own = model.restoresOwn(false);
    if (!own) {
      int others = carets.size() - 1;
      int step = requireBelow("step between other replicas", others, model.replicaStep(0));
      of = (int) ((of + 1L + step) % carets.size());
    }
    int later = carets.eventCount(of) - (own ? rest : 0);
    int distance = requireBelow("distance of a delete", later, model.restoredDistance(own, 0));
    int first = later - 1 - distance;
    int room = Math.min(rest, later - first);
    int count = requireLength("restore", room, model.length(habit, kind, true, rest, 0));
    requireDeletes(of, first, first + count);
    log.appendRestore(of, first, count);
    contents.integrator.integrate(event, event + count, nothing);
    int unit = restores.unitTouchedBy(event);
    int last = restores.unitTouchedBy(event + count - 1);
    carets.setBehindHigher(unit, last, contents.tree, place);
    habit.set(kind, count);
    return count;
  }

  private void requireDeletes(int replica, int start, int end) throws MalformedUpdateException {
    int other = deletes.add(replica, start, end);
    if (other < end) {
      throw coder.malformed(
          "a restore of deletes",
          "one of event " + other + " of replica " + replica + ", which is none");
    }
  }

  /** Reads a unit number from -1, for none, to below {@code units}. */
  private int readUnit(int units) throws MalformedUpdateException {
    long unit = carets.unit() + (long) model.unitStep(0);
    if (unit < OperationLog.NONE || unit >= units) {
      throw coder.malformed("a unit below " + units, Long.toString(unit));
    }
    return (int) unit;
  }

  private int requireIndex(long index, int max) throws MalformedUpdateException {
    if (index < 0 || index > max) {
      String expected = max < 0 ? "an insert, as there is no text" : "an index from 0 to " + max;
      throw coder.malformed(expected, Long.toString(index));
    }
    return (int) index;
  }

  private int requireLength(String what, int max, int length) throws MalformedUpdateException {
    if (length < 1 || length > max) {
      throw coder.malformed(what + " of a length from 1 to " + max, Integer.toString(length));
    }
    return length;
  }

  private int requireBelow(String what, int bound, int number) throws MalformedUpdateException {
    if (number < 0 || number >= bound) {
      throw coder.malformed("a " + what + " below " + bound, Integer.toString(number));
    }
    return number;
  }

  private void requireEqual(String what, int expected, int actual) throws MalformedUpdateException {
    if (actual != expected) {
      throw coder.malformed(expected + " " + what, Integer.toString(actual));
    }
  }
}
