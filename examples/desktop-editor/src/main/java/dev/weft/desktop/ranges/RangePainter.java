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
import javax.swing.text.Element;
import javax.swing.text.Highlighter;
import javax.swing.text.JTextComponent;
import javax.swing.text.Position.Bias;
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

  /** Units of which the nearest place may be beside a character in sight. */
  private static final int LONGEST_CHARACTER = 16;

  /** At the edge of a run, in pixels, the nearest place may be in the run beside it. */
  private static final int BESIDE_EDGE = 3;

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
        // Where directions meet, two places have the same offset.
        Bias[] bias = {Bias.Forward};
        int near = component.getUI().viewToModel2D(component, new Point(clip.x, (int) y), bias);
        Rectangle2D row = component.getUI().modelToView2D(component, near, bias[0]);
        if (row == null || row.getHeight() < 1 || row.getMaxY() <= y) {
          return;
        }
        int unit = bias[0] == Bias.Backward ? near - 1 : near;
        Element line = line(unit);
        if (DirectionRuns.areBothWays(component, line.getStartOffset(), line.getEndOffset())) {
          paintRowBothWays(g, now, unit, row, clip);
        } else if (hasAny(now, line.getStartOffset(), line.getEndOffset())) {
          paintRow(g, now, row, clip);
        }
        y = row.getMaxY();
      }
    } catch (BadLocationException e) {
      throw new AssertionError("what is in sight is not within the text", e);
    }
  }

  private static boolean hasAny(Ranges now, int first, int last) {
    int nearest = now.firstEndingFrom(first);
    return nearest < now.size() && now.start(nearest) <= last;
  }

  private int beside(int offset, int other, Rectangle2D row) throws BadLocationException {
    boolean within = other >= 0 && other <= component.getDocument().getLength();
    return within && component.modelToView2D(other).getY() == row.getY() ? other : offset;
  }

  /** What is in sight of the row may be from anywhere in it, but within a run it is in order. */
  private void paintRowBothWays(Graphics g, Ranges now, int unit, Rectangle2D row, Rectangle clip)
      throws BadLocationException {
    int from = DirectionRuns.rowStart(component, unit);
    int end = DirectionRuns.rowEnd(component, unit);
    while (from < end) {
      int to = Math.min(end, DirectionRuns.runEnd(component, from));
      if (hasAny(now, from, to)) {
        paintRun(g, now, from, to, row, clip);
      }
      from = to;
    }
  }

  private void paintRun(Graphics g, Ranges now, int from, int to, Rectangle2D row, Rectangle clip)
      throws BadLocationException {
    Rectangle run = DirectionRuns.of(component, from, to).get(0);
    int right = clip.x + clip.width;
    if (run.x > right || run.x + run.width + EMPTY_WIDTH < clip.x) {
      return;
    }
    boolean forward = (int) component.modelToView2D(from).getX() == run.x;
    int atLeft = inRun(clip.x, run, forward ? from : to, forward ? to : from);
    int atRight = inRun(right, run, forward ? from : to, forward ? to : from);
    int first = Math.max(from, Math.min(atLeft, atRight) - LONGEST_CHARACTER);
    int last = Math.min(to, Math.max(atLeft, atRight) + LONGEST_CHARACTER);
    for (int i = now.firstEndingFrom(first); i < now.size() && now.start(i) <= last; i++) {
      if (now.start(i) == now.end(i)) {
        int at = (int) component.modelToView2D(now.start(i)).getX();
        draw(g, now.fill(i), now.edge(i), at, row, EMPTY_WIDTH);
      }
      int begin = Math.max(now.start(i), first);
      for (Rectangle part : DirectionRuns.of(component, begin, Math.min(now.end(i), last))) {
        draw(g, now.fill(i), now.edge(i), part.x, row, part.width);
      }
    }
  }

  private int inRun(int x, Rectangle run, int left, int right) {
    if (x <= run.x + BESIDE_EDGE) {
      return left;
    }
    return x >= run.x + run.width - BESIDE_EDGE
        ? right
        : component.viewToModel2D(new Point(x, (int) run.getCenterY()));
  }

  private void paintRow(Graphics g, Ranges now, Rectangle2D row, Rectangle clip)
      throws BadLocationException {
    int right = clip.x + clip.width;
    // Above the first row, in the margin, there is no left and right.
    int middle = (int) row.getCenterY();
    int leftmost = component.viewToModel2D(new Point(clip.x, middle));
    int rightmost = component.viewToModel2D(new Point(right, middle));
    // The nearest is asked for, and a part of the one beside it may be in sight.
    if (!hasAny(now, leftmost - 1, rightmost + 1)) {
      return; // Each place costs as much as what is before it in its line.
    }
    int first = beside(leftmost, leftmost - 1, row);
    int last = beside(rightmost, rightmost + 1, row);
    // A line ends before what ends it; a row that goes on in the next one, behind its last letter.
    int end = isLineEnd(last) ? last : last + 1;
    RowPlaces places = new RowPlaces(component, row, last, right);
    for (int i = now.firstEndingFrom(first); i < now.size() && now.start(i) <= last; i++) {
      int from = places.x(Math.max(now.start(i), first));
      int to = places.x(now.end(i) > last ? end : now.end(i));
      boolean empty = now.start(i) == now.end(i);
      int width = empty ? EMPTY_WIDTH : to - from;
      if (width > 0) {
        draw(g, now.fill(i), now.edge(i), from, row, width);
      }
    }
  }

  private boolean isLineEnd(int offset) {
    return line(offset).getEndOffset() - 1 == offset;
  }

  private Element line(int offset) {
    Element lines = component.getDocument().getDefaultRootElement();
    return lines.getElement(lines.getElementIndex(offset));
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
