package dev.weft.desktop.characters;

import javax.swing.text.Segment;
import org.fife.ui.rsyntaxtextarea.RSyntaxDocument;
import org.fife.ui.rsyntaxtextarea.SyntaxConstants;
import org.fife.ui.rsyntaxtextarea.Token;
import org.fife.ui.rsyntaxtextarea.TokenImpl;

/**
 * A document of RSyntaxTextArea whose tokens part no character. The text area paints each token by
 * itself, and for several languages, plain text among them, it makes two of a surrogate pair: two
 * empty boxes instead of an emoji. Confined to the event dispatch thread.
 */
public final class WholeCharacterDocument extends RSyntaxDocument {
  private static final long serialVersionUID = 1L;

  /** No unit below this continues the character before it, but for a line end. */
  private static final char FIRST_CONTINUING = 0x300;

  /** Creates an empty document of plain text. */
  public WholeCharacterDocument() {
    super(SyntaxConstants.SYNTAX_STYLE_NONE);
  }

  /** Returns the tokens of a line. The token in which a character begins has all of it. O(line). */
  @Override
  public Token getTokenListForLine(int line) {
    Token first = super.getTokenListForLine(line);
    Segment shown = new Segment(first.getTextArray(), first.getTextOffset(), lengthFrom(first));
    Token before = first;
    while (before instanceof TokenImpl growing
        && before.getNextToken() instanceof TokenImpl next
        && next.isPaintable()) {
      int seam = before.getEndOffset() - first.getOffset();
      // Some leave out the first half of a pair that they part.
      int leftOut = next.getOffset() - before.getEndOffset();
      int joined = joined(shown, seam + leftOut, next);
      growing.textCount += leftOut + joined;
      if (joined == next.length()) {
        growing.setNextToken(next.getNextToken());
      } else {
        next.moveOffset(joined);
        before = next;
      }
    }
    return first;
  }

  private static int lengthFrom(Token first) {
    int length = 0;
    for (Token each = first; each != null && each.isPaintable(); each = each.getNextToken()) {
      length = each.getEndOffset() - first.getOffset();
    }
    return length;
  }

  /** Returns how many units of a token continue the character before it, which ends in others. */
  private static int joined(Segment shown, int seam, Token next) {
    if (next.charAt(0) < FIRST_CONTINUING) {
      return 0;
    }
    return Math.min(Characters.endAfter(shown, seam) - seam, next.length());
  }
}
