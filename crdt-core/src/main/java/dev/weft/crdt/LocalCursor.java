package dev.weft.crdt;

/**
 * Where the local author edits: a place in a {@link SpanTree} that is remembered with its visible
 * index, so that the next edit beside it needs no search. Not thread-safe.
 *
 * <p>A cursor that the tree changed under finds its place anew by its index.
 */
final class LocalCursor {
  private final SpanTree tree;
  private final Place place;
  private final Place ahead;
  // Where in its leaf to look for the unit ahead, if those before it were deleted from here.
  private int aheadSpan = SpanTree.NONE;
  private int index;
  // The edition of the tree in which the place is right; at first none.
  private int edition = -1;

  LocalCursor(SpanTree tree) {
    this.tree = tree;
    place = tree.newPlace();
    ahead = tree.newPlace();
  }

  /** Moves directly behind the visible unit before {@code newIndex}. */
  void seek(int newIndex) {
    boolean isHere = edition == tree.edition();
    if (isHere && newIndex == index) {
      return;
    }
    if (isHere && newIndex > 0) {
      tree.moveBehindVisible(newIndex - index, place);
    } else {
      tree.placeBehindVisible(newIndex, place);
    }
    moved(newIndex);
  }

  private void moved(int newIndex) {
    index = newIndex;
    edition = tree.edition();
    aheadSpan = SpanTree.NONE;
  }

  /** Returns the unit before, deleted or not, {@link SpanTree#NONE} at the start. */
  int unitBefore() {
    return place.unitBefore();
  }

  /** Returns the unit behind, deleted or not, {@link SpanTree#NONE} at the end. */
  int unitAfter() {
    return place.unitAfter();
  }

  /** Inserts the next {@code count} new units here, and moves behind them. */
  void insert(int count) {
    tree.insert(place, count);
    moved(index + count);
  }

  /**
   * Looks for the first visible unit behind, which there must be; {@link #unitAhead} and its like
   * tell of it.
   */
  void lookAhead() {
    if (aheadSpan != SpanTree.NONE) {
      tree.placeBeforeVisible(ahead.leaf, aheadSpan, ahead);
    } else if (place.isInsideSpan() && place.leaf.isAlive(place.span)) {
      ahead.set(place);
    } else {
      // The place is at the end of its span, or before all spans.
      tree.placeBeforeVisible(place.leaf, place.offset == 0 ? 0 : place.span + 1, ahead);
    }
  }

  /** Returns the visible unit that was looked for. */
  int unitAhead() {
    return ahead.leaf.first(ahead.span) + ahead.offset;
  }

  /** Returns how many units its span has before the unit ahead. */
  int passedInSpan() {
    return ahead.offset;
  }

  /** Returns how many units its span has from the unit ahead on. */
  int leftInSpan() {
    return ahead.leaf.length(ahead.span) - ahead.offset;
  }

  /** Deletes {@code count} units of its span from the unit ahead on. The cursor stays. */
  void deleteAhead(int count) {
    int behind = ahead.offset > 0 ? ahead.span + 1 : ahead.span;
    if (tree.bury(ahead, count)) {
      edition = tree.edition();
      aheadSpan = behind;
    } else {
      seek(index);
    }
  }
}
