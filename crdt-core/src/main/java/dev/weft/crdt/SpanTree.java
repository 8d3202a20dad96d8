package dev.weft.crdt;

import dev.weft.crdt.SpanNode.Inner;
import dev.weft.crdt.SpanNode.Leaf;

/**
 * The order of a document's units: an order-statistic B+tree of spans, which finds a place by
 * visible index and the visible index of a unit in O(log spans). Not thread-safe.
 *
 * <p>A span is a run of consecutive unit numbers that stand side by side, each the right child of
 * the one before in the {@link FugueTree}, all visible or all deleted (a tombstone). Nodes never
 * hold a unit's text or origins; see {@link UnitText} and {@link OperationLog}.
 *
 * <pre>
 *   Inner   visible  [ 11 | 4 ]            units visible below each child
 *           right    [  0 | 3 ]            least depths below each child
 *           left     [  0 | 1 ]
 *                      /      \
 *   Leaf   [0..5)  [9..15)     [5..9)      (first unit, length; negative length: tombstone)
 *           alive   dead        alive
 *   right   0       5           3          depths of the first unit
 *   left    0       0           1
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
 *   <li>I6: a span has the depths of its first unit in the Fugue tree, of which right rises by one
 *       from unit to unit and left stays; an inner node has the least below each child.
 *   <li>I7: the units of tombstones are in the set of deleted units, and no others.
 * </ul>
 *
 * <p>Spans are never removed but by joining with a neighbour, so nodes are split and not merged:
 * the depth is bounded by the most spans there ever were.
 */
final class SpanTree {
  static final int NONE = OperationLog.NONE;
  static final int DEFAULT_NODE_CAPACITY = 32;
  static final int MIN_NODE_CAPACITY = 4;

  // The signs of a span's length.
  private static final int ALIVE = 1;
  private static final int TOMBSTONE = -1;

  private final SpanNodes nodes;
  private UnitSet deleted;
  private int unitCount;
  private int unitsOfBase;
  private int edition;
  private boolean revived;

  SpanTree(int nodeCapacity) {
    if (nodeCapacity < MIN_NODE_CAPACITY) {
      throw new IllegalArgumentException(
          "nodeCapacity must be at least " + MIN_NODE_CAPACITY + ", nodeCapacity=" + nodeCapacity);
    }
    nodes = new SpanNodes(nodeCapacity);
    deleted = new UnitSet();
  }

  SpanTree(SpanTree other) {
    nodes = new SpanNodes(other.nodes);
    deleted = new UnitSet(other.deleted);
    unitCount = other.unitCount;
    unitsOfBase = other.unitsOfBase;
    revived = other.revived;
  }

  /** Returns the number of visible units. */
  int length() {
    return nodes.visible();
  }

  int unitCount() {
    return unitCount;
  }

  /** Returns whether so many inserts and turns of parts of spans are sure to find room. */
  boolean hasRoomFor(long steps) {
    return nodes.hasRoomFor(steps);
  }

  SpanNode root() {
    return nodes.root();
  }

  Leaf firstLeaf() {
    return nodes.firstLeaf();
  }

  /** Returns a number that is another one after each insertion and deletion. */
  int edition() {
    return edition;
  }

  /** Returns how many bytes of memory this takes, about. O(nodes). */
  long memoryBytes() {
    return nodes.memoryBytes() + deleted.memoryBytes();
  }

  /** Returns how many spans there are: visible ones, or tombstones. O(spans). */
  long spanCount(boolean alive) {
    long count = 0;
    for (Leaf leaf = firstLeaf(); leaf != null; leaf = leaf.next) {
      for (int span = 0; span < leaf.count; span++) {
        count += leaf.isAlive(span) == alive ? 1 : 0;
      }
    }
    return count;
  }

  // --- Places ---

  /** Returns a place of this tree, before all units. */
  Place newPlace() {
    return new Place(firstLeaf());
  }

  /** Sets {@code place} directly behind a unit, or before all units for {@link #NONE}. */
  void placeBehind(int unit, Place place) {
    if (unit == NONE) {
      place.set(firstLeaf(), 0, 0);
      return;
    }
    Leaf leaf = leafOf(unit);
    int span = leaf.spanOf(unit);
    place.set(leaf, span, unit - leaf.first(span) + 1);
  }

  /** Sets {@code place} directly behind the visible unit before {@code visibleIndex}. */
  void placeBehindVisible(int visibleIndex, Place place) {
    if (visibleIndex == 0) {
      place.set(firstLeaf(), 0, 0);
      return;
    }
    placeIn(nodes.root(), visibleIndex, place);
  }

  /** Sets {@code place} directly behind the visible unit before a visible index of a node. */
  private static void placeIn(SpanNode top, int visibleIndex, Place place) {
    int rest = visibleIndex;
    SpanNode node = top;
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
    place.set(leaf, span, rest);
  }

  /**
   * Moves a place by so many visible units, to directly behind the last of them, of which there
   * must be one before. The place must be behind a visible unit, or before all units.
   *
   * <p>O(log distance) in spans: what is near is found without a search from the root.
   */
  void moveBehindVisible(int distance, Place place) {
    Leaf leaf = place.leaf;
    int span = place.span;
    int rest = place.offset + distance;
    while (rest <= 0 && span > 0) {
      rest += leaf.visible(--span);
    }
    while (rest > 0 && span < leaf.count) {
      int visible = leaf.visible(span);
      if (rest <= visible) {
        place.set(leaf, span, rest);
        return;
      }
      rest -= visible;
      span++;
    }
    moveToOtherLeaf(rest, place);
  }

  /** Moves a place by visible units, counted from its leaf's start (0 or less) or end (above 0). */
  private static void moveToOtherLeaf(int distance, Place place) {
    int rest = distance;
    SpanNode node = place.leaf;
    for (Inner parent = node.parent; parent != null; parent = node.parent) {
      int child = node.position;
      if (rest <= 0) {
        while (rest <= 0 && child > 0) {
          rest += parent.visible[--child];
        }
      } else {
        child++;
        while (child < parent.count && rest > parent.visible[child]) {
          rest -= parent.visible[child++];
        }
      }
      if (rest > 0 && child < parent.count) {
        placeIn(parent.children[child], rest, place);
        return;
      }
      node = parent;
    }
    throw new AssertionError("I3: the text ends before its length");
  }

  /** Sets {@code place} directly before the first visible unit from a span of a leaf on. */
  void placeBeforeVisible(Leaf start, int startSpan, Place place) {
    Leaf leaf = start;
    int span = startSpan;
    while (span == leaf.count || !leaf.isAlive(span)) {
      if (span < leaf.count) {
        span++;
      } else {
        leaf = nextVisible(leaf);
        span = 0;
      }
    }
    place.set(leaf, span, 0);
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
    placeBehind(unit, scratch);
    scratch.offset--;
    return indexOf(scratch);
  }

  /** Returns whether a unit is visible. */
  boolean isVisible(int unit) {
    Leaf leaf = leafOf(unit);
    return leaf.isAlive(leaf.spanOf(unit));
  }

  /** Returns how many units its span holds from a unit on, visible or not. */
  int unitsFrom(int unit) {
    Leaf leaf = leafOf(unit);
    return leaf.end(leaf.spanOf(unit)) - unit;
  }

  /**
   * Returns how many visible units stand side by side from a visible unit on, each the right child
   * of the one before and with the next unit number; more than {@code most} need not be looked at.
   */
  int visibleFrom(int unit, int most) {
    Leaf leaf = leafOf(unit);
    int span = leaf.spanOf(unit);
    int end = leaf.end(span);
    while (revived && end - unit < most && goesOn(leaf, span)) {
      leaf = leafOf(end);
      span = leaf.spanOf(end);
      end = leaf.end(span);
    }
    return end - unit;
  }

  /** Returns the same up to a visible unit, which is counted. */
  int visibleUpTo(int unit, int most) {
    Leaf leaf = leafOf(unit);
    int first = leaf.first(leaf.spanOf(unit));
    while (revived && unit - first + 1 < most && first > 0) {
      leaf = leafOf(first - 1);
      int span = leaf.spanOf(first - 1);
      if (leaf.end(span) != first || !leaf.isAlive(span) || !goesOn(leaf, span)) {
        break;
      }
      first = leaf.first(span);
    }
    return unit - first + 1;
  }

  /**
   * Returns whether what stands behind a span is visible and could be one with it, as it may be
   * once something was revived: then spans meet that are of different leaves.
   */
  private static boolean goesOn(Leaf leaf, int span) {
    if (span + 1 < leaf.count) {
      return leaf.isAlive(span + 1) && leaf.continues(span);
    }
    Leaf next = leaf.next;
    return next != null
        && next.isAlive(0)
        && next.first(0) == leaf.end(span)
        && next.depth(SpanNode.RIGHT, 0) == leaf.depth(SpanNode.RIGHT, span) + leaf.length(span)
        && next.depth(SpanNode.LEFT, 0) == leaf.depth(SpanNode.LEFT, span);
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

  /** Returns the leaf in which a unit stands. */
  Leaf leafOf(int unit) {
    return nodes.leafOf(unit);
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
    Place place = newPlace();
    placeBehindVisible(start, place);
    Leaf leaf = place.leaf;
    int span = place.span;
    int offset = place.offset;
    while (left > 0) {
      if (span == leaf.count) {
        leaf = nextVisible(leaf);
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

  /** Copies the visible text of [start, end), of which {@code text} has the units. */
  char[] visibleText(int start, int end, UnitText text) {
    char[] target = new char[end - start];
    int[] filled = {0};
    forEachVisible(
        start,
        end,
        (unit, count) -> {
          text.copy(unit, count, target, filled[0]);
          filled[0] += count;
        });
    return target;
  }

  /** Returns the next leaf with visible units, of which there must be one. */
  private static Leaf nextVisible(Leaf leaf) {
    SpanNode node = leaf;
    int at = node.position;
    Inner parent = node.parent;
    while (true) {
      if (parent == null) {
        throw new AssertionError("I3: the text ends before its length");
      }
      at++;
      if (at == parent.count) {
        node = parent;
        at = node.position;
        parent = node.parent;
      } else if (parent.visible[at] > 0) {
        node = parent.children[at];
        if (node instanceof Leaf found) {
          return found;
        }
        parent = (Inner) node;
        at = -1;
      }
    }
  }

  // --- Inserting ---

  /**
   * Inserts the next {@code count} new units between two that are their origins: as right child of
   * the unit before, but if the unit behind is below that one, as left child of the unit behind.
   */
  void insert(Place place, int count) {
    Leaf leaf = place.leaf;
    int span = place.span;
    int offset = place.offset;
    if (leaf.count > 0
        && offset == leaf.visible(span)
        && leaf.first(span) + offset == unitCount
        && unitCount != unitsOfBase) {
      // Nothing can be below the newest unit yet, unless units were numbered in no order.
      leaf.setSignedLength(span, offset + count);
      place.offset += count;
      nodes.extendLeaf(count, leaf);
      added(leaf, count);
    } else {
      insertApart(place, count);
    }
  }

  private void insertApart(Place place, int count) {
    Leaf leaf = place.leaf;
    int span = place.span;
    int offset = place.offset;
    int right = FugueTree.ROOT_RIGHT;
    int left = FugueTree.ROOT_LEFT;
    if (offset > 0) {
      right = leaf.depth(SpanNode.RIGHT, span) + offset - 1;
      left = leaf.depth(SpanNode.LEFT, span);
    }
    int rightBehind = FugueTree.ROOT_RIGHT;
    int leftBehind = FugueTree.ROOT_LEFT;
    if (place.isInsideSpan()) {
      rightBehind = leaf.depth(SpanNode.RIGHT, span) + offset;
      leftBehind = leaf.depth(SpanNode.LEFT, span);
    } else if (span + 1 < leaf.count) {
      rightBehind = leaf.depth(SpanNode.RIGHT, span + 1);
      leftBehind = leaf.depth(SpanNode.LEFT, span + 1);
    } else if (leaf.next != null) {
      rightBehind = leaf.next.depth(SpanNode.RIGHT, 0);
      leftBehind = leaf.next.depth(SpanNode.LEFT, 0);
    }
    if (rightBehind > right) {
      insert(place, count, rightBehind, leftBehind + 1);
    } else {
      insert(place, count, right + 1, left);
    }
  }

  /** Inserts the next {@code count} new units, the first of the given depths. */
  void insert(Place place, int count, int right, int left) {
    Leaf leaf = place.leaf;
    int span = place.span;
    int offset = place.offset;
    boolean inside = offset > 0 && place.isInsideSpan();
    if (leaf.count + (inside ? 2 : 1) > nodes.capacity()) {
      boolean atEnd = leaf.next == null && span == leaf.count - 1 && !inside;
      int kept = atEnd ? leaf.count : leaf.count / 2;
      Leaf added = nodes.split(leaf, kept);
      if (atEnd || span >= kept) {
        leaf = added;
        span -= kept;
      }
    }
    int at = offset == 0 ? span : span + 1;
    if (inside) {
      int signedLength = leaf.signedLength(span);
      int sign = Integer.signum(signedLength);
      leaf.open(at, 2);
      leaf.setPart(at + 1, span, offset, signedLength - sign * offset);
      leaf.setSignedLength(span, sign * offset);
    } else {
      leaf.open(at, 1);
    }
    leaf.set(at, unitCount, count);
    leaf.setDepths(at, right, left);
    place.set(leaf, at, count);
    nodes.lowerDepths(leaf, right, left);
    nodes.setLeafOf(unitCount, count, leaf);
    added(leaf, count);
  }

  private void added(Leaf leaf, int count) {
    unitCount += count;
    edition++;
    nodes.addVisible(leaf, count);
  }

  // --- Filling ---

  /** Takes over the spans of a source; this tree must be empty. */
  void fill(SpanSource source) {
    source.moveTo(nodes);
    deleted = source.deleted();
    unitCount = source.unitCount();
    edition++;
  }

  /** Takes over what a history begins with, of which the units are numbered in no order. */
  void fillBase(SpanSource source) {
    fill(source);
    unitsOfBase = unitCount;
  }

  // --- Deleting ---

  boolean isDeleted(int unit) {
    return deleted.contains(unit);
  }

  /**
   * Returns the first unit number of [unit, end) that is not deleted, {@code end} if all are. So
   * little more than nothing is done, however often the same is deleted again.
   */
  int nextVisible(int unit, int end) {
    return deleted.nextAbsent(unit, end);
  }

  /** Returns the first unit number of [unit, end) that is deleted, {@code end} if none is. */
  int nextDeleted(int unit, int end) {
    return deleted.nextPresent(unit, end);
  }

  /**
   * Deletes units from {@code unit} upwards, up to {@code max} and to the end of their span; they
   * must be visible.
   *
   * @return how many were deleted
   */
  int delete(int unit, int max, Place scratch) {
    placeBehind(unit, scratch);
    scratch.offset--;
    int count = Math.min(max, scratch.leaf.length(scratch.span) - scratch.offset);
    bury(scratch, count);
    return count;
  }

  /**
   * Deletes {@code count} units behind a place, which must stand in its span and be visible.
   *
   * @return whether places further left are right still
   */
  boolean bury(Place place, int count) {
    deleted.add(place.leaf.first(place.span) + place.offset, count);
    return turn(place, count, TOMBSTONE);
  }

  /**
   * Makes deleted units visible again, from {@code unit} upwards, up to {@code max} and to the end
   * of their span.
   *
   * @return how many there were
   */
  int revive(int unit, int max, Place scratch) {
    placeBehind(unit, scratch);
    scratch.offset--;
    int count = Math.min(max, scratch.leaf.length(scratch.span) - scratch.offset);
    deleted.remove(unit, count);
    revived = true;
    turn(scratch, count, ALIVE);
    return count;
  }

  /** Turns units of a span, which must be of the other kind, into a tombstone or alive. */
  private boolean turn(Place place, int count, int sign) {
    edition++;
    Leaf leaf = place.leaf;
    int span = place.span;
    int offset = place.offset;
    int rest = leaf.length(span) - offset - count;
    boolean joinsBefore =
        offset == 0 && span > 0 && leaf.isOfKind(span - 1, sign) && leaf.continues(span - 1);
    boolean joinsBehind =
        rest == 0 && span + 1 < leaf.count && leaf.isOfKind(span + 1, sign) && leaf.continues(span);
    if (!joinsBefore && !joinsBehind) {
      return turnApart(leaf, span, offset, count, sign);
    }
    if (joinsBefore) {
      int before = leaf.length(span - 1);
      leaf.setSignedLength(span - 1, sign * (before + count));
      if (joinsBehind) {
        leaf.setSignedLength(span - 1, sign * (before + count + leaf.length(span + 1)));
        leaf.remove(span, 2);
      } else if (rest == 0) {
        leaf.remove(span, 1);
      } else {
        leaf.setPart(span, span, count, -sign * rest);
      }
    } else {
      leaf.setPart(span + 1, span, offset, sign * (leaf.length(span + 1) + count));
      if (offset == 0) {
        leaf.remove(span, 1);
      } else {
        leaf.setSignedLength(span, -sign * offset);
      }
    }
    nodes.addVisible(leaf, sign * count);
    return true;
  }

  /**
   * Turns units that join no neighbour: their span falls into two or three, or turns as a whole.
   */
  private boolean turnApart(Leaf leaf, int span, int offset, int count, int sign) {
    int rest = leaf.length(span) - offset - count;
    int more = (offset > 0 ? 1 : 0) + (rest > 0 ? 1 : 0);
    Leaf target = leaf;
    int at = span;
    boolean fits = leaf.count + more <= nodes.capacity();
    if (!fits) {
      int kept = leaf.count / 2;
      Leaf added = nodes.split(leaf, kept);
      if (span >= kept) {
        target = added;
        at = span - kept;
      }
    }
    if (more > 0) {
      target.open(at + 1, more);
    }
    if (rest > 0) {
      target.setPart(at + more, at, offset + count, -sign * rest);
    }
    if (offset > 0) {
      target.setPart(at + 1, at, offset, sign * count);
      target.setSignedLength(at, -sign * offset);
    } else {
      target.setSignedLength(at, sign * count);
    }
    nodes.addVisible(target, sign * count);
    return fits;
  }
}
