package dev.weft.desktop.binding;

import dev.weft.crdt.TextChange.Edit;
import dev.weft.desktop.binding.Offsets.Side;

/**
 * A range of a text that stays with what stands in it while the text is edited. What is inserted at
 * its edges stays outside of it. One in which nothing stands, or is left, stays with the character
 * on its left, as a caret does. Not thread-safe.
 */
final class FollowedRange {
  private int start;
  private int end;

  FollowedRange(int start, int end) {
    this.start = start;
    this.end = end;
  }

  int start() {
    return start;
  }

  /** Returns where it ends, exclusive. */
  int end() {
    return end;
  }

  void follow(Edit edit) {
    follow(edit.index(), edit.deletedLength(), edit.inserted().length());
  }

  /** As {@link #follow(Edit)}, of an edit of which only the extent is known. */
  void follow(int index, int deleted, int inserted) {
    if (start == end) {
      start = Offsets.follow(start, index, deleted, inserted, Side.LEFT);
      end = start;
      return;
    }
    start = afterDeletion(start, index, deleted);
    end = afterDeletion(end, index, deleted);
    if (index < end) {
      end += inserted;
      if (index <= start) {
        start += inserted;
      }
    }
  }

  private static int afterDeletion(int offset, int index, int deleted) {
    return offset <= index ? offset : Math.max(index, offset - deleted);
  }
}
