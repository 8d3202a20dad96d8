package dev.weft.crdt;

import java.util.ArrayList;
import java.util.List;

/**
 * Units to be made visible or invisible in an order of units, each once, and what that does to the
 * text, told from left to right. Not thread-safe.
 */
final class Toggles {
  /** Units with consecutive numbers of one span. */
  record Piece(int unit, int count, boolean shows) {}

  private final SpanTree tree;
  private final VisibleUnits wanted;
  private final Place scratch;
  private final UnitSet collected = new UnitSet();
  private final List<Piece> pieces = new ArrayList<>();

  /**
   * Creates an empty collection.
   *
   * @param wanted which units are to be visible
   */
  Toggles(SpanTree tree, VisibleUnits wanted) {
    this.tree = tree;
    this.wanted = wanted;
    scratch = tree.newPlace();
  }

  /** Collects those of some units that are not as wanted. */
  void collect(int first, int count) {
    int end = first + count;
    int unit = collected.nextAbsent(first, end);
    while (unit < end) {
      int stop = collected.nextPresent(unit, end);
      collected.add(unit, stop - unit);
      collectNew(unit, stop);
      unit = collected.nextAbsent(stop, end);
    }
  }

  private void collectNew(int first, int end) {
    int unit = first;
    while (unit < end) {
      boolean shows = wanted.isVisible(unit);
      boolean isShown = !tree.isDeleted(unit);
      int stop = Math.min(end, unit + tree.unitsFrom(unit));
      int next = unit + 1;
      while (next < stop && wanted.isVisible(next) == shows) {
        next++;
      }
      if (shows != isShown) {
        pieces.add(new Piece(unit, next - unit, shows));
      }
      unit = next;
    }
  }

  /** Returns the pieces in document order. */
  List<Piece> inOrder() {
    pieces.sort((a, b) -> tree.compare(a.unit, b.unit));
    return pieces;
  }

  /** Makes all units as wanted, and returns the edits that this is, from left to right. */
  List<TextChange.Edit> carryOut(UnitText text) {
    EditMerger edits = new EditMerger();
    for (Piece piece : inOrder()) {
      int index = tree.indexOf(piece.unit, scratch);
      int done = 0;
      while (done < piece.count) {
        int unit = piece.unit + done;
        int left = piece.count - done;
        done += piece.shows ? tree.revive(unit, left, scratch) : tree.delete(unit, left, scratch);
      }
      if (piece.shows) {
        char[] units = new char[piece.count];
        text.copy(piece.unit, piece.count, units, 0);
        edits.insert(index, units);
      } else {
        edits.delete(index, piece.count);
      }
    }
    return edits.take();
  }
}
