package dev.weft.crdt;

/** A {@link Selection} that stays with the text: what stands selected, not what is typed beside. */
record AnchoredSelection(Anchor mark, Anchor caret) {

  static AnchoredSelection of(Selection selection, TextDocument document) {
    int mark = document.boundaryAt(selection.mark());
    int caret = document.boundaryAt(selection.caret());
    // The ends of a selection hold to what is inside.
    Bias markBias = mark < caret ? Bias.RIGHT : Bias.LEFT;
    Bias caretBias = caret < mark ? Bias.RIGHT : Bias.LEFT;
    return new AnchoredSelection(
        document.anchor(mark, markBias), document.anchor(caret, caretBias));
  }

  /** Returns the selection as it is now. */
  Selection in(TextDocument document) {
    return new Selection(
        document.indexOf(mark).orElseThrow(), document.indexOf(caret).orElseThrow());
  }
}
