package dev.weft.desktop.presence;

import dev.weft.desktop.presence.Shape.Kind;
import dev.weft.desktop.ranges.DirectionRuns;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import javax.swing.text.BadLocationException;
import javax.swing.text.Element;
import javax.swing.text.JTextComponent;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what is to be drawn where in the part of a text that is in sight. Used once, on the
 * event dispatch thread. O(marks), and as much as Swing takes for the places of those in sight.
 */
final class ShapeLayout {
  private static final int CARET_WIDTH = 2;

  /** The knob on top of a caret, by which it is told from one's own. */
  static final int KNOB = 6;

  private static final int FLAG_PADDING = 4;

  /** Among more flags at one place, some lie over each other. */
  private static final int MOST_FLAGS_STACKED = 6;

  private final JTextComponent component;
  private final Rectangle sight;
  private final FontMetrics flagMetrics;
  private final int length;
  private final boolean allFaded;
  private final List<Shape> shapes = new ArrayList<>();
  private final List<Rectangle> flags = new ArrayList<>();

  /**
   * Creates a layout.
   *
   * @param allFaded whether everybody fades
   */
  ShapeLayout(JTextComponent component, Rectangle sight, Font flagFont, boolean allFaded) {
    this.component = component;
    this.allFaded = allFaded;
    this.sight = sight;
    flagMetrics = component.getFontMetrics(flagFont);
    length = component.getDocument().getLength();
  }

  /**
   * Returns what is to be drawn, from the lowest to the topmost.
   *
   * @param flagged whose name is to be seen
   * @param flashed the id of whose caret is to be found at a glance; null for nobody's
   */
  List<Shape> of(
      List<Mark> marks, Predicate<Person> flagged, @Nullable Long flashed, long nowNanos) {
    if (marks.isEmpty() || sight.isEmpty()) {
      return List.of();
    }
    int first = lineAt(sight.y).getStartOffset();
    // Before the line's end, which is the next one's beginning.
    int last = lineAt(sight.y + sight.height - 1).getEndOffset() - 1;
    for (Mark mark : marks) {
      if (mark.end() >= first && mark.start() <= last) {
        Person person = mark.person();
        boolean isFlashed = flashed != null && flashed == person.id();
        boolean faded = (allFaded || person.isFaded(nowNanos)) && !isFlashed;
        add(mark, first, last, faded, flagged.test(person) || isFlashed, isFlashed);
      }
    }
    shapes.sort(Comparator.comparing(Shape::kind));
    return shapes;
  }

  /**
   * Returns the line at a height. Asked at the left edge, where a view need not measure a letter to
   * find it. Whatever is in the margin at the bottom, Swing takes for the end of the text.
   */
  private Element lineAt(int y) {
    int bottom = component.getHeight() - component.getInsets().bottom - 1;
    int offset = component.viewToModel2D(new Point(0, Math.min(y, bottom)));
    Element lines = component.getDocument().getDefaultRootElement();
    return lines.getElement(lines.getElementIndex(offset));
  }

  private void add(
      Mark mark, int first, int last, boolean faded, boolean flagged, boolean flashed) {
    Person person = mark.person();
    Color color = shade(person.color());
    int start = Math.max(mark.start(), first);
    int end = Math.min(mark.end(), last);
    Rectangle from = start < end ? placeOf(start) : null;
    Rectangle to = start < end ? placeOf(end) : null;
    if (from != null && to != null) {
      for (Rectangle part : parts(start, end, from, to)) {
        shapes.add(new Shape(Kind.SELECTION, person.id(), part, color, faded, ""));
      }
    }
    Rectangle at = mark.caret() >= first && mark.caret() <= last ? placeOf(mark.caret()) : null;
    if (at == null) {
      return;
    }
    if (flashed) {
      Rectangle line = new Rectangle(sight.x, at.y, sight.width, at.height);
      shapes.add(new Shape(Kind.FLASH, person.id(), line, color, false, ""));
    }
    // Over the gap between two characters, and as wide as the knob.
    Rectangle caret = new Rectangle(at.x - KNOB / 2, at.y, KNOB, at.height);
    shapes.add(new Shape(Kind.CARET, person.id(), caret, color, faded, ""));
    if (flagged) {
      shapes.add(
          new Shape(Kind.FLAG, person.id(), flag(at, person.name()), color, faded, person.name()));
    }
  }

  /** Returns the bar of a caret, which is narrower than the knob on it. */
  static Rectangle bar(Rectangle caret) {
    return new Rectangle(caret.x + (KNOB - CARET_WIDTH) / 2, caret.y, CARET_WIDTH, caret.height);
  }

  private Color shade(int color) {
    int ground = component.getBackground().getRGB() & 0xFFFFFF;
    return new Color(Contrast.shade(color, ground, Contrast.LEAST_OF_SIGNS));
  }

  private @Nullable Rectangle placeOf(int offset) {
    try {
      Rectangle2D place = component.modelToView2D(Math.min(offset, length));
      return place == null ? null : place.getBounds();
    } catch (BadLocationException e) {
      throw new AssertionError("an offset is not within the text, offset=" + offset, e);
    }
  }

  private List<Rectangle> parts(int start, int end, Rectangle from, Rectangle to) {
    if (!DirectionRuns.areBothWays(component, start, end)) {
      return partsBetween(from, to);
    }
    try {
      return partsBothWays(start, end, from, to);
    } catch (BadLocationException e) {
      throw new AssertionError("a selection is not within the text, end=" + end, e);
    }
  }

  /** As {@link #partsBetween}, where what is beside each other on the screen may be apart. */
  private List<Rectangle> partsBothWays(int start, int end, Rectangle from, Rectangle to)
      throws BadLocationException {
    if (from.y == to.y) {
      return DirectionRuns.of(component, start, end);
    }
    int rowStart = DirectionRuns.rowStart(component, start);
    int rowEnd = DirectionRuns.rowEnd(component, start);
    int behind = from.x;
    for (Rectangle run : DirectionRuns.of(component, rowStart, rowEnd)) {
      behind = Math.max(behind, run.x + run.width);
    }
    int lastRow = DirectionRuns.rowStart(component, end);
    List<Rectangle> parts = new ArrayList<>(DirectionRuns.of(component, start, rowEnd));
    // What is behind the first row's text, and the rows between.
    parts.addAll(
        partsBetween(
            new Rectangle(behind, from.y, from.width, from.height),
            new Rectangle(sight.x, to.y, to.width, to.height)));
    parts.addAll(DirectionRuns.of(component, lastRow, end));
    return parts;
  }

  /** The end of the first row, the rows between, and the beginning of the last. */
  private List<Rectangle> partsBetween(Rectangle from, Rectangle to) {
    if (from.y == to.y) {
      return List.of(new Rectangle(from.x, from.y, to.x - from.x, from.height));
    }
    int right = sight.x + sight.width;
    List<Rectangle> parts = new ArrayList<>();
    parts.add(new Rectangle(from.x, from.y, Math.max(0, right - from.x), from.height));
    int below = from.y + from.height;
    parts.add(new Rectangle(sight.x, below, sight.width, Math.max(0, to.y - below)));
    parts.add(new Rectangle(sight.x, to.y, Math.max(0, to.x - sight.x), to.height));
    parts.removeIf(Rectangle::isEmpty);
    return parts;
  }

  /** Above the caret if there is room, else below, and not over another flag. */
  private Rectangle flag(Rectangle at, String name) {
    int width = flagMetrics.stringWidth(name) + 2 * FLAG_PADDING;
    int height = flagMetrics.getHeight();
    int right = sight.x + sight.width - width;
    int x = Math.max(sight.x, Math.min(at.x - KNOB / 2, right));
    Rectangle place = new Rectangle(x, at.y - height, width, height);
    for (int i = 0; i < MOST_FLAGS_STACKED && place.y >= sight.y; i++) {
      if (isFree(place)) {
        return keep(place);
      }
      place.y -= height;
    }
    place.y = at.y + at.height;
    for (int i = 0; i < MOST_FLAGS_STACKED && !isFree(place); i++) {
      place.y += height;
    }
    return keep(place);
  }

  private boolean isFree(Rectangle place) {
    return flags.stream().noneMatch(place::intersects);
  }

  private Rectangle keep(Rectangle flag) {
    flags.add(flag);
    return flag;
  }
}
