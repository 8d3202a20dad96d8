package dev.weft.crdt;

import java.util.Arrays;

/**
 * How many intervals hold each number: intervals are added and removed in O(log intervals), however
 * long they are and however many they overlap, and what came to be held, or is no more, is told. A
 * treap (Seidel and Aragon, "Randomized search trees", 1996) of the stretches in which the count is
 * the same, with additions to whole subtrees put off. Not thread-safe.
 */
final class IntervalCounts {
  private static final int NIL = 0;

  /** Takes numbers from {@code start} to before {@code end}. */
  @FunctionalInterface
  interface Visitor {
    void visit(int start, int end);
  }

  // By node, from 1 on: a stretch, which goes up to the next one's start.
  private int[] starts = new int[4];
  private int[] counts = new int[4];
  // The least count in the node's subtree.
  private int[] least = new int[4];
  // What is still to be added to all below the node.
  private int[] pending = new int[4];
  private int[] lefts = new int[4];
  private int[] rights = new int[4];
  // As if random: who makes additions to be costly cannot know them. No result depends on them.
  private int[] priorities = new int[4];
  private int size = 1;
  private int free = NIL;
  private long random = System.identityHashCode(this);

  private int root;
  // What split() returns besides: the stretches from the key on.
  private int upper;
  // Where a stretch that nobody holds began, -1 if the last one was held.
  private int openStart;

  IntervalCounts() {
    root = newNode(0, 0);
  }

  /** Adds an interval, and tells which of its numbers none held before. */
  void add(int start, int end, Visitor newlyHeld) {
    change(start, end, 1, newlyHeld);
  }

  /** Removes an interval of numbers that are all held, and tells which of them none holds now. */
  void remove(int start, int end, Visitor heldNoMore) {
    change(start, end, -1, heldNoMore);
  }

  /** Tells which numbers of [start, end) none holds. O(log intervals + stretches told). */
  void forEachNotHeld(int start, int end, Visitor visitor) {
    change(start, end, 0, visitor);
  }

  /** Returns whether some interval holds a number. O(log intervals). */
  boolean isHeld(int number) {
    int count = 0;
    int added = 0;
    int node = root;
    while (node != NIL) {
      if (starts[node] <= number) {
        count = counts[node] + added;
        added += pending[node];
        node = rights[node];
      } else {
        added += pending[node];
        node = lefts[node];
      }
    }
    return count > 0;
  }

  /** Returns in how many stretches, each of one count, the numbers are. O(nodes released). */
  int stretches() {
    int stretches = size - 1;
    for (int node = free; node != NIL; node = lefts[node]) {
      stretches--;
    }
    return stretches;
  }

  private void change(int start, int end, int delta, Visitor visitor) {
    int below = split(root, start);
    int within = beginAt(start, below, upper);
    within = split(within, end);
    int above = beginAt(end, within, upper);
    if (delta >= 0) {
      tellNotHeld(within, end, visitor);
    }
    addToAll(within, delta);
    if (delta < 0) {
      tellNotHeld(within, end, visitor);
    }
    below = joined(below, within);
    root = joined(below, above);
  }

  /**
   * Returns the upper part of two with a stretch that starts at a number: if there is none, that in
   * which the number lies, the last of the lower part, is parted.
   */
  private int beginAt(int start, int lower, int upperPart) {
    if (upperPart != NIL && starts[first(upperPart)] == start) {
      return upperPart;
    }
    return merge(newNode(start, lastCount(lower)), upperPart);
  }

  /** Returns two parts as one, without the start of the upper if the counts beside it are equal. */
  private int joined(int lower, int upperPart) {
    int start = starts[first(upperPart)];
    int rest = split(upperPart, start + 1);
    int others = upper;
    if (lower != NIL && lastCount(lower) == counts[rest]) {
      release(rest);
      return merge(lower, others);
    }
    return merge(lower, merge(rest, others));
  }

  private int first(int tree) {
    int node = tree;
    while (lefts[node] != NIL) {
      node = lefts[node];
    }
    return node;
  }

  private int lastCount(int tree) {
    int node = tree;
    int added = 0;
    while (rights[node] != NIL) {
      added += pending[node];
      node = rights[node];
    }
    return counts[node] + added;
  }

  private void tellNotHeld(int tree, int end, Visitor visitor) {
    openStart = -1;
    visit(tree, visitor);
    if (openStart >= 0) {
      visitor.visit(openStart, end);
    }
  }

  private void visit(int node, Visitor visitor) {
    if (node == NIL) {
      return;
    }
    if (least[node] > 0) {
      close(starts[first(node)], visitor);
      return;
    }
    pushDown(node);
    visit(lefts[node], visitor);
    if (counts[node] > 0) {
      close(starts[node], visitor);
    } else if (openStart < 0) {
      openStart = starts[node];
    }
    visit(rights[node], visitor);
  }

  private void close(int end, Visitor visitor) {
    if (openStart >= 0) {
      visitor.visit(openStart, end);
      openStart = -1;
    }
  }

  /** Returns the stretches that start below a key, and leaves the others in {@link #upper}. */
  private int split(int node, int key) {
    if (node == NIL) {
      upper = NIL;
      return NIL;
    }
    pushDown(node);
    if (starts[node] < key) {
      rights[node] = split(rights[node], key);
      update(node);
      return node;
    }
    int lower = split(lefts[node], key);
    lefts[node] = upper;
    update(node);
    upper = node;
    return lower;
  }

  /** Returns two trees as one, all of the first being below all of the second. */
  private int merge(int lower, int higher) {
    if (lower == NIL || higher == NIL) {
      return lower == NIL ? higher : lower;
    }
    if (priorities[lower] > priorities[higher]) {
      pushDown(lower);
      rights[lower] = merge(rights[lower], higher);
      update(lower);
      return lower;
    }
    pushDown(higher);
    lefts[higher] = merge(lower, lefts[higher]);
    update(higher);
    return higher;
  }

  private void pushDown(int node) {
    int delta = pending[node];
    if (delta != 0) {
      pending[node] = 0;
      addToAll(lefts[node], delta);
      addToAll(rights[node], delta);
    }
  }

  private void addToAll(int node, int delta) {
    if (node != NIL) {
      counts[node] += delta;
      least[node] += delta;
      pending[node] += delta;
    }
  }

  private void update(int node) {
    int minimum = counts[node];
    if (lefts[node] != NIL) {
      minimum = Math.min(minimum, least[lefts[node]]);
    }
    if (rights[node] != NIL) {
      minimum = Math.min(minimum, least[rights[node]]);
    }
    least[node] = minimum;
  }

  private int newNode(int start, int count) {
    int node = free;
    if (node != NIL) {
      free = lefts[node];
    } else {
      if (size == starts.length) {
        grow(2 * size);
      }
      node = size++;
    }
    starts[node] = start;
    counts[node] = count;
    least[node] = count;
    pending[node] = 0;
    lefts[node] = NIL;
    rights[node] = NIL;
    priorities[node] = nextRandom();
    return node;
  }

  /** Returns the next of numbers that are spread well (SplitMix64 of Steele, Lea and Flood). */
  private int nextRandom() {
    random += 0x9e3779b97f4a7c15L;
    long mixed = (random ^ random >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return (int) (mixed >>> 32);
  }

  private void grow(int capacity) {
    starts = Arrays.copyOf(starts, capacity);
    counts = Arrays.copyOf(counts, capacity);
    least = Arrays.copyOf(least, capacity);
    pending = Arrays.copyOf(pending, capacity);
    lefts = Arrays.copyOf(lefts, capacity);
    rights = Arrays.copyOf(rights, capacity);
    priorities = Arrays.copyOf(priorities, capacity);
  }

  private void release(int node) {
    lefts[node] = free;
    free = node;
  }
}
