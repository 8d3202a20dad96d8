package dev.weft.crdt;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects what a transaction or an update does to the text, while somebody observes the document.
 * Not thread-safe.
 */
final class EditRecorder {
  private final UnitText text;
  private final List<TextChange.Edit> edits = new ArrayList<>();
  private boolean on;

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

  void inserted(int index, int unit, int count) {
    char[] units = new char[count];
    text.copy(unit, count, units, 0);
    edits.add(new TextChange.Edit(index, 0, new String(units)));
  }

  /** Says that all of the text came in at once. */
  void filled(SpanTree tree) {
    char[] units = tree.visibleText(0, tree.length(), text);
    if (units.length > 0) {
      edits.add(new TextChange.Edit(0, 0, new String(units)));
    }
  }

  void deleted(int index, int count) {
    edits.add(new TextChange.Edit(index, count, ""));
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
    List<TextChange.Edit> taken = List.copyOf(edits);
    edits.clear();
    return taken;
  }
}
