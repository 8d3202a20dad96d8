package dev.weft.desktop.history;

import java.awt.event.ActionEvent;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.awt.event.MouseEvent;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import javax.swing.AbstractAction;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JSlider;
import javax.swing.KeyStroke;
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

  /** Shows where the versions are that have names. */
  @SuppressWarnings("JdkObsolete") // Swing asks for a dictionary.
  void showMarks(List<Mark> shown) {
    marks = List.copyOf(shown);
    Dictionary<Integer, JComponent> labels = new Hashtable<>();
    for (Mark mark : marks) {
      labels.put(Math.toIntExact(mark.events()), new JLabel("\u25B2"));
    }
    setLabelTable(labels.isEmpty() ? null : labels);
    setPaintLabels(!labels.isEmpty());
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
