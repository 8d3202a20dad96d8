package dev.weft.desktop.binding;

import dev.weft.crdt.AnchoredSelection;
import dev.weft.crdt.Selection;
import dev.weft.crdt.TextDocument;
import javax.swing.text.Caret;
import javax.swing.text.JTextComponent;

/**
 * A part of a bound document that stays with its text, whatever anybody writes meanwhile and
 * however much of it: for what is done later, where a person asked for it. Got from {@link
 * SharedTextBinding#range}. What is written at its edges is outside of it. Where there is no text
 * in it, at first or once that is deleted, it stays before what is written there. Confined to the
 * event dispatch thread, and used by no listener of the document.
 */
public final class BoundRange {
  private final SharedTextBinding binding;
  private final AnchoredSelection text;
  private final AnchoredSelection before;

  BoundRange(SharedTextBinding binding, AnchoredSelection text, AnchoredSelection before) {
    this.binding = binding;
    this.text = text;
    this.before = before;
  }

  /** Returns at which offset of the document it starts now. O(log spans). */
  public int start() {
    return inDocument().mark();
  }

  /** Returns at which offset of the document it ends now, exclusive. O(log spans). */
  public int end() {
    return inDocument().caret();
  }

  private Selection inDocument() {
    return binding.places().inDocument(this::in);
  }

  private Selection in(TextDocument shared) {
    Selection now = Places.in(shared, text);
    return now.mark() < now.caret() ? now : Places.in(shared, before);
  }

  /** Returns the shared text that stands in it now. O(its length). */
  public String text() {
    return binding
        .places()
        .read(
            shared -> {
              Selection now = in(shared);
              return shared.text(now.mark(), now.caret());
            });
  }

  /** Returns whether all of another range is within this one now, its edges too. O(log spans). */
  public boolean encloses(BoundRange other) {
    return binding
        .places()
        .read(
            shared -> {
              Selection outer = in(shared);
              Selection inner = other.in(shared);
              return outer.mark() <= inner.mark() && inner.caret() <= outer.caret();
            });
  }

  /**
   * Puts a text in its place, as one edit. A caret that stands there goes behind that text, as if
   * it was typed; a person who has gone elsewhere stays there, and sees what they saw. If the
   * shared text refuses the edit, those are told to whom the binding tells it.
   *
   * @return the place behind that text; this range if the edit was refused
   */
  public BoundRange replace(String replacement) {
    Selection now = inDocument();
    JTextComponent component = binding.component();
    if (component == null || !isPersonIn(now, component.getCaret())) {
      AnchoredSelection behind = binding.edit(this::in, replacement);
      return behind == null ? this : new BoundRange(binding, behind, behind);
    }
    component.select(now.mark(), now.caret());
    component.replaceSelection(replacement);
    if (component.getSelectionStart() != component.getSelectionEnd()) {
      return this; // It was refused: what is replaced is selected no more.
    }
    int behind = component.getCaretPosition();
    return binding.range(behind, behind);
  }

  private static boolean isPersonIn(Selection range, Caret caret) {
    return range.mark() <= Math.min(caret.getDot(), caret.getMark())
        && Math.max(caret.getDot(), caret.getMark()) <= range.caret();
  }
}
