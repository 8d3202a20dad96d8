package dev.weft.desktop.binding;

import dev.weft.crdt.TextChange.Edit;
import dev.weft.crdt.TextDocument;
import java.util.function.Consumer;
import javax.swing.text.BadLocationException;
import javax.swing.text.Document;
import javax.swing.text.JTextComponent;
import org.jspecify.annotations.Nullable;

/**
 * Shows in a document what it lacks of a shared text, and keeps the person who looks at it where
 * they are. Confined to the event dispatch thread, and called under the lock of the shared text.
 */
final class Showing {
  /** From here on Swing takes one difference of the whole texts faster than each edit. */
  private static final int MANY_EDITS = 1_000;

  private final @Nullable JTextComponent component;
  private final Document document;
  private final ShownText shown;
  private final UnseenEdits unseen;
  private final ScrollHold scroll = new ScrollHold();

  /**
   * Creates what shows.
   *
   * @param component where the person is; null if they are in none, or in several
   */
  Showing(
      @Nullable JTextComponent component, Document document, ShownText shown, UnseenEdits unseen) {
    this.component = component;
    this.document = document;
    this.shown = shown;
    this.unseen = unseen;
  }

  /**
   * Shows what is unseen, and returns whether all is shown then.
   *
   * @param follower is told of each edit of the document, in order
   */
  boolean show(TextDocument shared, Consumer<Edit> follower) {
    if (component == null || component.getDocument() != document) {
      return showFast(shared, follower);
    }
    ViewPlace place = new ViewPlace(component, scroll);
    Consumer<Edit> person = edit -> place.follow(edit, shown.isComposing());
    boolean all = showFast(shared, person.andThen(follower));
    place.restore();
    return all;
  }

  private boolean showFast(TextDocument shared, Consumer<Edit> follower) {
    if (unseen.size() > MANY_EDITS && !shown.isComposing()) {
      unseen.forEach(follower);
      unseen.becomeUnknown();
      return showInOrder(shared, edit -> {});
    }
    return showInOrder(shared, follower);
  }

  private boolean showInOrder(TextDocument shared, Consumer<Edit> follower) {
    boolean orderly = false;
    try {
      boolean all = showEdits(follower) && showDifference(shared, follower);
      orderly = true;
      return all;
    } catch (BadLocationException e) {
      throw new AssertionError("the document is not what it said it was: " + e, e);
    } finally {
      if (!orderly) {
        unseen.becomeUnknown();
      }
    }
  }

  private boolean showEdits(Consumer<Edit> follower) throws BadLocationException {
    for (Edit edit = unseen.first(); edit != null; edit = unseen.first()) {
      if (shown.mustWait(edit)) {
        return false;
      }
      unseen.removeFirst();
      shown.show(edit, follower);
    }
    return true;
  }

  /**
   * Shows what is not known as edits. The lengths tell of what was missed: an observer that throws
   * keeps a change from those after it.
   */
  private boolean showDifference(TextDocument shared, Consumer<Edit> follower)
      throws BadLocationException {
    if (!unseen.isUnknown() && shown.length() == shared.length()) {
      return true;
    }
    Edit difference = shown.differenceTo(shared);
    if (shown.mustWait(difference)) {
      return false;
    }
    unseen.clear();
    shown.show(difference, follower);
    return true;
  }
}
