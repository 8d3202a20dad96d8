package dev.weft.crdt;

import dev.weft.crdt.SpanNode.Inner;
import dev.weft.crdt.SpanNode.Leaf;
import org.jspecify.annotations.Nullable;

/** Checks the invariants of a {@link SpanTree} by their definitions, for tests. Not thread-safe. */
final class SpanTreeChecker {
  private static final int NONE = SpanTree.NONE;

  private final SpanTree tree;
  private final OperationLog log;
  private final boolean[] seen;

  // By unit: what the Fugue tree is by its definition.
  private final int[] parent;
  private final boolean[] isRightChild;
  private final int[] right;
  private final int[] left;

  SpanTreeChecker(SpanTree tree, OperationLog log) {
    this.tree = tree;
    this.log = log;
    int units = tree.unitCount();
    seen = new boolean[units];
    parent = new int[units];
    isRightChild = new boolean[units];
    right = new int[units];
    left = new int[units];
  }

  /** Checks I1 to I7. O(units x depth of the Fugue tree). */
  void check() {
    growFugueTree();
    SpanNode root = tree.root();
    Leaf expected = checkNode(root, tree.firstLeaf(), depth());
    Contents.check(expected == null, "I4: leaves are linked that the tree does not hold");
    for (int unit = 0; unit < seen.length; unit++) {
      Contents.check(seen[unit], "I1: no span holds unit " + unit);
    }
    int visible = root.visible();
    Contents.check(
        visible == tree.length(), "I3: " + visible + " visible units, length=" + tree.length());
  }

  private int depth() {
    int depth = 0;
    for (SpanNode node = tree.firstLeaf(); node.parent != null; node = node.parent) {
      depth++;
    }
    return depth;
  }

  private @Nullable Leaf checkNode(SpanNode node, @Nullable Leaf expected, int depth) {
    if (node instanceof Leaf leaf) {
      Contents.check(depth == 0, "I4: leaf " + leaf.number + " is " + depth + " levels too high");
      Contents.check(leaf == expected, "I4: leaf " + leaf.number + " is linked out of order");
      checkLeaf(leaf);
      return leaf.next;
    }
    Inner inner = (Inner) node;
    Leaf next = expected;
    for (int i = 0; i < inner.count; i++) {
      SpanNode child = inner.children[i];
      Contents.check(
          child.parent == inner && child.position == i, "I4: a child is lost, position=" + i);
      next = checkNode(child, next, depth - 1);
      int below = child.visible();
      Contents.check(
          below == inner.visible[i], "I3: " + below + " visible, counted " + inner.visible[i]);
      for (int side = SpanNode.RIGHT; side <= SpanNode.LEFT; side++) {
        int least = child.leastDepth(side);
        Contents.check(
            least == inner.depth(side, i), "I6: least " + least + ", kept " + inner.depth(side, i));
      }
    }
    return next;
  }

  private void checkLeaf(Leaf leaf) {
    Contents.check(leaf.count > 0 || seen.length == 0, "I2: leaf " + leaf.number + " is empty");
    for (int i = 0; i < leaf.count; i++) {
      Contents.check(leaf.length(i) > 0, "I2: a span of leaf " + leaf.number + " is empty");
      for (int unit = leaf.first(i); unit < leaf.end(i); unit++) {
        Contents.check(!seen[unit], "I1: two spans hold unit " + unit);
        seen[unit] = true;
        Contents.check(
            tree.leafOf(unit) == leaf, "I5: unit " + unit + " is not in leaf " + leaf.number);
        int inSpan = leaf.depth(SpanNode.RIGHT, i) + unit - leaf.first(i);
        Contents.check(
            inSpan == right[unit] && leaf.depth(SpanNode.LEFT, i) == left[unit],
            "I6: unit " + unit + " has other depths");
        Contents.check(
            tree.isDeleted(unit) != leaf.isAlive(i),
            "I7: unit " + unit + ", alive " + leaf.isAlive(i));
        Contents.check(
            unit == leaf.first(i) || (parent[unit] == unit - 1 && isRightChild[unit]),
            "I6: unit " + unit + " is no right child of the one before");
      }
    }
  }

  private void growFugueTree() {
    int unitsOfBase = growBase();
    for (int operation = 0; operation < log.size(); operation++) {
      if (!log.isInsert(operation) || log.firstUnit(operation) < unitsOfBase) {
        continue;
      }
      int originRight = log.originRight(operation);
      for (int unit = log.firstUnit(operation); unit < log.endUnit(operation); unit++) {
        int originLeft = log.originLeft(operation, unit);
        boolean toRight = !isBelowOnRight(originRight, originLeft);
        parent[unit] = toRight ? originLeft : originRight;
        isRightChild[unit] = toRight;
        right[unit] = (toRight ? 1 : 0) + rightOf(parent[unit]);
        left[unit] =
            (toRight ? 0 : 1) + (parent[unit] == NONE ? FugueTree.ROOT_LEFT : left[parent[unit]]);
      }
    }
  }

  /** Grows what the history begins with, whose numbers are in no order; returns how many units. */
  private int growBase() {
    HistoryBase base = log.base();
    if (base == null) {
      return 0;
    }
    int before = NONE;
    for (int unit = base.unitBehind(NONE); unit != NONE; unit = base.unitBehind(unit)) {
      parent[unit] = before;
      isRightChild[unit] = true;
      right[unit] = rightOf(before) + 1;
      left[unit] = FugueTree.ROOT_LEFT;
      before = unit;
    }
    return base.unitCount();
  }

  private int rightOf(int unit) {
    return unit == NONE ? FugueTree.ROOT_RIGHT : right[unit];
  }

  private boolean isBelowOnRight(int unit, int ancestor) {
    int at = unit;
    while (at != NONE && parent[at] != ancestor) {
      at = parent[at];
    }
    return at != NONE && isRightChild[at];
  }
}
