package dev.weft.crdt;

import dev.weft.crdt.SpanNode.Inner;
import dev.weft.crdt.SpanNode.Leaf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The order of a document's units: an order-statistic B+tree of spans, which finds a place by
 * visible index and the visible index of a unit in O(log spans). Not thread-safe.
 *
 * <p>A span is a run of consecutive unit numbers that stand side by side, all visible or all
 * deleted (a tombstone). Nodes never hold a unit's text or origins; see {@link UnitText} and {@link
 * OperationLog}.
 *
 * <pre>
 *   Inner   visible  [ 11 | 4 ]            units visible below each child
 *                      /      \
 *   Leaf   [0..5)  [9..15)     [5..9)      (first unit, length; negative length: tombstone)
 *           alive   alive      alive
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>I1: every unit number below the number of units stands in exactly one span.
 *   <li>I2: no span is empty; only the leaf of an empty document is.
 *   <li>I3: an inner node's count of a child is the sum of the visible lengths below it.
 *   <li>I4: all leaves are at one depth, linked in document order; a node knows its parent and its
 *       position there.
 *   <li>I5: {@link LeafIndex} names for each unit the leaf in which it stands.
 * </ul>
 *
 * <p>Typing stays at the cursor: a place that is remembered with its visible index, so that the
 * next edit beside it needs no search. Spans are never removed but by joining with a neighbour, so
 * nodes are split and not merged: the depth is bounded by the most spans there ever were.
 */
final class SpanTree {
  static final int NONE = OperationLog.NONE;
  static final int DEFAULT_NODE_CAPACITY = 32;
  static final int MIN_NODE_CAPACITY = 4;

  /**
   * A place between two units: behind {@code offset} units of a span. Reused, to allocate nothing.
   */
  static final class Place {
    private Leaf leaf;
    private int span;
    // At least 1, but for the place before all units.
    private int offset;

    private Place(Leaf leaf) {
      this.leaf = leaf;
    }

    private void set(Leaf newLeaf, int newSpan, int newOffset) {
      leaf = newLeaf;
      span = newSpan;
      offset = newOffset;
    }

    void set(Place other) {
      set(other.leaf, other.span, other.offset);
    }
  }

  private final int capacity;
  private final LeafIndex index;
  private final Leaf firstLeaf;
  private Leaf[] leaves = new Leaf[4];
  private int leafCount;
  private SpanNode root;
  private int length;
  private int unitCount;

  private final Place cursor;
  private int cursorIndex;
  private boolean cursorKnown;
  private int deletedUnit = NONE;

  SpanTree(int nodeCapacity) {
    if (nodeCapacity < MIN_NODE_CAPACITY) {
      throw new IllegalArgumentException(
          "nodeCapacity must be at least " + MIN_NODE_CAPACITY + ", nodeCapacity=" + nodeCapacity);
    }
    capacity = nodeCapacity;
    index = new LeafIndex();
    firstLeaf = newLeaf();
    root = firstLeaf;
    cursor = newPlace();
  }

  SpanTree(SpanTree other) {
    capacity = other.capacity;
    index = new LeafIndex(other.index);
    leaves = new Leaf[other.leaves.length];
    leafCount = other.leafCount;
    for (int number = 0; number < leafCount; number++) {
      leaves[number] = new Leaf(other.leaves[number]);
    }
    for (int number = 0; number < leafCount; number++) {
      Leaf next = other.leaves[number].next;
      leaves[number].next = next == null ? null : leaves[next.number];
    }
    firstLeaf = leaves[other.firstLeaf.number];
    root = copyOf(other.root);
    length = other.length;
    unitCount = other.unitCount;
    cursor = newPlace();
  }

  private SpanNode copyOf(SpanNode node) {
    if (node instanceof Leaf leaf) {
      return leaves[leaf.number];
    }
    Inner inner = (Inner) node;
    Inner copy = new Inner(capacity);
    for (int i = 0; i < inner.count; i++) {
      copy.insert(i, copyOf(inner.children[i]), inner.visible[i]);
    }
    return copy;
  }

  /** Returns a place of this tree, before all units. */
  Place newPlace() {
    return new Place(firstLeaf);
  }

  /** Returns the number of visible units. */
  int length() {
    return length;
  }

  int unitCount() {
    return unitCount;
  }

  int spanCount() {
    int count = 0;
    for (Leaf leaf = firstLeaf; leaf != null; leaf = leaf.next) {
      count += leaf.count;
    }
    return count;
  }

  // --- The cursor: local edits, by visible index ---

  /** Moves the cursor directly behind the visible unit before {@code index}. */
  void seek(int index) {
    if (cursorKnown) {
      int offset = cursor.offset + index - cursorIndex;
      if (index == cursorIndex) {
        return;
      }
      Leaf leaf = cursor.leaf;
      if (offset > 0 && leaf.count > 0 && offset <= leaf.visible(cursor.span)) {
        cursor.offset = offset;
        cursorIndex = index;
        return;
      }
    }
    descend(index);
    cursorIndex = index;
    cursorKnown = true;
  }

  private void descend(int index) {
    if (index == 0) {
      cursor.set(firstLeaf, 0, 0);
      return;
    }
    int rest = index;
    SpanNode node = root;
    while (node instanceof Inner inner) {
      int[] visible = inner.visible;
      int child = 0;
      while (rest > visible[child]) {
        rest -= visible[child++];
      }
      node = inner.children[child];
    }
    Leaf leaf = (Leaf) node;
    int span = 0;
    while (rest > leaf.visible(span)) {
      rest -= leaf.visible(span++);
    }
    cursor.set(leaf, span, rest);
  }

  /** Returns the unit before the cursor, {@link #NONE} at the start. */
  int unitBeforeCursor() {
    return cursor.offset == 0 ? NONE : cursor.leaf.first(cursor.span) + cursor.offset - 1;
  }

  int unitAfterCursor() {
    return unitAfter(cursor);
  }

  /** Returns the first visible unit behind the cursor; there must be one. */
  int visibleUnitAfterCursor() {
    Leaf leaf = cursor.leaf;
    int span = cursor.span;
    int offset = cursor.offset;
    while (true) {
      if (span == leaf.count) {
        leaf = following(leaf);
        span = 0;
      } else if (offset < leaf.visible(span)) {
        return leaf.first(span) + offset;
      } else {
        span++;
      }
      offset = 0;
    }
  }

  /** Inserts the next {@code count} new units at the cursor, which moves behind them. */
  void insertAtCursor(int count) {
    insert(cursor, count);
    cursorIndex += count;
  }

  /**
   * Deletes the visible units behind the cursor, up to {@code max} and to the end of their span;
   * there must be one. {@link #deletedUnit} tells the first. The cursor stays.
   *
   * @return how many were deleted
   */
  int deleteAfterCursor(int max) {
    Leaf leaf = cursor.leaf;
    int span = cursor.span;
    int offset = cursor.offset;
    while (span == leaf.count || offset >= leaf.visible(span)) {
      if (span == leaf.count) {
        leaf = following(leaf);
        span = 0;
      } else {
        span++;
      }
      offset = 0;
    }
    int count = Math.min(max, leaf.visible(span) - offset);
    deletedUnit = leaf.first(span) + offset;
    bury(leaf, span, offset, count);
    if (!cursorKnown) {
      seek(cursorIndex);
    }
    return count;
  }

  int deletedUnit() {
    return deletedUnit;
  }

  // --- Places: remote edits, by unit ---

  /** Sets {@code place} directly behind a unit, or before all units for {@link #NONE}. */
  void placeAfter(int unit, Place place) {
    if (unit == NONE) {
      place.set(firstLeaf, 0, 0);
      return;
    }
    Leaf leaf = leafOf(unit);
    int span = leaf.spanOf(unit);
    place.set(leaf, span, unit - leaf.first(span) + 1);
  }

  /** Returns the unit behind a place, deleted or not, {@link #NONE} at the end. */
  int unitAfter(Place place) {
    Leaf leaf = place.leaf;
    int span = place.span;
    if (span < leaf.count && place.offset < leaf.length(span)) {
      return leaf.first(span) + place.offset;
    }
    if (span + 1 < leaf.count) {
      return leaf.first(span + 1);
    }
    return leaf.next == null ? NONE : leaf.next.first(0);
  }

  /** Returns how many units with consecutive numbers stand behind a place, 0 at the end. */
  int unitsAfter(Place place) {
    Leaf leaf = place.leaf;
    int span = place.span;
    if (span < leaf.count && place.offset < leaf.length(span)) {
      return leaf.length(span) - place.offset;
    }
    if (span + 1 < leaf.count) {
      return leaf.length(span + 1);
    }
    return leaf.next == null ? 0 : leaf.next.length(0);
  }

  /** Moves a place over {@code count} units, no more than {@link #unitsAfter} tells. */
  void advance(Place place, int count) {
    Leaf leaf = place.leaf;
    int span = place.span;
    if (span < leaf.count && place.offset < leaf.length(span)) {
      place.offset += count;
    } else if (span + 1 < leaf.count) {
      place.set(leaf, span + 1, count);
    } else {
      place.set(following(leaf), 0, count);
    }
  }

  /** Inserts the next {@code count} new units at a place and forgets the cursor. */
  void insertAt(Place place, int count) {
    insert(place, count);
    cursorKnown = false;
  }

  /**
   * Deletes units from {@code unit} upwards, up to {@code max} and to the end of their span, if
   * they are visible; forgets the cursor.
   *
   * @return how many units were dealt with, negative if they were deleted already
   */
  int delete(int unit, int max) {
    Leaf leaf = leafOf(unit);
    int span = leaf.spanOf(unit);
    int offset = unit - leaf.first(span);
    int count = Math.min(max, leaf.length(span) - offset);
    if (!leaf.isAlive(span)) {
      return -count;
    }
    bury(leaf, span, offset, count);
    cursorKnown = false;
    return count;
  }

  /** Returns how many visible units stand before a place. O(log spans). */
  int indexOf(Place place) {
    Leaf leaf = place.leaf;
    int before = place.span < leaf.count ? Math.min(place.offset, leaf.visible(place.span)) : 0;
    for (int i = 0; i < place.span; i++) {
      before += leaf.visible(i);
    }
    SpanNode node = leaf;
    for (Inner parent = node.parent; parent != null; parent = node.parent) {
      for (int i = 0; i < node.position; i++) {
        before += parent.visible[i];
      }
      node = parent;
    }
    return before;
  }

  /** Returns how many visible units stand before a unit. O(log spans). */
  int indexOf(int unit, Place scratch) {
    placeAfter(unit, scratch);
    scratch.offset--;
    return indexOf(scratch);
  }

  /** Returns a negative number if unit {@code a} stands before {@code b}, 0 if they are one. */
  int compare(int a, int b) {
    Leaf leafA = leafOf(a);
    Leaf leafB = leafOf(b);
    if (leafA == leafB) {
      int spanA = leafA.spanOf(a);
      int spanB = leafA.spanOf(b);
      return spanA == spanB ? Integer.compare(a, b) : Integer.compare(spanA, spanB);
    }
    SpanNode nodeA = leafA;
    SpanNode nodeB = leafB;
    while (nodeA.parent != nodeB.parent) {
      nodeA = parentOf(nodeA);
      nodeB = parentOf(nodeB);
    }
    return Integer.compare(nodeA.position, nodeB.position);
  }

  private static SpanNode parentOf(SpanNode node) {
    if (node.parent == null) {
      throw new AssertionError("I4: leaves at different depths");
    }
    return node.parent;
  }

  private static Leaf following(Leaf leaf) {
    if (leaf.next == null) {
      throw new AssertionError("I3: the text ends before its length");
    }
    return leaf.next;
  }

  private Leaf leafOf(int unit) {
    return leaves[index.leafOf(unit)];
  }

  // --- Reading ---

  /** Takes runs of visible units in document order. */
  @FunctionalInterface
  interface RunVisitor {
    void visit(int firstUnit, int count);
  }

  /** Visits the visible units of [start, end) in order, span by span. */
  void forEachVisible(int start, int end, RunVisitor visitor) {
    int left = end - start;
    if (left == 0) {
      return;
    }
    seek(start);
    Leaf leaf = cursor.leaf;
    int span = cursor.span;
    int offset = cursor.offset;
    while (left > 0) {
      if (span == leaf.count) {
        leaf = following(leaf);
        span = 0;
      } else {
        int count = Math.min(left, leaf.visible(span) - offset);
        if (count > 0) {
          visitor.visit(leaf.first(span) + offset, count);
          left -= count;
        }
        span++;
      }
      offset = 0;
    }
  }

  // --- Structure ---

  private void insert(Place place, int count) {
    Leaf leaf = place.leaf;
    int span = place.span;
    int offset = place.offset;
    int unit = unitCount;
    unitCount += count;
    if (leaf.count > 0 && offset == leaf.visible(span) && leaf.first(span) + offset == unit) {
      leaf.setSignedLength(span, offset + count);
      place.offset += count;
    } else {
      boolean inside = leaf.count > 0 && offset > 0 && offset < leaf.length(span);
      if (leaf.count + (inside ? 2 : 1) > capacity) {
        boolean atEnd = leaf.next == null && span == leaf.count - 1 && !inside;
        int kept = atEnd ? leaf.count : leaf.count / 2;
        Leaf right = split(leaf, kept);
        if (atEnd || span >= kept) {
          leaf = right;
          span -= kept;
        }
      }
      int at = offset == 0 ? span : span + 1;
      if (inside) {
        int signedLength = leaf.signedLength(span);
        int sign = Integer.signum(signedLength);
        leaf.open(at, 2);
        leaf.set(at + 1, leaf.first(span) + offset, signedLength - sign * offset);
        leaf.setSignedLength(span, sign * offset);
      } else {
        leaf.open(at, 1);
      }
      leaf.set(at, unit, count);
      place.set(leaf, at, count);
    }
    index.set(unit, count, leaf.number);
    addVisible(leaf, count);
  }

  /** Makes [offset, offset + count) of a visible span a tombstone. */
  private void bury(Leaf leaf, int span, int offset, int count) {
    int first = leaf.first(span);
    int rest = leaf.length(span) - offset - count;
    boolean joinsBefore =
        offset == 0
            && span > 0
            && !leaf.isAlive(span - 1)
            && leaf.first(span - 1) + leaf.length(span - 1) == first;
    boolean joinsAfter =
        rest == 0
            && span + 1 < leaf.count
            && !leaf.isAlive(span + 1)
            && leaf.first(span + 1) == first + offset + count;
    if (!joinsBefore && !joinsAfter) {
      buryApart(leaf, span, offset, count);
      return;
    }
    if (joinsBefore) {
      int before = leaf.length(span - 1);
      leaf.setSignedLength(span - 1, -(before + count));
      if (joinsAfter) {
        leaf.setSignedLength(span - 1, -(before + count + leaf.length(span + 1)));
        leaf.remove(span, 2);
      } else if (rest == 0) {
        leaf.remove(span, 1);
      } else {
        leaf.set(span, first + count, rest);
      }
    } else {
      leaf.set(span + 1, first + offset, -(leaf.length(span + 1) + count));
      if (offset == 0) {
        leaf.remove(span, 1);
      } else {
        leaf.setSignedLength(span, offset);
      }
    }
    addVisible(leaf, -count);
  }

  /**
   * Buries units that join no tombstone: their span falls into two or three, or turns as a whole.
   */
  private void buryApart(Leaf leaf, int span, int offset, int count) {
    int rest = leaf.length(span) - offset - count;
    int more = (offset > 0 ? 1 : 0) + (rest > 0 ? 1 : 0);
    Leaf target = leaf;
    int at = span;
    if (leaf.count + more > capacity) {
      int kept = leaf.count / 2;
      Leaf right = split(leaf, kept);
      if (span >= kept) {
        target = right;
        at = span - kept;
      }
      cursorKnown = false;
    }
    int first = target.first(at);
    if (more > 0) {
      target.open(at + 1, more);
    }
    if (offset > 0) {
      target.set(at++, first, offset);
    }
    target.set(at++, first + offset, -count);
    if (rest > 0) {
      target.set(at, first + offset + count, rest);
    }
    addVisible(target, -count);
  }

  /** Moves the spans from {@code kept} on to a new leaf behind this one, and returns it. */
  private Leaf split(Leaf leaf, int kept) {
    Leaf right = newLeaf();
    leaf.moveTail(kept, right);
    right.next = leaf.next;
    leaf.next = right;
    for (int i = 0; i < right.count; i++) {
      index.set(right.first(i), right.length(i), right.number);
    }
    insertBehind(leaf, right, right.visible());
    return right;
  }

  private void insertBehind(SpanNode left, SpanNode right, int rightVisible) {
    Inner parent = left.parent;
    if (parent == null) {
      parent = new Inner(capacity);
      parent.insert(0, left, length);
      root = parent;
    } else if (parent.count == capacity) {
      Inner sibling = splitInner(parent);
      if (left.parent == sibling) {
        parent = sibling;
      }
    }
    parent.visible[left.position] -= rightVisible;
    parent.insert(left.position + 1, right, rightVisible);
  }

  private Inner splitInner(Inner inner) {
    Inner right = new Inner(capacity);
    inner.moveTail(inner.count / 2, right);
    insertBehind(inner, right, right.visible());
    return right;
  }

  private Leaf newLeaf() {
    if (leafCount == LeafIndex.MAX_LEAVES) {
      throw new IllegalStateException(
          "the document is full: it has " + leafCount + " leaves, the most there can be");
    }
    if (leafCount == leaves.length) {
      leaves = Arrays.copyOf(leaves, 2 * leafCount);
    }
    Leaf leaf = new Leaf(leafCount, capacity);
    leaves[leafCount++] = leaf;
    return leaf;
  }

  private void addVisible(Leaf leaf, int delta) {
    length += delta;
    SpanNode node = leaf;
    for (Inner parent = node.parent; parent != null; parent = node.parent) {
      parent.visible[node.position] += delta;
      node = parent;
    }
  }

  // --- Invariants ---

  /** Checks I1 to I5. O(units). */
  void checkInvariants() {
    boolean[] seen = new boolean[unitCount];
    Leaf expected = checkNode(root, firstLeaf, depth(), seen);
    Contents.check(expected == null, "I4: leaves are linked that the tree does not hold");
    for (int unit = 0; unit < unitCount; unit++) {
      Contents.check(seen[unit], "I1: no span holds unit " + unit);
    }
    int visible = root.visible();
    Contents.check(visible == length, "I3: " + visible + " visible units, length=" + length);
  }

  private int depth() {
    int depth = 0;
    for (SpanNode node = firstLeaf; node != root; node = parentOf(node)) {
      depth++;
    }
    return depth;
  }

  private @Nullable Leaf checkNode(
      SpanNode node, @Nullable Leaf expected, int depth, boolean[] seen) {
    if (node instanceof Leaf leaf) {
      Contents.check(depth == 0, "I4: leaf " + leaf.number + " is " + depth + " levels too high");
      Contents.check(leaf == expected, "I4: leaf " + leaf.number + " is linked out of order");
      checkLeaf(leaf, seen);
      return leaf.next;
    }
    Inner inner = (Inner) node;
    Leaf next = expected;
    for (int i = 0; i < inner.count; i++) {
      SpanNode child = inner.children[i];
      Contents.check(
          child.parent == inner && child.position == i, "I4: a child is lost, position=" + i);
      next = checkNode(child, next, depth - 1, seen);
      int below = child.visible();
      Contents.check(
          below == inner.visible[i], "I3: " + below + " visible, counted " + inner.visible[i]);
    }
    return next;
  }

  private void checkLeaf(Leaf leaf, boolean[] seen) {
    Contents.check(leaf.count > 0 || unitCount == 0, "I2: leaf " + leaf.number + " is empty");
    for (int i = 0; i < leaf.count; i++) {
      Contents.check(leaf.length(i) > 0, "I2: a span of leaf " + leaf.number + " is empty");
      for (int unit = leaf.first(i); unit < leaf.first(i) + leaf.length(i); unit++) {
        Contents.check(!seen[unit], "I1: two spans hold unit " + unit);
        seen[unit] = true;
        Contents.check(leafOf(unit) == leaf, "I5: unit " + unit + " is not in leaf " + leaf.number);
      }
    }
  }
}
