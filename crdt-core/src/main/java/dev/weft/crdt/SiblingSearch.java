package dev.weft.crdt;

import dev.weft.crdt.SpanNode.Inner;
import dev.weft.crdt.SpanNode.Leaf;

/**
 * Finds the place of a new unit among its siblings in the {@link FugueTree}: those who typed at the
 * same place at the same time. O(log spans) steps of O(log spans), however many siblings there are
 * and whatever is below them. Not thread-safe.
 *
 * <p>The siblings on one side, with all below them, stand side by side between two units that the
 * tree tells. Each unit between is below one sibling or is one, and siblings are sorted. So the
 * units that stand before the new one are a first part of those between, and their last is found by
 * bisection: first near the start, since most gaps are small, then in ever larger parts of the span
 * tree.
 */
final class SiblingSearch {
  private static final int NONE = SpanTree.NONE;

  private final CausalHistory history;
  private final OperationLog log;
  private final SpanTree tree;
  private final FugueTree fugue;

  // The new unit, and the unit behind its siblings, NONE at the end of the document.
  private int side;
  private int right;
  private int left;
  private int originRight;
  private long replica;
  private int end;

  SiblingSearch(CausalHistory history, OperationLog log, SpanTree tree) {
    this.history = history;
    this.log = log;
    this.tree = tree;
    fugue = new FugueTree(tree);
  }

  /** Finds the place of a unit that {@code newReplica} inserted between two origins. */
  void find(int originLeft, int newOriginRight, long newReplica, Place place) {
    originRight = newOriginRight;
    replica = newReplica;
    end = fugue.behindRightSubtree(originLeft);
    if (isBetween(originLeft, newOriginRight, end)) {
      side = SpanNode.LEFT;
      right = fugue.rightDepth(newOriginRight);
      left = fugue.leftDepth(newOriginRight) + 1;
      end = newOriginRight;
      tree.placeBehind(fugue.beforeLeftSubtree(newOriginRight), place);
    } else {
      side = SpanNode.RIGHT;
      right = fugue.rightDepth(originLeft) + 1;
      left = fugue.leftDepth(originLeft);
      tree.placeBehind(originLeft, place);
    }
    passUnitsBefore(place);
  }

  /** Returns the right depth of the unit placed last. */
  int rightDepth() {
    return right;
  }

  /** Returns the left depth of the unit placed last. */
  int leftDepth() {
    return left;
  }

  private boolean isBetween(int before, int unit, int behind) {
    return unit != NONE
        && (before == NONE || tree.compare(before, unit) < 0)
        && (behind == NONE || tree.compare(unit, behind) < 0);
  }

  /** Moves a place before all siblings behind the last unit that stands before the new one. */
  private void passUnitsBefore(Place place) {
    int next = place.unitAfter();
    if (next == NONE || !standsBefore(next)) {
      return;
    }
    // From here on whole spans are passed: a sibling stands before the new unit with all below it,
    // and the units of a span are below its first.
    if (!place.isInsideSpan()) {
      tree.placeBehind(next, place);
    }
    SpanNode node = place.leaf;
    int entry = lastBefore(node, place.span);
    while (entry == node.count - 1) {
      SpanNode below = node;
      while (below.parent != null && below.position == below.parent.count - 1) {
        below = below.parent;
      }
      if (below.parent == null) {
        break;
      }
      int beyond = lastBefore(below.parent, below.position);
      if (beyond == below.position) {
        break;
      }
      node = below.parent;
      entry = beyond;
    }
    while (node instanceof Inner inner) {
      node = inner.children[entry];
      entry = lastBefore(node, 0);
    }
    Leaf leaf = (Leaf) node;
    place.set(leaf, entry, leaf.length(entry));
  }

  /** Returns the last entry of a node whose first unit stands before; {@code known} does. */
  private int lastBefore(SpanNode node, int known) {
    int low = known;
    int high = node.count - 1;
    if (low < high && !standsBefore(node.firstUnit(low + 1))) {
      return low;
    }
    while (low < high) {
      int mid = (low + high + 1) >>> 1;
      if (standsBefore(node.firstUnit(mid))) {
        low = mid;
      } else {
        high = mid - 1;
      }
    }
    return low;
  }

  /** Returns whether a unit that stands behind the siblings' start stands before the new one. */
  private boolean standsBefore(int unit) {
    if (end != NONE && tree.compare(unit, end) >= 0) {
      return false;
    }
    if (side == SpanNode.LEFT) {
      int sibling = fugue.leftChildOver(unit, right, left);
      return precedes(sibling, log.operationOfUnit(sibling));
    }
    int sibling = fugue.rightChildOver(unit, right, left);
    int operation = log.operationOfUnit(sibling);
    int other = log.originRight(operation);
    if (other == originRight) {
      return precedes(sibling, operation);
    }
    return other == NONE || (originRight != NONE && tree.compare(other, originRight) > 0);
  }

  /** Returns whether a sibling is first by replica, or is older and by the same one. */
  private boolean precedes(int sibling, int operation) {
    int event = log.firstEvent(operation) + sibling - log.firstUnit(operation);
    long other = history.replicaId(history.runReplica(history.runAt(event)));
    return Long.compareUnsigned(other, replica) <= 0;
  }
}
