package dev.weft.desktop.binding;

import dev.weft.crdt.TextChange.Edit;
import dev.weft.desktop.binding.Offsets.Side;
import javax.swing.text.Caret;
import javax.swing.text.JTextComponent;
import org.jspecify.annotations.Nullable;

/**
 * Where a person stands in a text component (caret, selection, and what they look at), kept while
 * others edit: taken before their edits, told of each, and restored after. Confined to the event
 * dispatch thread.
 *
 * <p>The caret stays with the character on its left: what another writes exactly there goes to its
 * right. A selection does not grow at its edges.
 */
final class ViewPlace {
  private final JTextComponent component;
  private final ScrollHold hold;
  private final @Nullable LineInSight lineInSight;
  private final boolean forward;
  private FollowedRange selected;
  private boolean moved;

  /** Takes the place as it is now. */
  ViewPlace(JTextComponent component, ScrollHold hold) {
    this.component = component;
    this.hold = hold;
    Caret caret = component.getCaret();
    int dot = caret.getDot();
    int mark = caret.getMark();
    forward = mark <= dot;
    selected = new FollowedRange(Math.min(mark, dot), Math.max(mark, dot));
    lineInSight = LineInSight.of(component);
  }

  /**
   * Follows an edit of the component's document.
   *
   * @param composing whether the caret is in text that an input method composes, and moves with it
   */
  void follow(Edit edit, boolean composing) {
    moved |= edit.index() <= selected.end();
    if (composing) {
      selected =
          new FollowedRange(
              Offsets.follow(selected.start(), edit, Side.RIGHT),
              Offsets.follow(selected.end(), edit, Side.RIGHT));
    } else {
      selected.follow(edit);
    }
    if (lineInSight != null) {
      lineInSight.follow(edit);
    }
  }

  /** Puts caret, selection and scroll position where they belong after the edits followed. */
  void restore() {
    Caret caret = component.getCaret();
    int length = component.getDocument().getLength();
    int start = Math.min(selected.start(), length);
    int end = Math.min(selected.end(), length);
    int newMark = forward ? start : end;
    int newDot = forward ? end : start;
    if (caret.getMark() != newMark || caret.getDot() != newDot) {
      component.setCaretPosition(newMark);
      if (newDot != newMark) {
        component.moveCaretPosition(newDot);
      }
    }
    if (lineInSight != null) {
      lineInSight.restore();
      if (moved && !lineInSight.isOfCaret()) {
        hold.hold(lineInSight.viewport());
      }
    }
  }
}
