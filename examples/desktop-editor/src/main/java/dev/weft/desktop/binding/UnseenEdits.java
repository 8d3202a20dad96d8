package dev.weft.desktop.binding;

import dev.weft.crdt.TextChange.Edit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a shared text has and a Swing document does not show yet: edits in order or, where those are
 * too many or not known, that the two differ. Of too many it still has where they were, so that
 * places can be followed through them. Bounded: 10,000 edits, and where two million were, which
 * takes 24 MB. Not thread-safe.
 */
final class UnseenEdits {
  private static final int MAX_EDITS = 10_000;
  private static final int MAX_EXTENTS = 2_000_000;

  private final Deque<Edit> edits = new ArrayDeque<>();

  /** Where the edits were that have been forgotten since the document last showed all. */
  private final Extents forgotten = new Extents();

  private boolean unknown;
  private boolean placesUnknown;

  boolean isEmpty() {
    return edits.isEmpty() && !unknown;
  }

  /** Returns whether the texts differ in a way that only comparing them can tell. */
  boolean isUnknown() {
    return unknown;
  }

  /** Returns of how many edits it is known where they were: none, or all. */
  int size() {
    return edits.size() + forgotten.size();
  }

  void add(List<Edit> more) {
    if (!unknown && edits.size() + more.size() <= MAX_EDITS) {
      edits.addAll(more);
    } else if (!placesUnknown) {
      unknown = true;
      edits.forEach(forgotten::add);
      edits.clear();
      if (forgotten.size() + more.size() <= MAX_EXTENTS) {
        more.forEach(forgotten::add);
      } else {
        becomeUnknown();
      }
    }
  }

  /** Forgets the edits, and where they were: the texts have to be compared. */
  void becomeUnknown() {
    clear();
    unknown = true;
    placesUnknown = true;
  }

  /** Forgets everything: the document shows the shared text. */
  void clear() {
    edits.clear();
    forgotten.clear();
    unknown = false;
    placesUnknown = false;
  }

  /** Goes through the edits in order, with blanks for what the forgotten ones inserted. */
  void forEach(Consumer<Edit> action) {
    forgotten.forEach(action);
    edits.forEach(action);
  }

  /** Returns the edit to show next; null if there is none. */
  @Nullable Edit first() {
    return edits.peekFirst();
  }

  void removeFirst() {
    edits.removeFirst();
  }

  /** Has a range of the text that is shown become the range of the shared text. O(edits). */
  void lead(FollowedRange shown) {
    forgotten.lead(shown);
    edits.forEach(shown::follow);
  }
}
