package dev.weft.crdt;

import dev.weft.crdt.SpanNode.Inner;
import dev.weft.crdt.SpanNode.Leaf;

/**
 * The tree whose walk is the order of the text, as Weidner, Gentle and Kleppmann define it in "The
 * Art of the Fugue" (arXiv 2305.00583). It is nowhere stored: only how deep each unit stands in it,
 * beside the spans of a {@link SpanTree}. Not thread-safe.
 *
 * <p>Each unit has one parent, of which it is a left child or a right child; the root is the start
 * of the document. The walk visits a unit's left children with all below them, then the unit, then
 * its right children with all below them. A unit with origins (left, right) is
 *
 * <ul>
 *   <li>a left child of its origin right, if that stands below the origin left, among its right
 *       children and what is below those;
 *   <li>a right child of its origin left otherwise.
 * </ul>
 *
 * <p>So neither a unit's parent nor its <i>depths</i> ever change: how many steps to a right child
 * and how many to a left child lead down to it from the root. On the text {@code ad} somebody typed
 * {@code c} between the two and {@code b} before that; (right, left) below each:
 *
 * <pre>
 *   start
 *     \                     text    a     b     c     d
 *      a                    right   0     1     1     1
 *       \                   left    0     2     1     0
 *        d
 *       /
 *      c
 *     /
 *    b
 * </pre>
 *
 * <p>What is below a unit on its right is deeper in right steps, and what stands directly behind
 * all that is not: it is reached without a step to the right from the unit or from one above it. So
 * the right subtree of a unit ends before the next unit whose right depth is no greater than its
 * own, and by symmetry its left subtree begins behind the last unit before it whose left depth is
 * no greater. The span tree keeps the least depths below each node, which makes either a search of
 * O(log spans).
 */
final class FugueTree {
  private static final int NONE = SpanTree.NONE;

  /** The depths of the root. */
  static final int ROOT_RIGHT = -1;

  static final int ROOT_LEFT = 0;

  private final SpanTree tree;

  // The span found last.
  private Leaf leaf;
  private int span;

  FugueTree(SpanTree tree) {
    this.tree = tree;
    leaf = tree.firstLeaf();
  }

  /** Returns a unit's right depth, that of the root for {@link SpanTree#NONE}. */
  int rightDepth(int unit) {
    if (unit == NONE) {
      return ROOT_RIGHT;
    }
    Leaf at = tree.leafOf(unit);
    int in = at.spanOf(unit);
    return at.depth(SpanNode.RIGHT, in) + unit - at.first(in);
  }

  /** Returns a unit's left depth, that of the root for {@link SpanTree#NONE}. */
  int leftDepth(int unit) {
    if (unit == NONE) {
      return ROOT_LEFT;
    }
    Leaf at = tree.leafOf(unit);
    return at.depth(SpanNode.LEFT, at.spanOf(unit));
  }

  /**
   * Returns the first unit behind those below {@code unit} on its right, {@link SpanTree#NONE} if
   * the document ends with them. O(log spans).
   */
  int behindRightSubtree(int unit) {
    if (unit == NONE) {
      return NONE;
    }
    find(unit);
    int depth = leaf.depth(SpanNode.RIGHT, span) + unit - leaf.first(span);
    return findNext(SpanNode.RIGHT, depth) ? leaf.first(span) : NONE;
  }

  /**
   * Returns the last unit before those below {@code unit} on its left, {@link SpanTree#NONE} if the
   * document begins with them. O(log spans).
   */
  int beforeLeftSubtree(int unit) {
    find(unit);
    if (unit > leaf.first(span)) {
      return unit - 1;
    }
    return findPrevious(SpanNode.LEFT, leaf.depth(SpanNode.LEFT, span)) ? leaf.end(span) - 1 : NONE;
  }

  /**
   * Returns the right child that is {@code unit} or above it, of a parent above both. O(log spans).
   *
   * @param right the child's right depth
   * @param left its left depth, which is its parent's
   */
  int rightChildOver(int unit, int right, int left) {
    // Unless the unit is below the child on its left, no more steps to the left lead to the last
    // unit below the child on its right, so the search ends there at the latest; and if it is, with
    // the child.
    int within = nextNoDeeperLeft(unit, left);
    return lastNoDeeperRight(within, right);
  }

  /**
   * Returns the left child that is {@code unit} or above it, of a parent above both. O(log spans).
   *
   * @param right the child's right depth, which is its parent's
   * @param left its left depth
   */
  int leftChildOver(int unit, int right, int left) {
    int within = lastNoDeeperRight(unit, right);
    return nextNoDeeperLeft(within, left);
  }

  /** Returns the unit itself or the next behind it whose left depth is {@code depth} at most. */
  private int nextNoDeeperLeft(int unit, int depth) {
    find(unit);
    if (leaf.depth(SpanNode.LEFT, span) <= depth) {
      return unit;
    }
    require(findNext(SpanNode.LEFT, depth), unit);
    return leaf.first(span);
  }

  /** Returns the unit itself or the last before it whose right depth is {@code depth} at most. */
  private int lastNoDeeperRight(int unit, int depth) {
    find(unit);
    int most = unit - leaf.first(span);
    if (leaf.depth(SpanNode.RIGHT, span) > depth) {
      require(findPrevious(SpanNode.RIGHT, depth), unit);
      most = leaf.length(span) - 1;
    }
    return leaf.first(span) + Math.min(most, depth - leaf.depth(SpanNode.RIGHT, span));
  }

  private static void require(boolean found, int unit) {
    if (!found) {
      throw new AssertionError("I6: unit " + unit + " is below nothing");
    }
  }

  private void find(int unit) {
    leaf = tree.leafOf(unit);
    span = leaf.spanOf(unit);
  }

  /** Moves on to the next span that begins no deeper than {@code depth}, if there is one. */
  private boolean findNext(int side, int depth) {
    int entry = span + 1;
    SpanNode node = leaf;
    while (true) {
      while (entry < node.count && node.depth(side, entry) > depth) {
        entry++;
      }
      if (entry < node.count) {
        break;
      }
      if (node.parent == null) {
        return false;
      }
      entry = node.position + 1;
      node = node.parent;
    }
    while (node instanceof Inner inner) {
      node = inner.children[entry];
      entry = 0;
      while (node.depth(side, entry) > depth) {
        entry++;
      }
    }
    leaf = (Leaf) node;
    span = entry;
    return true;
  }

  /** Moves back to the last span before that begins no deeper than {@code depth}, if any. */
  private boolean findPrevious(int side, int depth) {
    int entry = span - 1;
    SpanNode node = leaf;
    while (true) {
      while (entry >= 0 && node.depth(side, entry) > depth) {
        entry--;
      }
      if (entry >= 0) {
        break;
      }
      if (node.parent == null) {
        return false;
      }
      entry = node.position - 1;
      node = node.parent;
    }
    while (node instanceof Inner inner) {
      node = inner.children[entry];
      entry = node.count - 1;
      while (node.depth(side, entry) > depth) {
        entry--;
      }
    }
    leaf = (Leaf) node;
    span = entry;
    return true;
  }
}
