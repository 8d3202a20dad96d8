package dev.weft.crdt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A node of a {@link SpanTree}: entries in document order, each with its least depths. Knows its
 * parent, and its position there. Not thread-safe.
 */
abstract class SpanNode {
  /** The depth that counts a unit's steps to a right child; see {@link FugueTree}. */
  static final int RIGHT = 0;

  /** The depth that counts a unit's steps to a left child. */
  static final int LEFT = 1;

  @Nullable Inner parent;
  int position;
  int count;
  // Two ints an entry, RIGHT and LEFT: of a span its first unit's, of a child the least below it.
  final int[] depths;

  private SpanNode(int capacity) {
    depths = new int[2 * capacity];
  }

  private SpanNode(SpanNode other) {
    depths = other.depths.clone();
    count = other.count;
  }

  /** Returns the number of visible units below. O(entries). */
  abstract int visible();

  /** Returns the first unit below an entry. O(depth of the tree). */
  abstract int firstUnit(int entry);

  /** Returns the least depth below an entry. */
  final int depth(int side, int entry) {
    return depths[2 * entry + side];
  }

  /** Returns the least depth below this node, the greatest int if it is empty. O(entries). */
  final int leastDepth(int side) {
    int least = Integer.MAX_VALUE;
    for (int entry = 0; entry < count; entry++) {
      least = Math.min(least, depths[2 * entry + side]);
    }
    return least;
  }

  final void setDepths(int entry, int right, int left) {
    depths[2 * entry + RIGHT] = right;
    depths[2 * entry + LEFT] = left;
  }

  /** Spans side by side in document order; {@link #next} is the leaf behind. */
  static final class Leaf extends SpanNode {
    int number;
    // Two ints a span: first unit; length, negative for a tombstone.
    private final int[] spans;
    @Nullable Leaf next;

    Leaf(int number, int capacity) {
      super(capacity);
      this.number = number;
      this.spans = new int[2 * capacity];
    }

    /** Copies the spans of another leaf; its place among the nodes is the caller's to set. */
    Leaf(Leaf other) {
      super(other);
      number = other.number;
      spans = other.spans.clone();
    }

    int first(int span) {
      return spans[2 * span];
    }

    int length(int span) {
      return Math.abs(spans[2 * span + 1]);
    }

    /** Returns the unit behind a span, if the units went on in step. */
    int end(int span) {
      return first(span) + length(span);
    }

    /** Returns the number of units, visible or not. O(spans). */
    long units() {
      long sum = 0;
      for (int i = 0; i < count; i++) {
        sum += length(i);
      }
      return sum;
    }

    /** Returns the length of a visible span, 0 for a tombstone. */
    int visible(int span) {
      return Math.max(0, spans[2 * span + 1]);
    }

    boolean isAlive(int span) {
      return spans[2 * span + 1] > 0;
    }

    /** Returns whether a span's length has the sign. */
    boolean isOfKind(int span, int sign) {
      return (spans[2 * span + 1] ^ sign) >= 0;
    }

    int signedLength(int span) {
      return spans[2 * span + 1];
    }

    void setSignedLength(int span, int signedLength) {
      spans[2 * span + 1] = signedLength;
    }

    void append(int first, int signedLength, int right, int left) {
      set(count, first, signedLength);
      setDepths(count, right, left);
      count++;
    }

    void set(int span, int first, int signedLength) {
      spans[2 * span] = first;
      spans[2 * span + 1] = signedLength;
    }

    /** Makes a span the part of {@code of} from {@code offset} on. */
    void setPart(int span, int of, int offset, int signedLength) {
      set(span, first(of) + offset, signedLength);
      setDepths(span, depth(RIGHT, of) + offset, depth(LEFT, of));
    }

    /** Returns whether the span behind a span goes on in step with it: could be one with it. */
    boolean continues(int span) {
      return first(span + 1) == end(span)
          && depth(RIGHT, span + 1) == depth(RIGHT, span) + length(span)
          && depth(LEFT, span + 1) == depth(LEFT, span);
    }

    /** Makes room for {@code gap} spans before a span. */
    void open(int span, int gap) {
      System.arraycopy(spans, 2 * span, spans, 2 * (span + gap), 2 * (count - span));
      System.arraycopy(depths, 2 * span, depths, 2 * (span + gap), 2 * (count - span));
      count += gap;
    }

    void remove(int span, int gap) {
      int behind = count - span - gap;
      System.arraycopy(spans, 2 * (span + gap), spans, 2 * span, 2 * behind);
      System.arraycopy(depths, 2 * (span + gap), depths, 2 * span, 2 * behind);
      count -= gap;
    }

    /** Moves the spans from {@code kept} on to an empty leaf. */
    void moveTail(int kept, Leaf target) {
      System.arraycopy(spans, 2 * kept, target.spans, 0, 2 * (count - kept));
      System.arraycopy(depths, 2 * kept, target.depths, 0, 2 * (count - kept));
      target.count = count - kept;
      count = kept;
    }

    /** Returns the span that holds a unit, which must be here. */
    int spanOf(int unit) {
      for (int i = 0; i < count; i++) {
        int offset = unit - spans[2 * i];
        if (offset >= 0 && offset < Math.abs(spans[2 * i + 1])) {
          return i;
        }
      }
      throw new AssertionError("I5: leaf " + number + " does not hold unit " + unit);
    }

    @Override
    int visible() {
      int sum = 0;
      for (int i = 0; i < count; i++) {
        sum += visible(i);
      }
      return sum;
    }

    @Override
    int firstUnit(int span) {
      return first(span);
    }
  }

  /** Children in document order, each with the number of visible units below it. */
  static final class Inner extends SpanNode {
    final SpanNode[] children;
    final int[] visible;

    Inner(int capacity) {
      super(capacity);
      children = new SpanNode[capacity];
      visible = new int[capacity];
    }

    /** Copies all of another node but its children, which are the caller's to set. */
    Inner(Inner other) {
      super(other);
      children = new SpanNode[other.children.length];
      visible = other.visible.clone();
    }

    void setChild(int at, SpanNode child) {
      children[at] = child;
      child.parent = this;
      child.position = at;
    }

    void insert(int at, SpanNode child, int visibleBelow) {
      System.arraycopy(children, at, children, at + 1, count - at);
      System.arraycopy(visible, at, visible, at + 1, count - at);
      System.arraycopy(depths, 2 * at, depths, 2 * (at + 1), 2 * (count - at));
      children[at] = child;
      visible[at] = visibleBelow;
      count++;
      child.parent = this;
      for (int i = at; i < count; i++) {
        children[i].position = i;
      }
      measureDepths(at);
    }

    /** Takes the least depths of a child from the child. */
    void measureDepths(int at) {
      SpanNode child = children[at];
      setDepths(at, child.leastDepth(RIGHT), child.leastDepth(LEFT));
    }

    /** Lowers the least depths of a child to those of a unit that came in below it. */
    void lowerDepths(int at, int right, int left) {
      setDepths(at, Math.min(depth(RIGHT, at), right), Math.min(depth(LEFT, at), left));
    }

    /** Moves the children from {@code kept} on to an empty node. */
    void moveTail(int kept, Inner target) {
      target.count = count - kept;
      System.arraycopy(depths, 2 * kept, target.depths, 0, 2 * target.count);
      for (int i = 0; i < target.count; i++) {
        SpanNode child = children[kept + i];
        target.setChild(i, child);
        target.visible[i] = visible[kept + i];
      }
      Arrays.fill(children, kept, count, null);
      count = kept;
    }

    @Override
    int visible() {
      int sum = 0;
      for (int i = 0; i < count; i++) {
        sum += visible[i];
      }
      return sum;
    }

    @Override
    int firstUnit(int child) {
      SpanNode node = children[child];
      while (node instanceof Inner inner) {
        node = inner.children[0];
      }
      return node.firstUnit(0);
    }
  }
}
