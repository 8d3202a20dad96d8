package dev.weft.desktop.find;

/**
 * A range of a text that moves with the edits before it, and is no more what it was once one comes
 * at it. Confined to one thread.
 */
final class MovingRange {
  private int start;
  private int end;
  private boolean touched;

  MovingRange(int start, int end) {
    this.start = start;
    this.end = end;
  }

  int start() {
    return start;
  }

  /** Returns whether something was edited in it, or right beside it. */
  boolean isTouched() {
    return touched;
  }

  /** Returns whether it is there now. */
  boolean isAt(int start, int end) {
    return this.start == start && this.end == end;
  }

  void edited(int offset, int removed, int inserted) {
    if (offset + removed < start) {
      start += inserted - removed;
      end += inserted - removed;
    } else if (offset <= end) {
      touched = true;
    }
  }
}
