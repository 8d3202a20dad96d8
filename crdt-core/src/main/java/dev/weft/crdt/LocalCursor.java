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
  private int index;
  // The edition of the tree in which the place is right; at first none.
  private int edition = -1;
  private int deletedUnit = SpanTree.NONE;

  LocalCursor(SpanTree tree) {
    this.tree = tree;
    place = tree.newPlace();
    ahead = tree.newPlace();
  }

  /** Moves directly behind the visible unit before {@code newIndex}. */
  void seek(int newIndex) {
    if (edition == tree.edition()) {
      if (newIndex == index) {
        return;
      }
      int offset = place.offset + newIndex - index;
      if (offset > 0 && place.leaf.count > 0 && offset <= place.leaf.visible(place.span)) {
        place.offset = offset;
        index = newIndex;
        return;
      }
    }
    tree.placeBehindVisible(newIndex, place);
    index = newIndex;
    edition = tree.edition();
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
    index += count;
    edition = tree.edition();
  }

  /**
   * Deletes the visible units behind, up to {@code max} and to the end of their span; there must be
   * one. {@link #deletedUnit} tells the first. The cursor stays.
   *
   * @return how many were deleted
   */
  int delete(int max) {
    lookAhead();
    int count = Math.min(max, leftInSpan());
    deletedUnit = unitAhead();
    if (tree.bury(ahead, count)) {
      edition = tree.edition();
    } else {
      seek(index);
    }
    return count;
  }

  /** Looks for the first visible unit behind, of which {@link #unitAhead} and its like tell. */
  void lookAhead() {
    if (place.isInsideSpan() && place.leaf.isAlive(place.span)) {
      ahead.set(place);
      return;
    }
    for (int span = place.span + 1; span < place.leaf.count; span++) {
      if (place.leaf.isAlive(span)) {
        ahead.set(place.leaf, span, 0);
        return;
      }
    }
    // There may be any number of tombstones between.
    tree.placeBehindVisible(index + 1, ahead);
    ahead.offset--;
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

  /** Returns the first unit that was deleted last. */
  int deletedUnit() {
    return deletedUnit;
  }
}
