package dev.weft.desktop.layout;

import java.awt.Dimension;
import java.awt.Insets;
import java.awt.Rectangle;
import javax.swing.JComponent;
import javax.swing.text.View;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextAreaUI;

/**
 * Has a wrapped text of RSyntaxTextArea laid out for one width. Confined to the event dispatch
 * thread.
 *
 * <p>Swing asks for the preferred size at each key, and lays the text out for that with room for
 * the caret beside it, which RSyntaxTextArea does not leave when it paints: all lines were laid out
 * twice for a key in one.
 */
public final class SteadyWidthUi extends RSyntaxTextAreaUI {
  public SteadyWidthUi(RSyntaxTextArea area) {
    super(area);
  }

  @Override
  public Dimension getPreferredSize(JComponent area) {
    Rectangle inside = getVisibleEditorRect();
    if (inside == null || !getRTextArea().getLineWrap()) {
      return super.getPreferredSize(area);
    }
    View text = getRootView(getRTextArea());
    text.setSize(inside.width, inside.height);
    Insets insets = area.getInsets();
    return new Dimension(
        insets.left + (int) text.getPreferredSpan(View.X_AXIS) + insets.right,
        insets.top + (int) text.getPreferredSpan(View.Y_AXIS) + insets.bottom);
  }
}
