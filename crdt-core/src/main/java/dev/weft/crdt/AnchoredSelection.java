package dev.weft.crdt;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A {@link Selection} that stays with the text: what stands selected, not what is typed beside it.
 * For carets that others are shown, and for going back to what was selected. Immutable.
 *
 * @param mark where the selecting began
 * @param caret where the caret is
 */
public record AnchoredSelection(Anchor mark, Anchor caret) {

  /** Creates a selection between two anchors. */
  public AnchoredSelection {
    Objects.requireNonNull(mark, "mark");
    Objects.requireNonNull(caret, "caret");
  }

  /**
   * Anchors what is selected. An index beyond the text, as of an editor that is ahead of the
   * document, is taken for its end, one inside a surrogate pair for the pair's start. O(log spans).
   */
  public static AnchoredSelection of(Selection selection, TextDocument document) {
    int mark = document.boundaryAt(selection.mark());
    int caret = document.boundaryAt(selection.caret());
    // The ends of a selection hold to what is inside.
    Bias markBias = mark < caret ? Bias.RIGHT : Bias.LEFT;
    Bias caretBias = caret < mark ? Bias.RIGHT : Bias.LEFT;
    return new AnchoredSelection(
        document.anchor(mark, markBias), document.anchor(caret, caretBias));
  }

  /**
   * Returns what is selected now; empty if the document has not seen the text that it holds to.
   * O(log spans).
   */
  public Optional<Selection> in(TextDocument document) {
    OptionalInt markNow = document.indexOf(mark);
    OptionalInt caretNow = document.indexOf(caret);
    return markNow.isPresent() && caretNow.isPresent()
        ? Optional.of(new Selection(markNow.getAsInt(), caretNow.getAsInt()))
        : Optional.empty();
  }
}
