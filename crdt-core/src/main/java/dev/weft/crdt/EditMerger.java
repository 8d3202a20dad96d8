package dev.weft.crdt;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes as few edits as possible of insertions and deletions from left to right. Not thread-safe.
 */
final class EditMerger {
  private final List<TextChange.Edit> edits = new ArrayList<>();
  private final StringBuilder inserted = new StringBuilder();
  private int index;
  private int deletedLength;

  void insert(int at, char[] units) {
    goTo(at);
    inserted.append(units);
  }

  void delete(int at, int length) {
    goTo(at);
    deletedLength += length;
  }

  private void goTo(int at) {
    if (at != index + inserted.length()) {
      end();
      index = at;
    }
  }

  private void end() {
    if (deletedLength > 0 || inserted.length() > 0) {
      edits.add(new TextChange.Edit(index, deletedLength, inserted.toString()));
      index += inserted.length();
      deletedLength = 0;
      inserted.setLength(0);
    }
  }

  /** Returns the edits. */
  List<TextChange.Edit> take() {
    end();
    return List.copyOf(edits);
  }
}
