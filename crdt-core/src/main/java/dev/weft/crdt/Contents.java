package dev.weft.crdt;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * What a document holds, part by part: who did what ({@link CausalHistory}), what it was ({@link
 * OperationLog}), the characters ({@link UnitText}) and their order ({@link SpanTree}). Not
 * thread-safe.
 */
final class Contents {
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

  /** Copies the visible text of [start, end). */
  char[] visibleText(int start, int end) {
    return tree.visibleText(start, end, text);
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
      // No document made it: what was inserted stays so.
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
    boolean[] restored = new boolean[log.eventCount()];
    for (int operation = 0; operation < log.size(); operation++) {
      if (log.isRestore(operation)) {
        int first = log.restoredEvent(operation);
        int count = log.endEvent(operation) - log.firstEvent(operation);
        Arrays.fill(restored, first, first + count, true);
      }
    }
    boolean[] deleted = new boolean[text.size()];
    for (int event = 0; event < restored.length; event++) {
      if (log.isDelete(log.operationOfEvent(event)) && !restored[event]) {
        deleted[log.unitTouchedBy(event)] = true;
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
