package dev.weft.crdt;

import java.util.ArrayList;
import java.util.List;

/**
 * Where each replica's caret stands while a history is carried out again: behind the unit that its
 * last operation touched. Not thread-safe.
 */
final class HistoryCarets {
  private static final class Caret {
    private final HistoryModel.Habit habit = new HistoryModel.Habit();
    private int unit = OperationLog.NONE;
    private int runLength;
    private int eventCount;
  }

  // By replica, in the order in which they first come.
  private final List<Caret> all = new ArrayList<>();
  private Caret caret = new Caret();
  private int replica = -1;
  private int index;

  /** Returns how many replicas have had a run. They have the numbers below. */
  int size() {
    return all.size();
  }

  /** Returns the replica of the last run, -1 before the first. */
  int current() {
    return replica;
  }

  /** Begins a run of a replica, one that is known or the next that is not. */
  void enter(int newReplica, SpanTree tree, Place scratch) {
    if (newReplica == all.size()) {
      all.add(new Caret());
    }
    replica = newReplica;
    caret = all.get(newReplica);
    set(caret.unit, tree, scratch);
  }

  HistoryModel.Habit habit() {
    return caret.habit;
  }

  /** Returns the length of the replica's run before this one, 0 if there was none. */
  int runLength() {
    return caret.runLength;
  }

  void setRunLength(int length) {
    caret.runLength = length;
    caret.eventCount += length;
  }

  /** Returns how many events the runs of a replica have, this one and those before. */
  int eventCount(int ofReplica) {
    return all.get(ofReplica).eventCount;
  }

  /** Returns the unit behind which the caret stands, deleted or not. */
  int unit() {
    return caret.unit;
  }

  /** Returns how many visible units stand before the caret. */
  int index() {
    return index;
  }

  /** Moves the caret behind a unit. */
  void set(int unit, SpanTree tree, Place scratch) {
    tree.placeBehind(unit, scratch);
    set(unit, tree.indexOf(scratch));
  }

  /** Moves the caret behind the one of two units that has the higher number. */
  void setBehindHigher(int a, int b, SpanTree tree, Place scratch) {
    set(Math.max(a, b), tree, scratch);
  }

  /** Moves the caret behind a unit of which the index is known. */
  void set(int unit, int knownIndex) {
    caret.unit = unit;
    index = knownIndex;
  }
}
