package dev.weft.crdt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a transaction or an update does to the text, while somebody observes the document.
 * Not thread-safe.
 */
final class EditRecorder {
  private static final int BUDGET_FREE = 1 << 20;
  private static final int BUDGET_FACTOR = 16;

  /** What an edit takes beside its text, about. */
  private static final int EDIT_BYTES = 64;

  private final UnitText text;
  private final List<TextChange.Edit> edits = new ArrayList<>();
  private boolean on;
  // For an update: the order of its units, the length of the text before, and what may be spent.
  private @Nullable SpanTree tree;
  private int lengthBefore;
  private long budget;

  EditRecorder(UnitText text) {
    this.text = text;
  }

  /** Returns whether anything is recorded; while not, the other methods need not be called. */
  boolean isOn() {
    return on;
  }

  void turn(boolean newOn) {
    on = newOn;
  }

  /**
   * Turns this on for an update. If its edits take much more than it and the text do, as where the
   * same is deleted and restored again and again, all of them become one.
   */
  void turnOnFor(int updateBytes, SpanTree updatedTree) {
    on = true;
    tree = updatedTree;
    lengthBefore = updatedTree.length();
    budget = BUDGET_FREE + BUDGET_FACTOR * ((long) updateBytes + lengthBefore);
  }

  void inserted(int index, int unit, int count) {
    if (spend(count)) {
      char[] units = new char[count];
      text.copy(unit, count, units, 0);
      edits.add(new TextChange.Edit(index, 0, new String(units)));
    }
  }

  /** Says that all of the text came in at once. */
  void filled(SpanTree filledTree) {
    char[] units = filledTree.visibleText(0, filledTree.length(), text);
    if (units.length > 0) {
      edits.add(new TextChange.Edit(0, 0, new String(units)));
    }
  }

  void deleted(int index, int count) {
    if (spend(0)) {
      edits.add(new TextChange.Edit(index, count, ""));
    }
  }

  /** Returns whether there is room for another edit; once there is none, all are dropped. */
  private boolean spend(int units) {
    if (tree == null) {
      return true;
    }
    budget -= EDIT_BYTES + units;
    if (budget < 0) {
      edits.clear();
    }
    return budget >= 0;
  }

  /** Makes one edit of those of an update that were too many. */
  void settle() {
    SpanTree updated = tree;
    tree = null;
    if (updated != null && budget < 0) {
      char[] units = updated.visibleText(0, updated.length(), text);
      edits.add(new TextChange.Edit(0, lengthBefore, new String(units)));
    }
  }

  void clear() {
    edits.clear();
    tree = null;
  }

  int size() {
    return edits.size();
  }

  /** Returns the edits collected, for who follows them while they are; not to be kept. */
  List<TextChange.Edit> edits() {
    return edits;
  }

  boolean hasEdits() {
    return !edits.isEmpty();
  }

  /**
   * Returns where a caret is that made the edits collected: behind the last; 0 if there is none.
   */
  int caret() {
    if (edits.isEmpty()) {
      return 0;
    }
    TextChange.Edit last = edits.get(edits.size() - 1);
    return last.index() + last.inserted().length();
  }

  /** Returns the edits collected, and begins anew. */
  List<TextChange.Edit> take() {
    settle();
    List<TextChange.Edit> taken = List.copyOf(edits);
    edits.clear();
    return taken;
  }
}
