package dev.weft.desktop.ranges;

import java.awt.Rectangle;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import javax.swing.text.AbstractDocument;
import javax.swing.text.BadLocationException;
import javax.swing.text.Document;
import javax.swing.text.Element;
import javax.swing.text.JTextComponent;
import javax.swing.text.Position.Bias;
import javax.swing.text.StyleConstants;
import org.fife.ui.rtextarea.RTextArea;

/**
 * Where parts of a text are in a component, also where some of it goes from right to left: what is
 * one part of the text may be several on the screen then. Stateless; for the event dispatch thread.
 *
 * <p>Offsets are UTF-16 units of the component's document. A row is what is seen of a line beside
 * each other; a line that is not wrapped is one.
 */
public final class DirectionRuns {
  private DirectionRuns() {}

  /**
   * Returns whether some of the text between two offsets is laid out from right to left, or stands
   * within what is. O(runs between).
   */
  public static boolean areBothWays(JTextComponent component, int start, int end) {
    if (component instanceof RTextArea) {
      return false; // It measures all text from left to right, also what it paints otherwise.
    }
    Document document = component.getDocument();
    // Until something goes from right to left, Swing keeps no runs.
    if (!(document instanceof AbstractDocument text)
        || !Boolean.TRUE.equals(document.getProperty("i18n"))) {
      return false;
    }
    Element runs = text.getBidiRootElement();
    for (int i = runs.getElementIndex(start); i < runs.getElementCount(); i++) {
      Element run = runs.getElement(i);
      if (run.getStartOffset() >= Math.max(end, start + 1)) {
        return false;
      }
      if (StyleConstants.getBidiLevel(run.getAttributes()) != 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns where a part of one row is, from the first of its runs to the last; nothing of an empty
   * one. O(runs between), each of two places that Swing is asked for.
   *
   * @param end exclusive; not behind the {@linkplain #rowEnd end of the row}
   * @throws BadLocationException if that is not within the text
   */
  public static List<Rectangle> of(JTextComponent component, int start, int end)
      throws BadLocationException {
    List<Rectangle> places = new ArrayList<>();
    int from = start;
    while (from < end) {
      int to = Math.min(end, runEnd(component, from));
      places.add(run(component, from, to));
      from = to;
    }
    return places;
  }

  /** Returns where the run ends that has an offset in it, exclusive, maybe in another row. */
  static int runEnd(JTextComponent component, int offset) {
    Element runs = ((AbstractDocument) component.getDocument()).getBidiRootElement();
    return runs.getElement(runs.getElementIndex(offset)).getEndOffset();
  }

  /** Of one run the first unit's beginning and the last one's end are the edges, either way. */
  private static Rectangle run(JTextComponent component, int from, int to)
      throws BadLocationException {
    Rectangle2D first = place(component, from, Bias.Forward);
    Rectangle2D behind = place(component, to, Bias.Backward);
    // A component that knows no direction tells of the next row's beginning.
    double end =
        behind.getY() == first.getY()
            ? behind.getX()
            : place(component, to - 1, Bias.Forward).getMaxX();
    int left = (int) Math.min(first.getX(), end);
    int right = (int) Math.max(first.getX(), end);
    return new Rectangle(left, (int) first.getY(), right - left, (int) first.getHeight());
  }

  /**
   * Returns where the row begins that has an offset in it. O(log line), each a place that Swing is
   * asked for.
   *
   * @throws BadLocationException if that is not within the text
   */
  public static int rowStart(JTextComponent component, int offset) throws BadLocationException {
    double y = place(component, offset, Bias.Forward).getY();
    return firstNotAbove(component, line(component, offset).getStartOffset(), offset, y);
  }

  /**
   * Returns where the row ends that has an offset in it, exclusive: where the next one begins, or
   * before the line's end. As {@link #rowStart}.
   *
   * @throws BadLocationException if that is not within the text
   */
  public static int rowEnd(JTextComponent component, int offset) throws BadLocationException {
    double y = place(component, offset, Bias.Forward).getY();
    int lineEnd = line(component, offset).getEndOffset() - 1;
    if (place(component, lineEnd, Bias.Forward).getY() == y) {
      return lineEnd;
    }
    return firstNotAbove(component, offset, lineEnd, Math.nextUp(y));
  }

  /** Rows come one below the other in the order of the text, whatever the order in each. */
  private static int firstNotAbove(JTextComponent component, int from, int to, double y)
      throws BadLocationException {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (place(component, middle, Bias.Forward).getY() < y) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static Element line(JTextComponent component, int offset) {
    Element lines = component.getDocument().getDefaultRootElement();
    return lines.getElement(lines.getElementIndex(offset));
  }

  private static Rectangle2D place(JTextComponent component, int offset, Bias bias)
      throws BadLocationException {
    return component.getUI().modelToView2D(component, offset, bias);
  }
}
