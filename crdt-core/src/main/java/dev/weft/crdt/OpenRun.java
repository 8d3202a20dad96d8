package dev.weft.crdt;

import java.util.ConcurrentModificationException;

/**
 * What the local author is about: a run of typing, or of deleting unit by unit, that the contents
 * of a document do not have yet but for its text. So a key that goes on with the run changes a
 * counter, and the order, the log and the history are brought up to date once for all of it. Not
 * thread-safe.
 *
 * <p>The run is one operation of the log, at one place of the order:
 *
 * <pre>
 *   TYPED       units    [log's .. text's)  behind the cursor, from left to right
 *   DELETED     units    [lowest .. end)    of one visible span, from {@code target} on
 *                                           all upwards (the delete key) or all downwards
 *                                           (the backspace key)
 * </pre>
 *
 * <p>Who holds an open run holds the contents through it: {@link #settled} is the only way to them,
 * so nobody can read what the run has left behind.
 */
final class OpenRun {
  private enum Kind {
    NONE,
    TYPED,
    DELETED
  }

  private final Contents contents;
  private final UnitText text;
  private final SpanTree tree;
  private final LocalCursor cursor;
  private final long replicaId;
  // The replica's number in the history, -1 as long as it is not there.
  private int replica = -1;

  private Kind kind = Kind.NONE;
  // How many events it has; if any, what the text's length is with them, and how many all are.
  private int count;
  private int length;
  private int eventCount;
  // The visible index at which the run goes on.
  private int caret;
  // Of a deletion: its first unit, and how many more of its span are below and from it on.
  private int target;
  private int roomBelow;
  private int roomFrom;
  private boolean backward;

  OpenRun(Contents contents, ReplicaId replica) {
    this.contents = contents;
    text = contents.text;
    tree = contents.tree;
    cursor = new LocalCursor(tree);
    replicaId = replica.bits();
  }

  /** Ends the run, and returns the contents with all of it. */
  Contents settled() {
    if (count > 0) {
      settle();
    }
    return contents;
  }

  /** Returns the length of the text, with what the run did. */
  int length() {
    return count == 0 ? tree.length() : length;
  }

  /** Returns the number of events, with those of the run. */
  int eventCount() {
    return count == 0 ? contents.history.eventCount() : eventCount;
  }

  /**
   * Requires that there are as many events as before what was called meanwhile.
   *
   * @throws ConcurrentModificationException if there are more
   */
  void requireUnchanged(int events) {
    if (eventCount() != events) {
      throw new ConcurrentModificationException(
          "the document was changed by whoever it was being told to");
    }
  }

  /** Returns the next sequence number of the replica, with those of the run. */
  int nextSequence() {
    if (replica < 0) {
      replica = contents.history.findReplica(replicaId);
    }
    return (replica < 0 ? 0 : contents.history.next(replica)) + count;
  }

  /** Returns the visible unit at an index. */
  char charAt(int index) {
    return text.charAt(unitAt(index));
  }

  /** Returns how many replicas there are once this one has written. */
  int replicaCount() {
    if (replica < 0) {
      replica = contents.history.findReplica(replicaId);
    }
    return contents.history.replicaCount() + (replica < 0 ? 1 : 0);
  }

  /** Returns how many runs the history has, without this one. */
  int runCount() {
    return contents.history.runCount();
  }

  /** Returns whether the history has {@code most} runs at most with the next edit. */
  boolean hasRoomForRun(int most) {
    CausalHistory history = contents.history;
    return history.runCount() < most || count > 0 || !history.startsLocalRun(replica);
  }

  /** Returns whether so many inserts and turns of parts of spans are sure to find room. */
  boolean hasRoomFor(long steps) {
    return tree.hasRoomFor(steps + 1);
  }

  /** Returns the number of the visible unit at an index. */
  int unitAt(int index) {
    seek(index + 1);
    return cursor.unitBefore();
  }

  /** Returns whether an index is not inside a surrogate pair. */
  boolean isBetweenPairs(int index) {
    if (!text.hasSurrogates() || (index == caret && count > 0)) {
      return true;
    }
    // What the run deletes next is of one span with it, and so are both halves of a pair.
    if (index == caret - 1 && mayGoOnBelow()) {
      return !Character.isLowSurrogate(text.charAt(target - count));
    }
    if (index == caret + 1 && mayGoOnAbove()) {
      return !Character.isHighSurrogate(text.charAt(target + count));
    }
    seek(index);
    int before = cursor.unitBefore();
    return before == SpanTree.NONE || !Character.isHighSurrogate(text.charAt(before));
  }

  private void seek(int index) {
    settled();
    cursor.seek(index);
  }

  // --- Typing ---

  /** Inserts text, of at least one unit, and returns the number of its first. */
  int type(int index, String inserted) {
    if (kind != Kind.TYPED || index != caret) {
      begin(Kind.TYPED, index);
    }
    int unit = text.size();
    text.append(inserted);
    int more = inserted.length();
    count += more;
    length += more;
    eventCount += more;
    caret = index + more;
    return unit;
  }

  private void begin(Kind newKind, int index) {
    seek(index);
    kind = newKind;
    length = tree.length();
    eventCount = contents.history.eventCount();
  }

  // --- Deleting ---

  /** Deletes the visible units of [start, end), of which there is one at least. */
  void delete(int start, int end) {
    if (end - start > 1) {
      seek(start);
      deleteSpans(end - start);
    } else {
      if (!goesOnAt(start)) {
        begin(Kind.DELETED, start);
        lookAhead();
      }
      count++;
      length--;
      eventCount++;
      caret = start;
    }
  }

  private void deleteSpans(int length) {
    int left = length;
    while (left > 0) {
      cursor.lookAhead();
      int deleted = Math.min(left, cursor.leftInSpan());
      contents.log.appendForwardDelete(cursor.unitAhead(), deleted);
      cursor.deleteAhead(deleted);
      left -= deleted;
    }
    contents.history.appendLocal(replica(), length);
  }

  private void lookAhead() {
    cursor.lookAhead();
    target = cursor.unitAhead();
    roomBelow = cursor.passedInSpan();
    roomFrom = cursor.leftInSpan();
    backward = false;
  }

  /** Turns towards the unit at an index, if it is the run's next one on either side. */
  private boolean goesOnAt(int index) {
    if (index == caret && mayGoOnAbove()) {
      backward = false;
      return true;
    }
    if (index == caret - 1 && mayGoOnBelow()) {
      backward = true;
      return true;
    }
    return false;
  }

  private boolean mayGoOnAbove() {
    return kind == Kind.DELETED && count < roomFrom && (!backward || count == 1);
  }

  private boolean mayGoOnBelow() {
    return kind == Kind.DELETED && count <= roomBelow && (backward || count == 1);
  }

  // --- By unit and by event ---

  /** Deletes units, which must be visible. */
  void deleteUnits(int unit, int count, EditRecorder recorder) {
    int event = settled().log.eventCount();
    contents.log.appendForwardDelete(unit, count);
    integrate(event, count, recorder);
  }

  /** Restores what {@code count} delete events, from one on, deleted. */
  void restore(int deleteEvent, int count, EditRecorder recorder) {
    int event = settled().log.eventCount();
    CausalHistory history = contents.history;
    int end = deleteEvent + count;
    int from = deleteEvent;
    while (from < end) {
      int run = history.runAt(from);
      int stop = Math.min(end, history.runEnd(run));
      int sequence = history.sequenceOf(from, run);
      contents.log.appendRestore(history.runReplica(run), sequence, stop - from);
      from = stop;
    }
    integrate(event, count, recorder);
  }

  /** Names the version before. */
  void name(String name) {
    settled().log.appendName(name);
    contents.history.appendLocal(replica(), 1);
  }

  private void integrate(int event, int count, EditRecorder recorder) {
    contents.history.appendLocal(replica(), count);
    contents.integrator.integrate(event, event + count, recorder);
  }

  // --- Settling ---

  private void settle() {
    if (kind == Kind.TYPED) {
      contents.log.appendInsert(cursor.unitBefore(), cursor.unitAfter(), count);
      cursor.insert(count);
    } else {
      if (backward) {
        cursor.seek(caret);
        cursor.lookAhead();
      }
      cursor.deleteAhead(count);
      logDeletion();
    }
    contents.history.appendLocal(replica(), count);
    kind = Kind.NONE;
    count = 0;
  }

  private void logDeletion() {
    if (backward) {
      contents.log.appendBackwardDelete(target, count);
    } else {
      contents.log.appendForwardDelete(target, count);
    }
  }

  private int replica() {
    if (replica < 0) {
      replica = contents.history.findOrAddReplica(replicaId);
    }
    return replica;
  }
}
