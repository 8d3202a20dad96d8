package dev.weft.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a document holds, part by part: who did what ({@link CausalHistory}), what it was ({@link
 * OperationLog}), the characters ({@link UnitText}) and their order ({@link SpanTree}). Not
 * thread-safe.
 */
final class Contents {
  // So often a history is gone through for a place to begin.
  private static final int MOST_STARTS = 16;

  final CausalHistory history;
  final OperationLog log;
  final UnitText text;
  final SpanTree tree;
  final Integrator integrator;
  final LoggedChanges logged;

  Contents(int nodeCapacity) {
    this(new CausalHistory(), new OperationLog(), new UnitText(), new SpanTree(nodeCapacity));
  }

  /** Copies contents. O(log operations + spans + text), without walking the history. */
  Contents(Contents other) {
    this(
        new CausalHistory(other.history),
        new OperationLog(other.log),
        new UnitText(other.text),
        new SpanTree(other.tree));
  }

  private Contents(CausalHistory history, OperationLog log, UnitText text, SpanTree tree) {
    this.history = history;
    this.log = log;
    this.text = text;
    this.tree = tree;
    integrator = new Integrator(history, log, tree);
    logged = new LoggedChanges(history, log, text);
  }

  /** Reads the body of a snapshot, shallow or not, into contents of their own. */
  static Contents read(int kind, ByteReader in, Limits limits, int nodeCapacity)
      throws MalformedUpdateException {
    return kind == BinaryFormat.SHALLOW
        ? ShallowReader.read(in, limits, nodeCapacity)
        : SnapshotReader.read(in, limits, nodeCapacity);
  }

  /** Copies the visible text of [start, end). */
  char[] visibleText(int start, int end) {
    return tree.visibleText(start, end, text);
  }

  /** Returns how many code points there are in [start, end), which parts no pair. */
  int codePointCount(int start, int end) {
    int[] count = {end - start};
    tree.forEachVisible(
        start,
        end,
        (unit, units) -> {
          for (int i = unit; i < unit + units; i++) {
            count[0] -= Character.isLowSurrogate(text.charAt(i)) ? 1 : 0;
          }
        });
    return count[0];
  }

  /** Returns the index that lies so many code points behind another. */
  int offsetByCodePoints(int start, int codePoints) {
    int index = start;
    long left = Math.abs((long) codePoints);
    // All of them may be pairs, or none: what is looked at is twice as much at most.
    while (left > 0) {
      int from = codePoints < 0 ? (int) Math.max(0, index - left) : index;
      int to = codePoints < 0 ? index : (int) Math.min(tree.length(), index + left);
      if (from == to) {
        throw new IndexOutOfBoundsException(
            "there are not so many code points, start=" + start + ", codePoints=" + codePoints);
      }
      if (codePoints < 0 && isInsidePair(from)) {
        from--;
      } else if (codePoints > 0 && isInsidePair(to)) {
        to++;
      }
      left -= codePointCount(from, to);
      index = codePoints < 0 ? from : to;
    }
    return index;
  }

  private boolean isInsidePair(int index) {
    return index > 0
        && index < tree.length()
        && Character.isLowSurrogate(visibleText(index, index + 1)[0]);
  }

  /** Returns the index at which an anchor is, empty if its unit is not here. */
  OptionalInt indexOf(Anchor anchor) {
    EventId name = anchor.unit();
    if (name == null) {
      return OptionalInt.of(anchor.bias() == Bias.LEFT ? 0 : tree.length());
    }
    int replica = history.findReplica(name.replica().bits());
    if (replica < 0 || name.sequence() >= history.next(replica)) {
      return OptionalInt.empty();
    }
    int unit = log.unitOfEvent(history.event(replica, (int) name.sequence()));
    if (unit == OperationLog.NONE) {
      // The unit was deleted before the history begins, or no document made the anchor.
      return OptionalInt.empty();
    }
    Place place = tree.newPlace();
    int index = tree.indexOf(unit, place);
    if (!tree.isVisible(unit)) {
      return OptionalInt.of(index);
    }
    // An anchor from outside may name the wrong half of a surrogate pair: it is beside the pair.
    char half = text.charAt(unit);
    if (anchor.bias() == Bias.LEFT) {
      return OptionalInt.of(index + (Character.isHighSurrogate(half) ? 2 : 1));
    }
    return OptionalInt.of(index - (Character.isLowSurrogate(half) ? 1 : 0));
  }

  /** Returns what is held. O(spans). */
  Footprint footprint(long waitingChanges) {
    return new Footprint(
        tree.length(),
        tree.unitCount() - tree.length(),
        tree.spanCount(true),
        tree.spanCount(false),
        log.size(),
        history.runCount(),
        history.replicaCount(),
        waitingChanges,
        text.memoryBytes(),
        tree.memoryBytes() + integrator.memoryBytes(),
        log.memoryBytes() + history.memoryBytes());
  }

  /** Requires that all of a version has been seen. */
  void requireSeen(VersionVector version) {
    for (ReplicaId id : version.replicas()) {
      int replica = history.findReplica(id.bits());
      int seen = replica < 0 ? 0 : history.next(replica);
      if (version.next(id) > seen) {
        throw new IllegalArgumentException(
            "the document has not seen all of the version, replica="
                + id
                + ", next="
                + version.next(id)
                + ", seen="
                + seen);
      }
    }
  }

  /** Returns who wrote the visible units of [start, end) in an order of the units. */
  List<AuthorRun> authors(SpanTree order, int start, int end) {
    List<AuthorRun> runs = new ArrayList<>();
    int[] at = {start};
    order.forEachVisible(
        start,
        end,
        (first, count) -> {
          int unit = first;
          while (unit < first + count) {
            int operation = log.operationOfUnit(unit);
            int event = log.firstEvent(operation) + unit - log.firstUnit(operation);
            int run = history.runAt(event);
            int length =
                Math.min(
                    first + count - unit,
                    Math.min(log.endUnit(operation) - unit, history.runEnd(run) - event));
            addRun(runs, at[0], at[0] + length, history.runReplica(run));
            at[0] += length;
            unit += length;
          }
        });
    return runs;
  }

  private void addRun(List<AuthorRun> runs, int start, int end, int replica) {
    ReplicaId author = new ReplicaId(history.replicaId(replica));
    int last = runs.size() - 1;
    if (last >= 0 && runs.get(last).author().equals(author)) {
      runs.set(last, new AuthorRun(runs.get(last).start(), end, author));
    } else {
      runs.add(new AuthorRun(start, end, author));
    }
  }

  /**
   * Returns the most events that a history can begin behind: within a version, a critical one, and
   * none of them a delete that is taken back later. O(runs + operations), mostly.
   */
  int startWithin(VersionVector stable) {
    int start = CriticalVersion.within(history, stable);
    int first = earliestNeeded(start);
    for (int attempt = 0; attempt < MOST_STARTS && first < start; attempt++) {
      start = CriticalVersion.within(history, history.versionAfter(first));
      first = earliestNeeded(start);
    }
    return first < start ? history.eventsOfBase() : start;
  }

  /** Returns the first event that must not come before a history that begins at an event. */
  private int earliestNeeded(int start) {
    int earliest = logged.partsPair(start) ? start - 1 : start;
    if (start < log.eventCount()) {
      for (int operation = log.operationOfEvent(start); operation < log.size(); operation++) {
        if (log.isRestore(operation)) {
          // A replica's events came in their order, so the first it takes back came first.
          int deleted =
              history.event(log.restoredReplica(operation), log.restoredSequence(operation));
          earliest = Math.min(earliest, deleted);
        }
      }
    }
    return Math.max(earliest, history.eventsOfBase());
  }

  /** Returns the versions that have names. O(names times runs). */
  List<NamedVersion> namedVersions() {
    List<NamedVersion> named = new ArrayList<>();
    for (int operation = 0; operation < log.size(); operation++) {
      if (log.isName(operation)) {
        int event = log.firstEvent(operation);
        ReplicaId author = history.eventId(event).replica();
        named.add(new NamedVersion(log.name(operation), author, history.versionBefore(event)));
      }
    }
    return named;
  }

  /** Checks the invariants of the parts and that they fit each other. */
  void checkInvariants() {
    history.checkInvariants();
    new SpanTreeChecker(tree, log).check();
    check(history.eventCount() == log.eventCount(), "the log and the history differ in length");
    check(log.unitCount() == text.size(), "the log and the text differ in length");
    check(tree.unitCount() == text.size(), "the tree and the text differ in length");
    boolean[] deleted = deletedUnits();
    int[] visible = {0};
    tree.forEachVisible(
        0,
        tree.length(),
        (unit, count) -> {
          for (int i = unit; i < unit + count; i++) {
            check(!deleted[i], "unit " + i + " is deleted and visible");
          }
          visible[0] += count;
        });
    for (boolean gone : deleted) {
      visible[0] += gone ? 1 : 0;
    }
    check(visible[0] == text.size(), "a unit is neither visible nor deleted");
    String all = new String(visibleText(0, tree.length()));
    Utf16.requireWellFormed(all);
  }

  /** Returns which units are deleted, by the definition. */
  private boolean[] deletedUnits() {
    RestoredDeletes restores = new RestoredDeletes(history, log);
    boolean[] restored = new boolean[log.eventCount()];
    for (int operation = 0; operation < log.size(); operation++) {
      if (log.isRestore(operation)) {
        int event = log.firstEvent(operation);
        int count = log.endEvent(operation) - event;
        restores.forEach(
            operation,
            event,
            count,
            (delete, first, stretch) -> Arrays.fill(restored, first, first + stretch, true));
      }
    }
    boolean[] deleted = new boolean[text.size()];
    for (int event = 0; event < restored.length; event++) {
      if (log.isDelete(log.operationOfEvent(event)) && !restored[event]) {
        deleted[restores.unitTouchedBy(event)] = true;
      }
    }
    return deleted;
  }

  static void check(boolean holds, String invariant) {
    if (!holds) {
      throw new AssertionError(invariant);
    }
  }
}
