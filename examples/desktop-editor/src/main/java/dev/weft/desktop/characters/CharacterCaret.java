package dev.weft.desktop.characters;

import java.awt.EventQueue;
import java.awt.event.ActionEvent;
import java.awt.event.MouseEvent;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import javax.swing.Action;
import javax.swing.SwingConstants;
import javax.swing.text.BadLocationException;
import javax.swing.text.DefaultEditorKit;
import javax.swing.text.Document;
import javax.swing.text.JTextComponent;
import javax.swing.text.NavigationFilter;
import javax.swing.text.Position.Bias;
import javax.swing.text.TextAction;

/**
 * Has the caret of a text component, and the end of its selection, stand between characters only:
 * keys and the mouse step over all of one, and so do the keys that delete. What a program selects
 * may end inside of a character of several code points, as a match of a search may, but never
 * between the halves of one. Confined to the event dispatch thread.
 */
public final class CharacterCaret extends NavigationFilter {
  private final JTextComponent component;

  private CharacterCaret(JTextComponent component) {
    this.component = component;
  }

  /** Gives a component such a caret; it must have no navigation filter of its own. */
  public static void install(JTextComponent component) {
    CharacterCaret caret = new CharacterCaret(component);
    component.setNavigationFilter(caret);
    caret.widen(DefaultEditorKit.deleteNextCharAction, caret::deletedByDelete);
    caret.widen(DefaultEditorKit.deletePrevCharAction, caret::deletedByBackspace);
    caret.lengthen(DefaultEditorKit.nextWordAction, caret::endAfter, caret::setDot);
    caret.lengthen(DefaultEditorKit.previousWordAction, caret::beginBefore, caret::setDot);
    caret.lengthen(DefaultEditorKit.selectionNextWordAction, caret::endAfter, caret::moveDot);
    caret.lengthen(
        DefaultEditorKit.selectionPreviousWordAction, caret::beginBefore, caret::moveDot);
  }

  // --- Moving ---

  @Override
  public void setDot(FilterBypass bypass, int dot, Bias bias) {
    bypass.setDot(whole(bypass, dot), bias);
  }

  @Override
  public void moveDot(FilterBypass bypass, int dot, Bias bias) {
    bypass.moveDot(whole(bypass, dot), bias);
  }

  /** Returns where to go instead of into a character: on in the direction in which it moves. */
  private int whole(FilterBypass bypass, int dot) {
    boolean forward = dot > bypass.getCaret().getDot();
    if (isByMouse()) {
      return forward ? endAfter(dot) : beginBefore(dot);
    }
    if (!partsPair(dot)) {
      return dot;
    }
    return forward ? dot + 1 : dot - 1;
  }

  private boolean isByMouse() {
    return EventQueue.getCurrentEvent() instanceof MouseEvent event
        && event.getSource() == component;
  }

  @Override
  public int getNextVisualPositionFrom(
      JTextComponent text, int position, Bias bias, int direction, Bias[] biasReturned)
      throws BadLocationException {
    int next = super.getNextVisualPositionFrom(text, position, bias, direction, biasReturned);
    if (next < 0) {
      return next; // the component was not painted yet, so there is nowhere to go
    }
    boolean beside = direction == SwingConstants.EAST || direction == SwingConstants.WEST;
    // In text from right to left the next one to the right stands before.
    return beside && next > position ? endAfter(next) : beginBefore(next);
  }

  /** Has an action that goes by words, which may end inside of a character, go all the way. */
  private void lengthen(String name, IntUnaryOperator whole, IntConsumer move) {
    Action shorter = component.getActionMap().get(name);
    replace(
        name,
        event -> {
          shorter.actionPerformed(event);
          int dot = component.getCaret().getDot();
          int end = whole.applyAsInt(dot);
          if (end != dot) {
            move.accept(end);
          }
        });
  }

  private void setDot(int dot) {
    component.setCaretPosition(dot);
  }

  private void moveDot(int dot) {
    component.moveCaretPosition(dot);
  }

  // --- Deleting ---

  private int deletedByDelete(int dot) {
    return endAfter(dot + 1);
  }

  /** Takes back the last accent of a letter, as it was typed, and all of anything else. */
  private int deletedByBackspace(int dot) {
    if (dot == 0) {
      return 0;
    }
    int begin = beginBefore(dot - 1);
    return Character.isLetter(near(begin).first()) ? dot : begin;
  }

  /** Has an action delete up to where {@code other} says, if that is more than one code point. */
  private void widen(String name, IntUnaryOperator other) {
    Action narrow = component.getActionMap().get(name);
    replace(
        name,
        event -> {
          if (!deletes(other)) {
            narrow.actionPerformed(event);
          }
        });
  }

  private void replace(String name, Consumer<ActionEvent> action) {
    component
        .getActionMap()
        .put(
            name,
            new TextAction(name) {
              private static final long serialVersionUID = 1L;

              @Override
              public void actionPerformed(ActionEvent event) {
                action.accept(event);
              }
            });
  }

  private boolean deletes(IntUnaryOperator other) {
    int dot = component.getCaret().getDot();
    if (!component.isEditable() || dot != component.getCaret().getMark()) {
      return false;
    }
    int until = other.applyAsInt(dot);
    if (Math.abs(until - dot) <= 1) {
      return false;
    }
    try {
      component.getDocument().remove(Math.min(dot, until), Math.abs(until - dot));
      return true;
    } catch (BadLocationException e) {
      throw new AssertionError("a character is outside of its text", e);
    }
  }

  // --- Where characters are ---

  private int beginBefore(int offset) {
    Near near = near(offset);
    return near.start() + Characters.beginBefore(near.text(), offset - near.start());
  }

  private int endAfter(int offset) {
    Near near = near(offset);
    return near.start() + Characters.endAfter(near.text(), offset - near.start());
  }

  private boolean partsPair(int offset) {
    Near near = near(offset);
    return Characters.partsPair(near.text(), offset - near.start());
  }

  /** A copy of the text around a place, long enough for any character there. */
  private record Near(String text, int start, int offset) {
    int first() {
      return offset == text.length() ? ' ' : text.codePointAt(offset);
    }
  }

  private Near near(int offset) {
    Document document = component.getDocument();
    int around = 2 * Characters.LONGEST;
    int start = Math.max(0, offset - Characters.LONGEST_ROW - around);
    try {
      int end = Math.min(document.getLength(), offset + around);
      return new Near(document.getText(start, Math.max(0, end - start)), start, offset - start);
    } catch (BadLocationException e) {
      throw new AssertionError("the caret is outside of its text", e);
    }
  }
}
