package dev.weft.crdt;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What every event did: inserts with their origins, deletes with their targets, restores with the
 * deletes that they take back, and names of versions, run-length coded in order of arrival.
 * Append-only but for {@link #rollBack}. Not thread-safe.
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
 *         |      | restore: sequence number  | restore: RESTORE less the replica that
 *         |      |   of the first delete     |   made the deletes
 *         |      | name: its number          | name: NAME
 *         |      | forgotten: NONE           | forgotten: FORGOTTEN
 * </pre>
 *
 * Both first columns ascend, so an operation is found by event or by unit. The second and later
 * units of an insert have the unit before as origin left and share the origin right. A delete's
 * later events delete the units after its target (FORWARD) or before it (BACKWARD); a restore's
 * take back the deletes of the same replica with the next sequence numbers. Of all but inserts,
 * {@code unit} is the number of units inserted before.
 */
final class OperationLog {
  /** No unit: the start of the document as an origin left, its end as an origin right. */
  static final int NONE = -1;

  private static final int FORWARD = -2;
  private static final int BACKWARD = -3;
  // And below it.
  private static final int RESTORE = -4;
  private static final int NAME = Integer.MIN_VALUE;
  private static final int FORGOTTEN = NAME + 1;
  private static final int FIRST_BLOCK_BITS = 5;
  private static final int BLOCKS_FREE = 1 << 14;
  private static final int FEW_OPERATIONS = 32;

  // The columns of an operation.
  private static final int EVENT = 0;
  private static final int UNIT = 1;
  private static final int LEFT = 2;
  private static final int RIGHT = 3;

  private final IntRows operations;
  // By block of events: the operation of its first. A block has 32 events at first, and twice as
  // many whenever there would be far more blocks than operations: a few bytes can delete much.
  private IntColumn blocks;
  private final List<String> names;
  private @Nullable HistoryBase base;
  private int operationsOfBase;
  // By operation behind those of the base: see gapBehind.
  private IntColumn gaps = new IntColumn();
  private int blockBits;
  private int eventCount;
  private int unitCount;
  // The operation found last: what is looked for next is mostly near.
  private int nearUnit;

  OperationLog() {
    operations = new IntRows();
    blocks = new IntColumn();
    names = new ArrayList<>();
    blockBits = FIRST_BLOCK_BITS;
  }

  OperationLog(OperationLog other) {
    operations = new IntRows(other.operations);
    blocks = new IntColumn(other.blocks);
    names = new ArrayList<>(other.names);
    base = other.base;
    operationsOfBase = other.operationsOfBase;
    gaps = new IntColumn(other.gaps);
    blockBits = other.blockBits;
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
    return operations.size();
  }

  /** Appends the insertion of {@code count} units. */
  void appendInsert(int originLeft, int originRight, int count) {
    boolean continues = originLeft == unitCount - 1 && lastIsInsert(originRight);
    if (!continues) {
      add(originLeft, originRight);
    }
    unitCount += count;
    addEvents(count);
  }

  private boolean lastIsInsert(int originRight) {
    int last = operations.size() - 1;
    return last >= operationsOfBase && operations.get(last, RIGHT) == originRight;
  }

  /** Appends the deletion of {@code count} units from {@code target} upwards. */
  void appendForwardDelete(int target, int count) {
    int last = operations.size() - 1;
    boolean continues =
        last >= 0
            && operations.get(last, RIGHT) == FORWARD
            && operations.get(last, LEFT) + eventCount - operations.get(last, EVENT) == target;
    if (!continues) {
      if (count == 1) {
        appendBackwardDelete(target, 1);
        return;
      }
      add(target, FORWARD);
    }
    addEvents(count);
  }

  /** Appends the deletion of {@code count} units from {@code target} downwards. */
  void appendBackwardDelete(int target, int count) {
    int last = operations.size() - 1;
    boolean continues = false;
    if (last >= 0 && isDelete(last)) {
      int length = eventCount - operations.get(last, EVENT);
      // A single deletion has no direction yet.
      boolean turns = operations.get(last, RIGHT) == BACKWARD || length == 1;
      continues = turns && operations.get(last, LEFT) - length == target;
      if (continues) {
        operations.set(last, RIGHT, BACKWARD);
      }
    }
    if (!continues) {
      add(target, count == 1 ? FORWARD : BACKWARD);
    }
    addEvents(count);
  }

  /** Appends the restore of what a replica deleted by events with sequence numbers in a row. */
  void appendRestore(int replica, int sequence, int count) {
    int last = operations.size() - 1;
    boolean continues =
        last >= 0
            && operations.get(last, RIGHT) == RESTORE - replica
            && operations.get(last, LEFT) + eventCount - operations.get(last, EVENT) == sequence;
    if (!continues) {
      add(sequence, RESTORE - replica);
    }
    addEvents(count);
  }

  /** Appends the naming of a version. */
  void appendName(String name) {
    add(names.size(), NAME);
    names.add(name);
    addEvents(1);
  }

  /** Appends events of which it is only known that they were. */
  void appendForgotten(int count) {
    if (count > 0) {
      add(NONE, FORGOTTEN);
      addEvents(count);
    }
  }

  /** Says that all so far is what the document's history begins with. */
  void begin(HistoryBase newBase) {
    base = newBase;
    operationsOfBase = operations.size();
  }

  private void add(int left, int right) {
    if (base != null) {
      gaps.add(right >= NONE ? gapBehind(left) : NONE);
    }
    operations.add(eventCount, unitCount, left, right);
  }

  /** Counts events of the last operation. */
  private void addEvents(int count) {
    eventCount += count;
    if (lastBlock(blockBits) >= blocks.size()) {
      addBlocks();
    }
  }

  private int lastBlock(int bits) {
    return (eventCount - 1) >>> bits;
  }

  private void addBlocks() {
    int most = operations.size() + BLOCKS_FREE;
    int bits = blockBits;
    while (lastBlock(bits) >= most) {
      bits++;
    }
    if (bits > blockBits) {
      blocks = blocks.every(1 << (bits - blockBits));
      blockBits = bits;
    }
    while (blocks.size() <= lastBlock(blockBits)) {
      blocks.add(operations.size() - 1);
    }
  }

  /** Returns the operation of an event. O(log operations of its block), of 32 events mostly. */
  int operationOfEvent(int event) {
    int block = event >>> blockBits;
    int low = blocks.get(block);
    int high = block + 1 < blocks.size() ? blocks.get(block + 1) : operations.size() - 1;
    while (high - low > FEW_OPERATIONS) {
      int mid = (low + high + 1) >>> 1;
      if (operations.get(mid, EVENT) <= event) {
        low = mid;
      } else {
        high = mid - 1;
      }
    }
    // One after the other, which a processor foresees.
    while (low < high && operations.get(low + 1, EVENT) <= event) {
      low++;
    }
    return low;
  }

  /** Returns the operation that inserted a unit. O(log distance) from the one found before. */
  int operationOfUnit(int unit) {
    // Of the operations at one unit number the last is the insert: deletes before it count the
    // same units.
    nearUnit = operations.floor(UNIT, unit, nearUnit);
    return nearUnit;
  }

  int firstEvent(int operation) {
    return operations.get(operation, EVENT);
  }

  int endEvent(int operation) {
    return operation + 1 == operations.size() ? eventCount : operations.get(operation + 1, EVENT);
  }

  int firstUnit(int operation) {
    return operations.get(operation, UNIT);
  }

  int endUnit(int operation) {
    return operation + 1 == operations.size() ? unitCount : operations.get(operation + 1, UNIT);
  }

  boolean isInsert(int operation) {
    return operations.get(operation, RIGHT) >= NONE;
  }

  boolean isDelete(int operation) {
    int right = operations.get(operation, RIGHT);
    return right == FORWARD || right == BACKWARD;
  }

  boolean isRestore(int operation) {
    int right = operations.get(operation, RIGHT);
    return right <= RESTORE && right > FORGOTTEN;
  }

  /** Returns whether an operation, which is of one event, names a version. */
  boolean isName(int operation) {
    return operations.get(operation, RIGHT) == NAME;
  }

  /** Returns the name that an operation gives. */
  String name(int operation) {
    return names.get(operations.get(operation, LEFT));
  }

  /** Returns how many names were given. */
  int nameCount() {
    return names.size();
  }

  /** Returns whether of an operation's events it is only known that they were. */
  boolean isForgotten(int operation) {
    return operations.get(operation, RIGHT) == FORGOTTEN;
  }

  /** Returns what the history begins with, null if with nothing. */
  @Nullable HistoryBase base() {
    return base;
  }

  /**
   * Returns to which gap of the base a unit belongs that is inserted behind {@code left}: the unit
   * of the base behind the gap, {@link #NONE} at the end. Only where there is a base.
   */
  int gapBehind(int left) {
    HistoryBase of = Objects.requireNonNull(base);
    return left < of.unitCount()
        ? of.unitBehind(left)
        : gaps.get(operationOfUnit(left) - operationsOfBase);
  }

  /** Returns how many units were inserted by the events below one. */
  int unitsBefore(int event) {
    if (event == eventCount) {
      return unitCount;
    }
    int operation = operationOfEvent(event);
    return isInsert(operation)
        ? firstUnit(operation) + event - firstEvent(operation)
        : firstUnit(operation);
  }

  boolean isBackward(int operation) {
    return operations.get(operation, RIGHT) == BACKWARD;
  }

  /** Returns the unit that a delete's first event deleted. */
  int target(int operation) {
    return operations.get(operation, LEFT);
  }

  /** Returns the lowest unit that {@code count} events of a delete, from an event on, deleted. */
  int lowestTarget(int operation, int event, int count) {
    int offset = event - operations.get(operation, EVENT);
    int target = operations.get(operation, LEFT);
    return isBackward(operation) ? target - offset - count + 1 : target + offset;
  }

  /** Returns the sequence number of the delete that a restore's first event takes back. */
  int restoredSequence(int operation) {
    return operations.get(operation, LEFT);
  }

  /** Returns the replica that made the deletes that a restore takes back. */
  int restoredReplica(int operation) {
    return RESTORE - operations.get(operation, RIGHT);
  }

  int originRight(int operation) {
    return operations.get(operation, RIGHT);
  }

  /** Returns the origin left of a unit that {@code operation} inserted. */
  int originLeft(int operation, int unit) {
    return unit == operations.get(operation, UNIT) ? operations.get(operation, LEFT) : unit - 1;
  }

  /** Returns the event that inserted a unit. O(log distance) from the one found before. */
  int eventOfUnit(int unit) {
    int operation = operationOfUnit(unit);
    return operations.get(operation, EVENT) + unit - operations.get(operation, UNIT);
  }

  /** Returns the unit that an event inserted, {@link #NONE} if it inserted none. */
  int unitOfEvent(int event) {
    int operation = operationOfEvent(event);
    return isInsert(operation)
        ? operations.get(operation, UNIT) + event - operations.get(operation, EVENT)
        : NONE;
  }

  /**
   * Returns whether all of {@code count} events from {@code event} on inserted units, which have
   * consecutive numbers then.
   */
  boolean isAllInserted(int event, int count) {
    int first = unitOfEvent(event);
    int last = unitOfEvent(event + count - 1);
    return first != NONE && last != NONE && last - first == count - 1;
  }

  /** Returns how many bytes of memory this takes, about. */
  long memoryBytes() {
    long bytes = operations.memoryBytes() + blocks.memoryBytes();
    return base == null ? bytes : bytes + base.memoryBytes() + gaps.memoryBytes();
  }

  /** Remembers this log's length, to return to it with {@link #rollBack}. */
  Mark mark() {
    int size = operations.size();
    int lastRight = size == 0 ? NONE : operations.get(size - 1, RIGHT);
    return new Mark(eventCount, unitCount, size, lastRight, names.size());
  }

  /** Forgets everything that was appended since the mark. */
  void rollBack(Mark mark) {
    operations.truncate(mark.size);
    eventCount = mark.eventCount;
    unitCount = mark.unitCount;
    blocks.truncate(eventCount == 0 ? 0 : lastBlock(blockBits) + 1);
    names.subList(mark.nameCount, names.size()).clear();
    if (base != null) {
      gaps.truncate(mark.size - operationsOfBase);
    }
    if (mark.size > 0) {
      // The direction of a single deletion may have been settled since.
      operations.set(mark.size - 1, RIGHT, mark.lastRight);
    }
  }

  record Mark(int eventCount, int unitCount, int size, int lastRight, int nameCount) {}
}
