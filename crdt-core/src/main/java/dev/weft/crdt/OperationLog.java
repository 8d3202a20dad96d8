package dev.weft.crdt;

/**
 * What every event did: inserts with their origins and deletes with their targets, run-length coded
 * in order of arrival. Append-only but for {@link #rollBack}. Not thread-safe.
 *
 * <p>Inserted units are numbered in order of arrival as events are; a <i>unit number</i> is this
 * document's own short name of an inserted UTF-16 unit. An operation is four ints:
 *
 * <pre>
 *   event | unit | left                      | right
 *   ------+------+---------------------------+--------------------------------------------
 *   first | first| insert: origin left unit, | insert: origin right unit, NONE at the end
 *   event | unit |   NONE at the start       | delete: FORWARD or BACKWARD
 *         |      | delete: first target unit |
 * </pre>
 *
 * Both first columns ascend, so an operation is found by event or by unit. The second and later
 * units of an insert have the unit before as origin left and share the origin right. A delete's
 * later events delete the units after its target (FORWARD) or before it (BACKWARD); {@code unit} is
 * the number of units inserted before it.
 */
final class OperationLog {
  /** No unit: the start of the document as an origin left, its end as an origin right. */
  static final int NONE = -1;

  private static final int FORWARD = -2;
  private static final int BACKWARD = -3;

  private final IntColumn events;
  private final IntColumn units;
  private final IntColumn lefts;
  private final IntColumn rights;
  private int eventCount;
  private int unitCount;
  // The operations found last: what is looked for next is mostly near.
  private int nearEvent;
  private int nearUnit;

  OperationLog() {
    events = new IntColumn();
    units = new IntColumn();
    lefts = new IntColumn();
    rights = new IntColumn();
  }

  OperationLog(OperationLog other) {
    events = new IntColumn(other.events);
    units = new IntColumn(other.units);
    lefts = new IntColumn(other.lefts);
    rights = new IntColumn(other.rights);
    eventCount = other.eventCount;
    unitCount = other.unitCount;
  }

  int eventCount() {
    return eventCount;
  }

  int unitCount() {
    return unitCount;
  }

  int size() {
    return events.size();
  }

  /** Appends the insertion of {@code count} units. */
  void appendInsert(int originLeft, int originRight, int count) {
    boolean continues = originLeft == unitCount - 1 && lastIsInsert(originRight);
    if (!continues) {
      add(originLeft, originRight);
    }
    eventCount += count;
    unitCount += count;
  }

  private boolean lastIsInsert(int originRight) {
    int last = events.size() - 1;
    return last >= 0 && rights.get(last) == originRight;
  }

  /** Appends the deletion of {@code count} units from {@code target} upwards. */
  void appendForwardDelete(int target, int count) {
    int last = events.size() - 1;
    boolean continues =
        last >= 0
            && rights.get(last) == FORWARD
            && lefts.get(last) + eventCount - events.get(last) == target;
    if (!continues) {
      if (count == 1) {
        appendBackwardDelete(target, 1);
        return;
      }
      add(target, FORWARD);
    }
    eventCount += count;
  }

  /** Appends the deletion of {@code count} units from {@code target} downwards. */
  void appendBackwardDelete(int target, int count) {
    int last = events.size() - 1;
    boolean continues = false;
    if (last >= 0 && isDelete(last)) {
      int length = eventCount - events.get(last);
      // A single deletion has no direction yet.
      boolean turns = rights.get(last) == BACKWARD || length == 1;
      continues = turns && lefts.get(last) - length == target;
      if (continues) {
        rights.set(last, BACKWARD);
      }
    }
    if (!continues) {
      add(target, count == 1 ? FORWARD : BACKWARD);
    }
    eventCount += count;
  }

  private void add(int left, int right) {
    events.add(eventCount);
    units.add(unitCount);
    lefts.add(left);
    rights.add(right);
  }

  /** Returns the operation of an event. O(log distance) from the one found before. */
  int operationOfEvent(int event) {
    int last = events.size() - 1;
    if (events.get(last) <= event) {
      return last;
    }
    nearEvent = events.floor(event, nearEvent);
    return nearEvent;
  }

  /** Returns the operation that inserted a unit. O(log distance) from the one found before. */
  int operationOfUnit(int unit) {
    // Of the operations at one unit number the last is the insert: deletes before it count the
    // same units.
    nearUnit = units.floor(unit, nearUnit);
    return nearUnit;
  }

  int firstEvent(int operation) {
    return events.get(operation);
  }

  int endEvent(int operation) {
    return operation + 1 == events.size() ? eventCount : events.get(operation + 1);
  }

  int firstUnit(int operation) {
    return units.get(operation);
  }

  int endUnit(int operation) {
    return operation + 1 == events.size() ? unitCount : units.get(operation + 1);
  }

  boolean isDelete(int operation) {
    return rights.get(operation) <= FORWARD;
  }

  boolean isBackward(int operation) {
    return rights.get(operation) == BACKWARD;
  }

  /** Returns the unit that an operation's first event deleted. */
  int target(int operation) {
    return lefts.get(operation);
  }

  int originRight(int operation) {
    return rights.get(operation);
  }

  /** Returns the origin left of a unit that {@code operation} inserted. */
  int originLeft(int operation, int unit) {
    return unit == units.get(operation) ? lefts.get(operation) : unit - 1;
  }

  /** Returns the event that inserted a unit. O(log operations). */
  int eventOfUnit(int unit) {
    int operation = operationOfUnit(unit);
    return events.get(operation) + unit - units.get(operation);
  }

  /**
   * Returns the unit that an event inserted, {@link #NONE} if it deleted one. O(log operations).
   */
  int unitOfEvent(int event) {
    int operation = operationOfEvent(event);
    return isDelete(operation) ? NONE : units.get(operation) + event - events.get(operation);
  }

  /**
   * Returns whether all of {@code count} events from {@code event} on inserted units, which have
   * consecutive numbers then. O(log operations).
   */
  boolean isAllInserted(int event, int count) {
    int first = unitOfEvent(event);
    int last = unitOfEvent(event + count - 1);
    return first != NONE && last != NONE && last - first == count - 1;
  }

  /** Remembers this log's length, to return to it with {@link #rollBack}. */
  Mark mark() {
    int size = events.size();
    return new Mark(eventCount, unitCount, size, size == 0 ? NONE : rights.get(size - 1));
  }

  /** Forgets everything that was appended since the mark. */
  void rollBack(Mark mark) {
    events.truncate(mark.size);
    units.truncate(mark.size);
    lefts.truncate(mark.size);
    rights.truncate(mark.size);
    eventCount = mark.eventCount;
    unitCount = mark.unitCount;
    if (mark.size > 0) {
      // The direction of a single deletion may have been settled since.
      rights.set(mark.size - 1, mark.lastRight);
    }
  }

  record Mark(int eventCount, int unitCount, int size, int lastRight) {}
}
