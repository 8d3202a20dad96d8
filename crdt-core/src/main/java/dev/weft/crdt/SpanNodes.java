package dev.weft.crdt;

import dev.weft.crdt.SpanNode.Inner;
import dev.weft.crdt.SpanNode.Leaf;
import java.util.Arrays;

/**
 * The nodes of a {@link SpanTree}, which split when they are full, and what is kept on the way from
 * a leaf to the root. Not thread-safe.
 */
final class SpanNodes {
  // What is restored may fall into many spans, so that it cannot be told beforehand how many leaves
  // are parted.
  private static final int LEAVES_RESERVED = 1 << 20;

  private final int capacity;
  private final LeafIndex index;
  private final Leaf firstLeaf;
  private Leaf[] leaves = new Leaf[4];
  private int leafCount;
  private SpanNode root;
  private int visible;

  /** Creates an empty leaf. */
  SpanNodes(int capacity) {
    this.capacity = capacity;
    index = new LeafIndex();
    firstLeaf = newLeaf();
    root = firstLeaf;
  }

  SpanNodes(SpanNodes other) {
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
    visible = other.visible;
  }

  private SpanNode copyOf(SpanNode node) {
    if (node instanceof Leaf leaf) {
      return leaves[leaf.number];
    }
    Inner inner = (Inner) node;
    Inner copy = new Inner(inner);
    for (int i = 0; i < inner.count; i++) {
      copy.setChild(i, copyOf(inner.children[i]));
    }
    return copy;
  }

  /** Returns how many entries a node has room for. */
  int capacity() {
    return capacity;
  }

  /** Returns whether there may be so many more leaves, and some besides. */
  boolean hasRoomFor(long moreLeaves) {
    return moreLeaves <= LeafIndex.MAX_LEAVES - LEAVES_RESERVED - leafCount;
  }

  SpanNode root() {
    return root;
  }

  Leaf firstLeaf() {
    return firstLeaf;
  }

  /** Returns the number of visible units. */
  int visible() {
    return visible;
  }

  /** Returns the leaf in which a unit stands. */
  Leaf leafOf(int unit) {
    return leaves[index.leafOf(unit)];
  }

  /** Says that units from {@code unit} on stand in a leaf. */
  void setLeafOf(int unit, int count, Leaf leaf) {
    index.set(unit, count, leaf.number);
  }

  /** Says that the next units stand in the leaf of the last one. */
  void extendLeaf(int count, Leaf leaf) {
    index.extend(count, leaf.number);
  }

  // --- Filling an empty tree ---

  /**
   * Appends a span to the last leaf, or to a new one; there are no inner nodes yet.
   *
   * @return the number of the leaf
   */
  int append(int first, int signedLength, int right, int left) {
    Leaf leaf = leaves[leafCount - 1];
    if (leaf.count == filled()) {
      Leaf behind = newLeaf();
      leaf.next = behind;
      leaf = behind;
    }
    leaf.append(first, signedLength, right, left);
    visible += Math.max(0, signedLength);
    return leaf.number;
  }

  /**
   * Says that the next units, those that the last leaves were given as neighbours, stand there.
   *
   * @param leafNumber the leaf of the first
   */
  void appendIndex(int unit, int count, int leafNumber) {
    int from = unit;
    int stop = unit + count;
    Leaf leaf = leaves[leafNumber];
    int end = leaf.end(leaf.count - 1);
    while (end > from && end < stop) {
      index.append(end - from, leaf.number);
      from = end;
      leaf = leaves[leaf.number + 1];
      end = leaf.end(leaf.count - 1);
    }
    index.append(stop - from, leaf.number);
  }

  /** Returns how many bytes of memory this takes, about. O(nodes). */
  long memoryBytes() {
    // A leaf has two ints a span and two depths; of inner nodes, which have two arrays of
    // references
    // and counts and two depths, there are few.
    long leaf = Footprint.OBJECT_BYTES + 24 + 2L * Footprint.ofInts(2 * capacity);
    long inner =
        Footprint.OBJECT_BYTES
            + 24
            + 2L * Footprint.ofInts(capacity)
            + Footprint.ofInts(2 * capacity);
    return leafCount * leaf
        + innerCount(root) * inner
        + Footprint.ofInts(leaves.length)
        + index.memoryBytes();
  }

  private static long innerCount(SpanNode node) {
    if (!(node instanceof Inner inner)) {
      return 0;
    }
    long count = 1;
    for (int i = 0; i < inner.count; i++) {
      count += innerCount(inner.children[i]);
    }
    return count;
  }

  /** Puts inner nodes above the leaves. */
  void growUp() {
    index.endAppending();
    SpanNode[] level = Arrays.copyOf(leaves, leafCount, SpanNode[].class);
    while (level.length > 1) {
      SpanNode[] above = new SpanNode[(level.length + filled() - 1) / filled()];
      for (int i = 0; i < above.length; i++) {
        Inner parent = new Inner(capacity);
        int from = i * filled();
        int to = Math.min(level.length, from + filled());
        for (int child = from; child < to; child++) {
          parent.insert(child - from, level[child], level[child].visible());
        }
        above[i] = parent;
      }
      level = above;
    }
    root = level[0];
  }

  /** Returns how many entries a new node gets where there are many, so that it has room left. */
  private int filled() {
    return capacity * 7 / 8;
  }

  /** Counts visible units that came in below a leaf, or went if negative. */
  void addVisible(Leaf leaf, int delta) {
    visible += delta;
    SpanNode node = leaf;
    for (Inner parent = node.parent; parent != null; parent = node.parent) {
      parent.visible[node.position] += delta;
      node = parent;
    }
  }

  /** Lowers the least depths above a leaf to those of a unit that came in. */
  void lowerDepths(Leaf leaf, int right, int left) {
    SpanNode node = leaf;
    for (Inner parent = node.parent; parent != null; parent = node.parent) {
      parent.lowerDepths(node.position, right, left);
      node = parent;
    }
  }

  /** Moves the spans from {@code kept} on to a new leaf behind this one, and returns it. */
  Leaf split(Leaf leaf, int kept) {
    Leaf right = newLeaf();
    leaf.moveTail(kept, right);
    right.next = leaf.next;
    leaf.next = right;
    Leaf renumbered = right;
    if (right.units() > leaf.units()) {
      // The leaf with fewer units has the new number, so that each unit is told anew O(log units)
      // times, however long its span is.
      renumbered = leaf;
      int number = leaf.number;
      leaf.number = right.number;
      right.number = number;
      leaves[leaf.number] = leaf;
      leaves[right.number] = right;
    }
    for (int i = 0; i < renumbered.count; i++) {
      index.set(renumbered.first(i), renumbered.length(i), renumbered.number);
    }
    insertBehind(leaf, right, right.visible());
    return right;
  }

  private void insertBehind(SpanNode left, SpanNode right, int rightVisible) {
    Inner parent = left.parent;
    if (parent == null) {
      parent = new Inner(capacity);
      parent.insert(0, left, visible);
      root = parent;
    } else if (parent.count == capacity) {
      Inner sibling = splitInner(parent);
      if (left.parent == sibling) {
        parent = sibling;
      }
    }
    parent.visible[left.position] -= rightVisible;
    parent.measureDepths(left.position);
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
}
