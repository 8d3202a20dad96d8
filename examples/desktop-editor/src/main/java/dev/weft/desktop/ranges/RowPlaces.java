package dev.weft.desktop.ranges;

import java.awt.Point;
import java.awt.geom.Rectangle2D;
import javax.swing.text.BadLocationException;
import javax.swing.text.JTextComponent;
import javax.swing.text.TabExpander;
import org.fife.ui.rsyntaxtextarea.RSyntaxDocument;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.fife.ui.rsyntaxtextarea.Token;
import org.fife.ui.rsyntaxtextarea.TokenImpl;
import org.jspecify.annotations.Nullable;

/**
 * Where many offsets of one row are, asked for from left to right, of a component in which all text
 * goes that way. For the event dispatch thread, and for as long as the text stays as it is.
 *
 * <p>To tell one place RSyntaxTextArea measures all of its line that is before it. Of that a row is
 * measured once, word by word; another component is asked for each place.
 */
final class RowPlaces {
  private final JTextComponent component;
  private final Rectangle2D row;
  private final int last;
  private final int right;

  /**
   * The word of the place asked for last, at first the row's first one, from the row's beginning
   * on; null where the component is asked.
   */
  private @Nullable Token word;

  private float wordX;

  private final Rectangle2D measured = new Rectangle2D.Float();

  /**
   * Creates what tells of one row.
   *
   * @param last the last offset that is certainly in the row
   * @param right what is told of those that are in no row or another one
   */
  RowPlaces(JTextComponent component, Rectangle2D row, int last, int right)
      throws BadLocationException {
    this.component = component;
    this.row = row;
    this.last = last;
    this.right = right;
    if (component instanceof RSyntaxTextArea area
        && area.getDocument() instanceof RSyntaxDocument text) {
      // Within a row the component tells of whole pixels, from which nothing is to be measured.
      Point left = new Point(area.getInsets().left, (int) row.getCenterY());
      int first = area.viewToModel2D(left);
      Rectangle2D place = area.modelToView2D(first);
      if (place.getY() == row.getY()) {
        word = wordAt(first, text);
        wordX = (float) place.getX();
      }
    }
  }

  private static @Nullable Token wordAt(int offset, RSyntaxDocument text) {
    Token at = text.getTokenListForLine(text.getDefaultRootElement().getElementIndex(offset));
    while (at != null && at.isPaintable() && !at.containsPosition(offset)) {
      at = at.getNextToken();
    }
    if (at == null || !at.isPaintable()) {
      return null;
    }
    if (at.getOffset() == offset) {
      return at;
    }
    TokenImpl rest = new TokenImpl(at);
    rest.makeStartAt(offset);
    return rest;
  }

  /** Returns the left edge of what stands at an offset of the line. */
  int x(int offset) throws BadLocationException {
    if (word != null && offset >= word.getOffset() && offset <= last) {
      Token next = word.getNextToken();
      while (next != null && next.isPaintable() && next.getOffset() <= offset) {
        wordX = measure(word, next.getOffset());
        word = next;
        next = word.getNextToken();
      }
      return (int) measure(word, offset);
    }
    Rectangle2D place = component.modelToView2D(offset);
    return place.getY() == row.getY() ? (int) place.getX() : right;
  }

  /** As the component measures it, from the beginning of a word to an offset in it or behind. */
  private float measure(Token word, int offset) {
    RSyntaxTextArea area = (RSyntaxTextArea) component;
    TabExpander tabs = (TabExpander) area.getUI().getRootView(area).getView(0);
    return (float) word.listOffsetToView(area, tabs, offset, wordX, measured).getX();
  }
}
