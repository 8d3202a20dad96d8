package dev.weft.crdt;

import dev.weft.crdt.SpanNode.Leaf;

/**
 * A place between two units of a {@link SpanTree}: behind so many units of a span. Whatever changes
 * the tree may spoil it. Reused, to allocate nothing. Not thread-safe.
 */
final class Place {
  Leaf leaf;
  int span;
  // At least 1, but for the place before all units.
  int offset;

  Place(Leaf leaf) {
    this.leaf = leaf;
  }

  void set(Leaf newLeaf, int newSpan, int newOffset) {
    leaf = newLeaf;
    span = newSpan;
    offset = newOffset;
  }

  void set(Place other) {
    set(other.leaf, other.span, other.offset);
  }

  /** Returns the unit before, deleted or not, {@link SpanTree#NONE} at the start. */
  int unitBefore() {
    return offset == 0 ? SpanTree.NONE : leaf.first(span) + offset - 1;
  }

  /** Returns the unit behind, deleted or not, {@link SpanTree#NONE} at the end. */
  int unitAfter() {
    if (isInsideSpan()) {
      return leaf.first(span) + offset;
    }
    if (span + 1 < leaf.count) {
      return leaf.first(span + 1);
    }
    return leaf.next == null ? SpanTree.NONE : leaf.next.first(0);
  }

  /** Returns whether the unit behind stands in the place's own span. */
  boolean isInsideSpan() {
    return span < leaf.count && offset < leaf.length(span);
  }

  /** Returns whether the unit behind is below the unit before, on its right. */
  boolean hasRightSubtreeBehind() {
    if (isInsideSpan()) {
      return true;
    }
    int right = offset == 0 ? FugueTree.ROOT_RIGHT : leaf.depth(SpanNode.RIGHT, span) + offset - 1;
    if (span + 1 < leaf.count) {
      return leaf.depth(SpanNode.RIGHT, span + 1) > right;
    }
    return leaf.next != null && leaf.next.depth(SpanNode.RIGHT, 0) > right;
  }
}
