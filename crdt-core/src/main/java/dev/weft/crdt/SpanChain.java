package dev.weft.crdt;

import java.util.Arrays;

/**
 * The spans of a long history, built at once: a chain in document order that knows no indexes, so a
 * step costs less than one in a {@link SpanTree}, which is made of the chain in the end. Not
 * thread-safe.
 *
 * <p>Spans are as those of the tree, but deletions part none: what is deleted is a set of units
 * until the end. A span is found by any of its units: for each 32 units the chain remembers where
 * their first one stands, and spans are chained by unit number as well.
 *
 * <pre>
 *   units 0 1 2 3 4 5 | 6 7         6 and 7 were typed between 1 and 2
 *
 *   in document order   [0 1] - [6 7] - [2 3 4 5]
 *   by unit number      [0 1] - [2 3 4 5] - [6 7]
 * </pre>
 *
 * <p>Where others typed at the same place its siblings are walked over, which takes as long as
 * there is text between. So there is a bound on the steps of all walks together; what is left when
 * it is reached is for the tree, where the place is found in O(log² spans).
 */
final class SpanChain implements SpanSource {
  private static final int NONE = SpanTree.NONE;
  private static final int BLOCK_BITS = 5;

  // The columns of a span; its depths are those of its first unit.
  private static final int FIRST = 0;
  private static final int LENGTH = 1;
  private static final int RIGHT = 2;
  private static final int LEFT = 3;
  private static final int NEXT = 4;
  private static final int PREVIOUS = 5;
  private static final int NEXT_BY_UNIT = 6;
  private static final int PREVIOUS_BY_UNIT = 7;
  private static final int WIDTH = 8;

  // A longer history goes on with the tree, lest the next array be one too long for Java.
  private static final int MOST_SPANS = 1 << 26;

  /** The start of the document: a span of the unit {@link SpanTree#NONE}, before all others. */
  private static final int ROOT = 0;

  private static final int END = -1;

  // Looking up who wrote a sibling takes about as long as so many steps.
  private static final int STEPS_OF_ORDER = 8;

  private final CausalHistory history;
  private final OperationLog log;
  private final DeletionCounts counts;

  private int[] spans;
  // Where the next span goes.
  private int end;
  // By block of 32 units: the span of its first one.
  private final int[] blocks;
  private int blockCount;
  private int unitCount;
  private int lastByUnit = ROOT;
  private final UnitSet deleted = new UnitSet();
  private long stepsLeft;

  /**
   * Creates a chain without units.
   *
   * @param log what is to be carried out
   * @param counts those of the log, none counted yet
   * @param steps how many steps all walks together may take
   */
  SpanChain(CausalHistory history, OperationLog log, DeletionCounts counts, long steps) {
    this.history = history;
    this.log = log;
    this.counts = counts;
    stepsLeft = steps;
    blocks = new int[(log.unitCount() >>> BLOCK_BITS) + 1];
    spans = new int[WIDTH * Math.max(16, Integer.highestOneBit(Math.min(log.size(), MOST_SPANS)))];
    set(ROOT, NONE, 1, FugueTree.ROOT_RIGHT, FugueTree.ROOT_LEFT);
    link(ROOT, END, NEXT, PREVIOUS);
    end = WIDTH;
  }

  @Override
  public int unitCount() {
    return unitCount;
  }

  @Override
  public UnitSet deleted() {
    return deleted;
  }

  /**
   * Carries out the log from its start on, as far as the steps suffice.
   *
   * @return how many operations were carried out
   */
  int carryOut() {
    for (int operation = 0; operation < log.size(); operation++) {
      int event = log.firstEvent(operation);
      int count = log.endEvent(operation) - event;
      if (log.isInsert(operation)) {
        if (!insert(operation, count)) {
          return operation;
        }
      } else if (log.isDelete(operation)) {
        deleted.add(log.lowestTarget(operation, event, count), count);
      } else if (log.isRestore(operation)) {
        counts.restore(operation, event, count, deleted::remove);
      }
    }
    return log.size();
  }

  /** Inserts the units of an operation, if the steps suffice. */
  private boolean insert(int operation, int count) {
    // Parting the spans of both origins, and the new one, are three more.
    if (end > WIDTH * (MOST_SPANS - 3)) {
      return false;
    }
    int originLeft = log.originLeft(operation, unitCount);
    int originRight = log.originRight(operation);
    int span = spanOf(originLeft);
    int offset = originLeft - get(span, FIRST) + 1;
    if (span != ROOT && offset == get(span, LENGTH) && originLeft == unitCount - 1) {
      // Nothing can be below the newest unit yet.
      spans[span + LENGTH] += count;
      added(span, count);
      return true;
    }
    int right = get(span, RIGHT) + offset - 1;
    int left = get(span, LEFT);
    boolean inside = offset < get(span, LENGTH);
    int next = get(span, NEXT);
    int behind = inside ? originLeft + 1 : next == END ? NONE : get(next, FIRST);
    if (behind == originRight) {
      int rightBehind = inside ? right + 1 : next == END ? right : get(next, RIGHT);
      if (rightBehind > right) {
        // As a left child of the unit behind.
        int leftBehind = inside ? left : get(next, LEFT);
        insertBehind(inside ? split(span, offset) : span, count, rightBehind, leftBehind + 1);
        return true;
      }
    } else if (inside || (next != END && get(next, RIGHT) > right)) {
      return insertAmongSiblings(operation, inside ? split(span, offset) : span, count);
    }
    insertBehind(span, count, right + 1, left);
    return true;
  }

  private void insertBehind(int span, int count, int right, int left) {
    int added = newSpan();
    set(added, unitCount, count, right, left);
    link(added, get(span, NEXT), NEXT, PREVIOUS);
    link(span, added, NEXT, PREVIOUS);
    link(lastByUnit, added, NEXT_BY_UNIT, PREVIOUS_BY_UNIT);
    lastByUnit = added;
    added(added, count);
  }

  private int newSpan() {
    if (end == spans.length) {
      spans = Arrays.copyOf(spans, 2 * end);
    }
    int span = end;
    end += WIDTH;
    return span;
  }

  private void added(int span, int count) {
    unitCount += count;
    while (blockCount << BLOCK_BITS < unitCount) {
      blocks[blockCount++] = span;
    }
  }

  /** Parts a span, and returns the part before {@code offset}. */
  private int split(int span, int offset) {
    int added = newSpan();
    int first = get(span, FIRST);
    int length = get(span, LENGTH);
    int right = get(span, RIGHT);
    int left = get(span, LEFT);
    // The shorter part is the new one, so that each block is told anew O(log units) times.
    if (2 * offset <= length) {
      set(added, first, offset, right, left);
      set(span, first + offset, length - offset, right + offset, left);
      link(get(span, PREVIOUS), added, NEXT, PREVIOUS);
      link(added, span, NEXT, PREVIOUS);
      link(get(span, PREVIOUS_BY_UNIT), added, NEXT_BY_UNIT, PREVIOUS_BY_UNIT);
      link(added, span, NEXT_BY_UNIT, PREVIOUS_BY_UNIT);
      setBlocks(added);
      return added;
    }
    set(added, first + offset, length - offset, right + offset, left);
    spans[span + LENGTH] = offset;
    link(added, get(span, NEXT), NEXT, PREVIOUS);
    link(span, added, NEXT, PREVIOUS);
    if (span == lastByUnit) {
      lastByUnit = added;
    } else {
      link(added, get(span, NEXT_BY_UNIT), NEXT_BY_UNIT, PREVIOUS_BY_UNIT);
    }
    link(span, added, NEXT_BY_UNIT, PREVIOUS_BY_UNIT);
    setBlocks(added);
    return span;
  }

  /** Says for all blocks that begin in a span that they do. */
  private void setBlocks(int span) {
    int first = get(span, FIRST);
    int from = (first + (1 << BLOCK_BITS) - 1) >>> BLOCK_BITS;
    int to = (first + get(span, LENGTH) - 1) >>> BLOCK_BITS;
    for (int block = from; block <= to; block++) {
      blocks[block] = span;
    }
  }

  /** Returns the span that holds a unit. */
  private int spanOf(int unit) {
    if (unit == NONE) {
      return ROOT;
    }
    int span = blocks[unit >>> BLOCK_BITS];
    while (unit >= get(span, FIRST) + get(span, LENGTH)) {
      span = get(span, NEXT_BY_UNIT);
    }
    return span;
  }

  private boolean holds(int span, int unit) {
    int offset = unit - get(span, FIRST);
    return offset >= 0 && offset < get(span, LENGTH);
  }

  // --- Siblings, as in SiblingSearch ---

  /** Inserts behind {@code origin}, which ends with the origin left, or behind siblings. */
  private boolean insertAmongSiblings(int operation, int origin, int count) {
    int originRight = log.originRight(operation);
    int right = get(origin, RIGHT) + get(origin, LENGTH);
    int behind = endOfWalk(origin, right, originRight);
    if (behind == END) {
      int last = passSiblings(operation, origin, END, right, get(origin, LEFT));
      if (last == END) {
        return false;
      }
      insertBehind(last, count, right, get(origin, LEFT));
      return true;
    }
    return stepsLeft > 0 && insertOnLeft(operation, origin, behind, count);
  }

  /**
   * Returns the span with the origin right, if it is below the origin left on its right, {@link
   * #END} otherwise.
   */
  private int endOfWalk(int origin, int right, int originRight) {
    if (originRight == NONE) {
      return END;
    }
    int span = get(origin, NEXT);
    while (span != END && get(span, RIGHT) >= right && stepsLeft-- > 0) {
      if (holds(span, originRight)) {
        return span;
      }
      span = get(span, NEXT);
    }
    return END;
  }

  /** Inserts as a left child of the origin right, which {@code behind} holds. */
  private boolean insertOnLeft(int operation, int origin, int behind, int count) {
    int offset = log.originRight(operation) - get(behind, FIRST);
    int right = get(behind, RIGHT) + offset;
    int left = get(behind, LEFT) + 1;
    if (offset > 0) {
      insertBehind(split(behind, offset), count, right, left);
      return true;
    }
    int before = get(behind, PREVIOUS);
    while (before != origin && get(before, LEFT) >= left) {
      before = get(before, PREVIOUS);
      stepsLeft--;
    }
    int last = passSiblings(operation, before, behind, right, left);
    if (last == END) {
      return false;
    }
    insertBehind(last, count, right, left);
    return true;
  }

  /**
   * Passes the siblings that stand before the new unit, with all below them.
   *
   * @param before the span behind which the siblings' subtrees begin
   * @param stop the span before which they end at the latest
   * @param right the right depth of the siblings
   * @param left their left depth
   * @return the last span passed; {@link #END} if that would take too many steps
   */
  private int passSiblings(int operation, int before, int stop, int right, int left) {
    int last = before;
    int span = get(before, NEXT);
    while (span != stop && get(span, RIGHT) >= right) {
      int sibling = span;
      while (get(sibling, RIGHT) != right || get(sibling, LEFT) != left) {
        sibling = get(sibling, NEXT);
        stepsLeft--;
      }
      int order = order(operation, sibling, stop == END);
      stepsLeft -= STEPS_OF_ORDER;
      if (stepsLeft <= 0) {
        return END;
      }
      if (order > 0) {
        return last;
      }
      last = sibling;
      span = get(sibling, NEXT);
      while (span != stop && get(span, RIGHT) > right) {
        last = span;
        span = get(span, NEXT);
        stepsLeft--;
      }
    }
    return stepsLeft <= 0 ? END : last;
  }

  /** Compares a sibling with the new unit: negative if it stands before. */
  private int order(int operation, int sibling, boolean onRight) {
    int unit = get(sibling, FIRST);
    int other = log.operationOfUnit(unit);
    if (onRight && log.originRight(other) != log.originRight(operation)) {
      return compare(sibling, log.originRight(operation), log.originRight(other));
    }
    long replica = replicaOf(log.firstEvent(operation));
    long otherReplica = replicaOf(log.firstEvent(other) + unit - log.firstUnit(other));
    return otherReplica == replica ? -1 : Long.compareUnsigned(otherReplica, replica);
  }

  private long replicaOf(int event) {
    return history.replicaId(history.runReplica(history.runAt(event)));
  }

  /**
   * Compares two different units, or ends of the document, that stand behind a span. If they do not
   * both, no steps are left.
   */
  private int compare(int span, int a, int b) {
    if (a == NONE || b == NONE) {
      return a == NONE ? 1 : -1;
    }
    boolean foundA = false;
    boolean foundB = false;
    int order = 0;
    for (int at = span; at != END && stepsLeft-- > 0; at = get(at, NEXT)) {
      boolean hasA = holds(at, a);
      boolean hasB = holds(at, b);
      if (order == 0 && (hasA || hasB)) {
        order = hasA && hasB ? Integer.compare(a, b) : hasA ? -1 : 1;
      }
      foundA |= hasA;
      foundB |= hasB;
      if (foundA && foundB) {
        return order;
      }
    }
    stepsLeft = 0;
    return order;
  }

  // --- The end ---

  /** Has an empty tree hold these spans; this chain is spent then. */
  @Override
  public void moveTo(SpanNodes nodes) {
    int span = get(ROOT, NEXT);
    while (span != END) {
      int first = get(span, FIRST);
      int right = get(span, RIGHT);
      int left = get(span, LEFT);
      int stop = first + get(span, LENGTH);
      int leaf = NONE;
      int unit = first;
      while (unit < stop) {
        boolean gone = deleted.contains(unit);
        int until = gone ? deleted.nextAbsent(unit, stop) : deleted.nextPresent(unit, stop);
        int length = until - unit;
        int number = nodes.append(unit, gone ? -length : length, right + unit - first, left);
        leaf = leaf == NONE ? number : leaf;
        unit = until;
      }
      int next = get(span, NEXT);
      spans[span + NEXT] = leaf;
      span = next;
    }
    moveIndexTo(nodes);
    nodes.growUp();
  }

  /** Tells which leaf holds which units, in the order of units; NEXT has a span's first leaf. */
  private void moveIndexTo(SpanNodes nodes) {
    int span = ROOT;
    while (span != lastByUnit) {
      span = get(span, NEXT_BY_UNIT);
      nodes.appendIndex(get(span, FIRST), get(span, LENGTH), get(span, NEXT));
    }
  }

  // --- Columns ---

  private int get(int span, int column) {
    return spans[span + column];
  }

  private void set(int span, int first, int length, int right, int left) {
    spans[span + FIRST] = first;
    spans[span + LENGTH] = length;
    spans[span + RIGHT] = right;
    spans[span + LEFT] = left;
  }

  private void link(int span, int next, int forward, int backward) {
    spans[span + forward] = next;
    if (next != END) {
      spans[next + backward] = span;
    }
  }
}
