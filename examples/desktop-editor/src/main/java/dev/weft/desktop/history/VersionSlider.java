package dev.weft.desktop.history;

import com.formdev.flatlaf.FlatLaf;
import com.formdev.flatlaf.ui.FlatSliderUI;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.event.ActionEvent;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.awt.event.MouseEvent;
import java.awt.geom.Path2D;
import java.util.List;
import javax.swing.AbstractAction;
import javax.swing.BorderFactory;
import javax.swing.JComponent;
import javax.swing.JSlider;
import javax.swing.KeyStroke;
import javax.swing.UIManager;
import javax.swing.plaf.basic.BasicSliderUI;
import org.jspecify.annotations.Nullable;

/**
 * A slider over the changes of a text, with a mark below each version that has a name. Confined to
 * the event dispatch thread.
 */
final class VersionSlider extends JSlider {
  private static final long serialVersionUID = 1L;

  /** Within so many pixels the mouse is at a mark. */
  private static final int NEAR = 8;

  private static final double MARK_WIDTH = 9;
  private static final double MARK_HEIGHT = 7;
  private static final int MARK_ROOM = 8;

  private transient List<Mark> marks = List.of();

  VersionSlider() {
    super(0, 0, 0);
    setName("version");
    getAccessibleContext().setAccessibleName("Version");
    getAccessibleContext()
        .setAccessibleDescription(
            "After how many changes the text is shown. Left and right go by one change, with Ctrl"
                + " by a hundredth of all, Page Up and Page Down by a tenth.");
    setToolTipText("");
    jumpBy(KeyEvent.VK_LEFT, -1);
    jumpBy(KeyEvent.VK_RIGHT, 1);
  }

  private void jumpBy(int key, int direction) {
    String name = "jump " + direction;
    getInputMap(JComponent.WHEN_FOCUSED)
        .put(KeyStroke.getKeyStroke(key, InputEvent.CTRL_DOWN_MASK), name);
    getActionMap()
        .put(
            name,
            new AbstractAction() {
              private static final long serialVersionUID = 1L;

              @Override
              public void actionPerformed(ActionEvent event) {
                jump(direction);
              }
            });
  }

  private void jump(int direction) {
    setValue(getValue() + direction * Math.max(1, (getMaximum() - getMinimum()) / 100));
  }

  /** Paints marks by itself: Swing's labels make FlatLaf give the slider another look. */
  @Override
  public void updateUI() {
    if (UIManager.getLookAndFeel() instanceof FlatLaf) {
      setUI(new MarkedUi());
    } else {
      super.updateUI();
    }
    setBorder(BorderFactory.createEmptyBorder(0, 0, MARK_ROOM, 0));
  }

  /** Knows where on the slider a version is. */
  private static final class MarkedUi extends FlatSliderUI {
    int middleOf(int value) {
      return xPositionForValue(value);
    }

    int bottom() {
      return thumbRect.y + thumbRect.height;
    }
  }

  /** Shows where the versions are that have names. */
  void showMarks(List<Mark> shown) {
    marks = List.copyOf(shown);
    repaint();
  }

  @Override
  protected void paintComponent(Graphics graphics) {
    super.paintComponent(graphics);
    if (getUI() instanceof MarkedUi ui) {
      Graphics2D canvas = (Graphics2D) graphics.create();
      canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      canvas.setColor(UIManager.getColor("Label.foreground"));
      for (Mark mark : marks) {
        canvas.fill(triangle(ui.middleOf(Math.toIntExact(mark.events())), ui.bottom()));
      }
      canvas.dispose();
    }
  }

  private static Path2D triangle(double middle, double top) {
    Path2D triangle = new Path2D.Double();
    triangle.moveTo(middle, top);
    triangle.lineTo(middle + MARK_WIDTH / 2, top + MARK_HEIGHT);
    triangle.lineTo(middle - MARK_WIDTH / 2, top + MARK_HEIGHT);
    triangle.closePath();
    return triangle;
  }

  /** Names the mark below the mouse. */
  @Override
  public @Nullable String getToolTipText(MouseEvent event) {
    if (getUI() instanceof BasicSliderUI ui) {
      int from = ui.valueForXPosition(event.getX() - NEAR);
      int to = ui.valueForXPosition(event.getX() + NEAR);
      StringBuilder names = new StringBuilder();
      for (Mark mark : marks) {
        if (mark.events() >= from && mark.events() <= to) {
          names.append(names.isEmpty() ? "Named " : ", ").append(mark.label());
        }
      }
      if (!names.isEmpty()) {
        return names.toString();
      }
    }
    return String.format("After %,d of %,d changes", getValue(), getMaximum());
  }
}
