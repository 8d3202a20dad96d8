package dev.weft.desktop.binding;

import dev.weft.crdt.TextChange.Edit;
import dev.weft.desktop.binding.Offsets.Side;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a shared text has and a Swing document does not show yet: edits in order or, where those are
 * too many or not known, that the two differ. Bounded. Not thread-safe.
 */
final class UnseenEdits {
  private static final int MAX_EDITS = 10_000;

  private final Deque<Edit> edits = new ArrayDeque<>();
  private boolean unknown;

  boolean isEmpty() {
    return edits.isEmpty() && !unknown;
  }

  /** Returns whether the texts differ in a way that only comparing them can tell. */
  boolean isUnknown() {
    return unknown;
  }

  int size() {
    return edits.size();
  }

  void add(List<Edit> more) {
    if (unknown) {
      return;
    }
    if (edits.size() + more.size() > MAX_EDITS) {
      becomeUnknown();
    } else {
      edits.addAll(more);
    }
  }

  /** Forgets the edits: the texts have to be compared. */
  void becomeUnknown() {
    edits.clear();
    unknown = true;
  }

  /** Forgets everything: the document shows the shared text. */
  void clear() {
    edits.clear();
    unknown = false;
  }

  /** Goes through the edits in order. */
  void forEach(Consumer<Edit> action) {
    edits.forEach(action);
  }

  /** Returns the edit to show next; null if there is none. */
  @Nullable Edit first() {
    return edits.peekFirst();
  }

  void removeFirst() {
    edits.removeFirst();
  }

  /** Returns which index of the shared text stands at an index of the text that is shown. */
  int follow(int shown) {
    int index = shown;
    for (Edit edit : edits) {
      index = Offsets.follow(index, edit, Side.LEFT);
    }
    return index;
  }
}
