package dev.weft.desktop;

import java.awt.Dimension;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.geom.Rectangle2D;
import javax.swing.JScrollPane;
import javax.swing.JViewport;
import javax.swing.SwingUtilities;
import javax.swing.text.BadLocationException;
import javax.swing.text.JTextComponent;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the row of the caret in sight where less of a text is shown than before, as when something
 * opens below it: a scroll pane by itself hides what was lowest. A row that was out of sight stays
 * there. Confined to the event dispatch thread.
 */
final class CaretSight {
  private final JTextComponent component;
  private final JViewport viewport;
  private Dimension size;

  private CaretSight(JTextComponent component, JViewport viewport) {
    this.component = component;
    this.viewport = viewport;
    size = viewport.getSize();
  }

  /** Keeps the caret of what is scrolled in sight. */
  static void keep(JTextComponent component, JScrollPane scroll) {
    CaretSight sight = new CaretSight(component, scroll.getViewport());
    scroll.getViewport().addChangeListener(event -> sight.changed());
  }

  private void changed() {
    if (viewport.getHeight() <= 0) {
      // There is no room for any row until it is laid out again.
      return;
    }
    Dimension before = size;
    size = viewport.getSize();
    boolean narrower = size.width < before.width;
    if (!narrower && size.height >= before.height) {
      return;
    }
    Rectangle row = row();
    Rectangle seen = new Rectangle(viewport.getViewPosition(), before);
    if (row == null || row.y + row.height <= seen.y || row.y >= seen.y + seen.height) {
      return;
    }
    show(row);
    if (narrower) {
      // Where rows are wrapped, they are known only once it is laid out, and have room only then.
      Point position = viewport.getViewPosition();
      SwingUtilities.invokeLater(() -> showUnlessScrolled(position));
    }
  }

  private void showUnlessScrolled(Point position) {
    Rectangle row = row();
    if (row != null && viewport.getViewPosition().equals(position)) {
      viewport.validate();
      show(row);
    }
  }

  /** Scrolls up or down, so far only that all of the row is seen. */
  private void show(Rectangle row) {
    Point position = viewport.getViewPosition();
    int lowest = row.y + row.height - viewport.getHeight();
    int y = Math.min(row.y, Math.max(position.y, lowest));
    if (y != position.y) {
      viewport.setViewPosition(new Point(position.x, y));
    }
  }

  private @Nullable Rectangle row() {
    try {
      Rectangle2D row = component.modelToView2D(component.getCaretPosition());
      return row == null ? null : row.getBounds();
    } catch (BadLocationException e) {
      throw new AssertionError("the caret is outside of its text", e);
    }
  }
}
