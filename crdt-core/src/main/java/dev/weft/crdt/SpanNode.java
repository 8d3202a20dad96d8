package dev.weft.crdt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A node of a {@link SpanTree}: knows its parent, and its position there. Not thread-safe. */
abstract class SpanNode {
  @Nullable Inner parent;
  int position;

  /** Returns the number of visible units below. O(children). */
  abstract int visible();

  /** Spans side by side in document order; {@link #next} is the leaf behind. */
  static final class Leaf extends SpanNode {
    final int number;
    // Two ints a span: first unit; length, negative for a tombstone.
    private final int[] spans;
    int count;
    @Nullable Leaf next;

    Leaf(int number, int capacity) {
      this.number = number;
      this.spans = new int[2 * capacity];
    }

    /** Copies the spans of another leaf; its place among the nodes is the caller's to set. */
    Leaf(Leaf other) {
      number = other.number;
      spans = other.spans.clone();
      count = other.count;
    }

    int first(int span) {
      return spans[2 * span];
    }

    int length(int span) {
      return Math.abs(spans[2 * span + 1]);
    }

    /** Returns the length of a visible span, 0 for a tombstone. */
    int visible(int span) {
      return Math.max(0, spans[2 * span + 1]);
    }

    boolean isAlive(int span) {
      return spans[2 * span + 1] > 0;
    }

    int signedLength(int span) {
      return spans[2 * span + 1];
    }

    void setSignedLength(int span, int signedLength) {
      spans[2 * span + 1] = signedLength;
    }

    void set(int span, int first, int signedLength) {
      spans[2 * span] = first;
      spans[2 * span + 1] = signedLength;
    }

    /** Makes room for {@code gap} spans before a span. */
    void open(int span, int gap) {
      System.arraycopy(spans, 2 * span, spans, 2 * (span + gap), 2 * (count - span));
      count += gap;
    }

    void remove(int span, int gap) {
      System.arraycopy(spans, 2 * (span + gap), spans, 2 * span, 2 * (count - span - gap));
      count -= gap;
    }

    /** Moves the spans from {@code kept} on to an empty leaf. */
    void moveTail(int kept, Leaf target) {
      System.arraycopy(spans, 2 * kept, target.spans, 0, 2 * (count - kept));
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
  }

  /** Children in document order, each with the number of visible units below it. */
  static final class Inner extends SpanNode {
    final SpanNode[] children;
    final int[] visible;
    int count;

    Inner(int capacity) {
      children = new SpanNode[capacity];
      visible = new int[capacity];
    }

    void insert(int at, SpanNode child, int visibleBelow) {
      System.arraycopy(children, at, children, at + 1, count - at);
      System.arraycopy(visible, at, visible, at + 1, count - at);
      children[at] = child;
      visible[at] = visibleBelow;
      count++;
      child.parent = this;
      for (int i = at; i < count; i++) {
        children[i].position = i;
      }
    }

    /** Moves the children from {@code kept} on to an empty node. */
    void moveTail(int kept, Inner target) {
      target.count = count - kept;
      for (int i = 0; i < target.count; i++) {
        SpanNode child = children[kept + i];
        target.children[i] = child;
        target.visible[i] = visible[kept + i];
        child.parent = target;
        child.position = i;
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
  }
}
