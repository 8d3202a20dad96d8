package dev.weft.desktop.binding;

import dev.weft.crdt.TextChange.Edit;
import dev.weft.desktop.binding.Offsets.Side;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.geom.Rectangle2D;
import javax.swing.JViewport;
import javax.swing.SwingUtilities;
import javax.swing.text.BadLocationException;
import javax.swing.text.JTextComponent;
import org.jspecify.annotations.Nullable;

/**
 * The line of a scrolled text component that stays where it is on the screen while others edit: the
 * line of the caret or, if that is out of sight, the topmost one. Confined to the event dispatch
 * thread.
 */
final class LineInSight {
  private final JTextComponent component;
  private final JViewport viewport;
  private final boolean ofCaret;
  private final double height;
  private int offset;

  private LineInSight(
      JTextComponent component, JViewport viewport, boolean ofCaret, int offset, double height) {
    this.component = component;
    this.viewport = viewport;
    this.ofCaret = ofCaret;
    this.offset = offset;
    this.height = height;
  }

  /** Takes the line as it is now; null if the component is not scrolled, or not laid out yet. */
  static @Nullable LineInSight of(JTextComponent component) {
    if (!(SwingUtilities.getUnwrappedParent(component) instanceof JViewport viewport)) {
      return null;
    }
    int dot = component.getCaretPosition();
    Rectangle2D caret = boundsOf(component, dot);
    if (caret == null) {
      return null;
    }
    Rectangle sight = viewport.getViewRect();
    if (isInSight(caret, sight)) {
      return new LineInSight(component, viewport, true, dot, caret.getY() - sight.y);
    }
    int top = component.viewToModel2D(sight.getLocation());
    Rectangle2D line = boundsOf(component, top);
    return line == null
        ? null
        : new LineInSight(component, viewport, false, top, line.getY() - sight.y);
  }

  /** Returns whether it is the line of the caret. */
  boolean isOfCaret() {
    return ofCaret;
  }

  JViewport viewport() {
    return viewport;
  }

  /** A caret may have no width. */
  private static boolean isInSight(Rectangle2D caret, Rectangle sight) {
    return caret.getMaxY() > sight.getMinY() && caret.getMinY() < sight.getMaxY();
  }

  /** Follows an edit of the component's document. */
  void follow(Edit edit) {
    offset = Offsets.follow(offset, edit, Side.LEFT);
  }

  /** Scrolls so that the line is where it was. */
  void restore() {
    Rectangle2D line = boundsOf(component, Math.min(offset, component.getDocument().getLength()));
    if (line == null) {
      return;
    }
    int y = Math.max(0, (int) Math.round(line.getY() - height));
    if (y != viewport.getViewPosition().y) {
      // Only when it is laid out does the component have room for new lines.
      viewport.validate();
      viewport.setViewPosition(new Point(viewport.getViewPosition().x, y));
    }
  }

  /** Returns where an offset is on the component; null if the component has no size. */
  private static @Nullable Rectangle2D boundsOf(JTextComponent component, int offset) {
    try {
      return component.modelToView2D(offset);
    } catch (BadLocationException e) {
      throw new AssertionError("not within the document, offset=" + offset, e);
    }
  }
}
