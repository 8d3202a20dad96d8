package dev.weft.crdt;

import org.jspecify.annotations.Nullable;

/**
 * What the document's own author does to it: each edit checked before anything is changed, and part
 * of a transaction. Not thread-safe.
 */
final class LocalEdits {
  // An insert, and the parting of the spans at both ends of a deletion.
  private static final int MOST_STEPS_OF_EDIT = 3;

  // No event takes more than an edit does. So many are not checked one by one.
  private static final int SURE_EVENTS = 1 << 10;

  private final OpenRun openRun;
  private final EditRecorder recorder;
  private final Transactions transactions;
  private final ReplicaId replica;
  private final Limits limits;
  // Up to so many events there is room for certain, whoever makes them.
  private int sureUpTo;

  LocalEdits(OpenRun openRun, EditRecorder recorder, ReplicaId replica, Limits limits) {
    this.openRun = openRun;
    this.recorder = recorder;
    this.replica = replica;
    this.limits = limits;
    transactions = new Transactions(openRun, recorder);
  }

  Transactions transactions() {
    return transactions;
  }

  /** See {@link TextDocument#insert}. */
  void insert(int index, CharSequence inserted) {
    String added = inserted.toString();
    transactions.requireIdle();
    requireRange(index, index);
    Utf16.requireWellFormed(added);
    requireRoom(added.length());
    requireBetweenPairs(index);
    if (added.isEmpty()) {
      return;
    }
    if (transactions.isUnobserved()) {
      insertHere(index, added);
      return;
    }
    transactions.begin(null);
    try {
      insertHere(index, added);
    } finally {
      transactions.end();
    }
  }

  /** See {@link TextDocument#replace}. */
  void replace(int start, int end, CharSequence inserted) {
    String added = inserted.toString();
    transactions.requireIdle();
    requireRange(start, end);
    Utf16.requireWellFormed(added);
    requireRoom((long) end - start + added.length());
    requireBetweenPairs(end);
    requireBetweenPairs(start);
    if (start == end && added.isEmpty()) {
      return;
    }
    if (transactions.isUnobserved()) {
      replaceHere(start, end, added);
      return;
    }
    transactions.begin(null);
    try {
      replaceHere(start, end, added);
    } finally {
      transactions.end();
    }
  }

  private void replaceHere(int start, int end, String added) {
    if (start < end) {
      deleteHere(start, end);
    }
    if (!added.isEmpty()) {
      insertHere(start, added);
    }
  }

  /** See {@link TextDocument#transact(Object, Runnable)}. */
  void transact(@Nullable Object source, Runnable edits) {
    transactions.requireIdle();
    transactions.begin(source);
    try {
      edits.run();
    } catch (Throwable e) {
      transactions.endAfter(e);
      throw e;
    }
    transactions.end();
  }

  private void insertHere(int index, String inserted) {
    int unit = openRun.type(index, inserted);
    if (recorder.isOn()) {
      recorder.inserted(index, unit, inserted.length());
    }
  }

  private void deleteHere(int start, int end) {
    openRun.delete(start, end);
    if (recorder.isOn()) {
      recorder.deleted(start, end - start);
    }
  }

  /**
   * What taking events back did: the replica's events of [start, end), whether they changed the
   * text, where a caret is that did, and what an observer threw.
   */
  record TakenBack(
      long start, long end, boolean changed, int caret, @Nullable RuntimeException thrown) {}

  /**
   * Takes this replica's events of some ranges back, the last first.
   *
   * @param ranges the starts and ends of {@code size} / 2 ranges, ascending
   */
  TakenBack takeBack(long[] ranges, int size, Object source) {
    long events = 0;
    for (int i = 0; i < size; i += 2) {
      events += ranges[i + 1] - ranges[i];
    }
    requireRoom(events);
    int start = openRun.nextSequence();
    transactions.begin(source);
    boolean changed;
    int caret;
    try {
      recorder.turn(true);
      new Inversion(openRun, replica, recorder, ranges, size).carryOut();
      changed = recorder.hasEdits();
      caret = recorder.caret();
    } catch (Throwable e) {
      transactions.endAfter(e);
      throw e;
    }
    long end = openRun.nextSequence();
    @Nullable RuntimeException thrown = null;
    try {
      transactions.end();
    } catch (RuntimeException e) {
      thrown = e;
    }
    return new TakenBack(start, end, changed, caret, thrown);
  }

  /** See {@link TextDocument#revertTo}. */
  void revertTo(VersionVector version) {
    transactions.requireIdle();
    Reversion reversion = new Reversion(openRun, version);
    requireRoom(reversion.eventCount());
    transactions.begin(null);
    try {
      reversion.carryOut(recorder);
    } finally {
      transactions.end();
    }
  }

  /** See {@link TextDocument#nameVersion}. */
  void nameVersion(String name) {
    transactions.requireIdle();
    NamedVersion.requireName(name);
    requireRoom(1);
    openRun.name(name);
  }

  /** See {@link TextDocument#rebase}. */
  VersionVector rebase(Contents other) {
    transactions.requireIdle();
    Rebase rebase = new Rebase(openRun, other);
    requireRoom(rebase.eventCount());
    transactions.begin(null);
    try {
      rebase.carryOut(this, recorder);
    } finally {
      transactions.end();
    }
    return rebase.common();
  }

  // --- What is required of an edit ---

  void requireRange(int start, int end) {
    if (start < 0 || end < start || end > openRun.length()) {
      String range = start == end ? "index=" + start : "start=" + start + ", end=" + end;
      throw new IndexOutOfBoundsException(
          "must be within the text, " + range + ", length=" + openRun.length());
    }
  }

  void requireBetweenPairs(int index) {
    if (!openRun.isBetweenPairs(index)) {
      throw new IllegalArgumentException("must not be inside a surrogate pair, index=" + index);
    }
  }

  /** Requires that an edit is within the limits, so that others with the same limits take it in. */
  private void requireRoom(long events) {
    if (events > sureUpTo - openRun.eventCount()) {
      checkRoom(events);
      boolean isFarFromFull =
          openRun.replicaCount() < limits.maxReplicas() - SURE_EVENTS
              && openRun.runCount() < limits.maxRuns() - SURE_EVENTS
              && openRun.hasRoomFor((long) MOST_STEPS_OF_EDIT * SURE_EVENTS);
      if (isFarFromFull) {
        sureUpTo = Math.min(limits.maxUnits(), openRun.eventCount() + SURE_EVENTS);
      }
    }
  }

  private void checkRoom(long events) {
    if (events > limits.maxUnits() - openRun.eventCount()) {
      throw full(
          "units inserted, deleted or restored",
          openRun.eventCount(),
          limits.maxUnits() + " (maxUnits), more=" + events);
    }
    if (openRun.replicaCount() > limits.maxReplicas()) {
      throw full(
          "writers before this one", limits.maxReplicas(), limits.maxReplicas() + " (maxReplicas)");
    }
    if (!openRun.hasRoomForRun(limits.maxRuns())) {
      throw full("runs", limits.maxRuns(), limits.maxRuns() + " (maxRuns)");
    }
    if (!openRun.hasRoomFor(MOST_STEPS_OF_EDIT)) {
      throw full("spans", LeafIndex.MAX_LEAVES, "no more");
    }
  }

  private static IllegalArgumentException full(String what, int used, String most) {
    return new IllegalArgumentException(
        "the document is full: it has " + used + " " + what + " and may have " + most);
  }
}
