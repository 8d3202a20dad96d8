package dev.weft.desktop.ranges;

import java.awt.Color;
import java.awt.Graphics;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.Rectangle2D;
import java.beans.PropertyChangeListener;
import java.util.function.Supplier;
import javax.swing.text.BadLocationException;
import javax.swing.text.Highlighter;
import javax.swing.text.JTextComponent;
import org.jspecify.annotations.Nullable;

/**
 * Paints ranges behind the text of a component: of all that there are only those in sight, row by
 * row, so that a hundred thousand cost no more than the few that are seen. Confined to the event
 * dispatch thread.
 *
 * <p>Swing's own highlights are not that: each keeps two positions, which every edit moves.
 */
public final class RangePainter implements AutoCloseable {
  /** An empty range is a line so wide, in pixels, to be seen at all. */
  private static final int EMPTY_WIDTH = 2;

  private final JTextComponent component;
  private final Supplier<? extends Ranges> ranges;
  private final Highlighter.HighlightPainter painter = this::paint;
  private final PropertyChangeListener otherHighlighter = event -> install();

  private RangePainter(JTextComponent component, Supplier<? extends Ranges> ranges) {
    this.component = component;
    this.ranges = ranges;
    install();
    // Another look brings another highlighter, without what was in the one before.
    component.addPropertyChangeListener("highlighter", otherHighlighter);
  }

  /**
   * Paints ranges from now on. Whoever changes them has the component repainted.
   *
   * @param ranges what to paint whenever it is painted, within the component's text or beyond it
   */
  public static RangePainter install(JTextComponent component, Supplier<? extends Ranges> ranges) {
    return new RangePainter(component, ranges);
  }

  private void install() {
    Highlighter highlighter = component.getHighlighter();
    if (highlighter != null) {
      try {
        // One for all: it is asked to paint wherever something is painted.
        Object unused = highlighter.addHighlight(0, 0, painter);
      } catch (BadLocationException e) {
        throw new AssertionError("every text has a beginning", e);
      }
    }
  }

  /** Paints no more. */
  @Override
  public void close() {
    component.removePropertyChangeListener("highlighter", otherHighlighter);
    Highlighter highlighter = component.getHighlighter();
    if (highlighter != null) {
      for (Highlighter.Highlight highlight : highlighter.getHighlights()) {
        if (highlight.getPainter() == painter) {
          highlighter.removeHighlight(highlight);
        }
      }
    }
  }

  private void paint(Graphics g, int start, int end, Shape bounds, JTextComponent painted) {
    Ranges now = ranges.get();
    Rectangle clip = g.getClipBounds();
    if (now.size() == 0 || clip == null) {
      return;
    }
    try {
      double y = clip.y;
      while (y < clip.y + clip.height) {
        int near = component.viewToModel2D(new Point(clip.x, (int) y));
        Rectangle2D row = component.modelToView2D(near);
        if (row == null || row.getHeight() < 1 || row.getMaxY() <= y) {
          return;
        }
        // Above the first row, in the margin, there is no left and right.
        int middle = (int) row.getCenterY();
        int left = component.viewToModel2D(new Point(clip.x, middle));
        int right = component.viewToModel2D(new Point(clip.x + clip.width, middle));
        // The nearest is asked for, and a part of the one beside it may be in sight.
        int first = beside(left, left - 1, row);
        int last = beside(right, right + 1, row);
        paintRow(g, now, first, last, row, clip);
        y = row.getMaxY();
      }
    } catch (BadLocationException e) {
      throw new AssertionError("what is in sight is not within the text", e);
    }
  }

  private int beside(int offset, int other, Rectangle2D row) throws BadLocationException {
    boolean within = other >= 0 && other <= component.getDocument().getLength();
    return within && component.modelToView2D(other).getY() == row.getY() ? other : offset;
  }

  private void paintRow(
      Graphics g, Ranges now, int first, int last, Rectangle2D row, Rectangle clip)
      throws BadLocationException {
    int right = clip.x + clip.width;
    for (int i = now.firstEndingFrom(first); i < now.size() && now.start(i) <= last; i++) {
      int from = x(Math.max(now.start(i), first), row, right);
      int to = now.end(i) > last ? x(last, row, right) : x(now.end(i), row, right);
      boolean empty = now.start(i) == now.end(i);
      int width = empty ? EMPTY_WIDTH : to - from;
      if (width > 0) {
        draw(g, now.fill(i), now.edge(i), from, row, width);
      }
    }
  }

  /** Returns where a unit is in a row; its right edge if it is in another, where lines wrap. */
  private int x(int offset, Rectangle2D row, int right) throws BadLocationException {
    Rectangle2D place = component.modelToView2D(offset);
    return place.getY() == row.getY() ? (int) place.getX() : right;
  }

  private static void draw(
      Graphics g, @Nullable Color fill, @Nullable Color edge, int x, Rectangle2D row, int width) {
    int top = (int) row.getY();
    int height = (int) row.getHeight();
    if (fill != null) {
      g.setColor(fill);
      g.fillRect(x, top, width, height);
    }
    if (edge != null) {
      g.setColor(edge);
      g.drawRect(x, top, Math.max(1, width - 1), height - 1);
    }
  }
}
