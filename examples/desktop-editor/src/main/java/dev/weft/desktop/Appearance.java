package dev.weft.desktop;

import com.formdev.flatlaf.FlatDarkLaf;
import com.formdev.flatlaf.FlatLaf;
import com.formdev.flatlaf.FlatLightLaf;
import java.awt.Color;
import java.awt.Font;
import java.awt.Window;
import javax.swing.BorderFactory;
import javax.swing.SwingUtilities;
import javax.swing.UIManager;
import javax.swing.border.Border;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.fife.ui.rtextarea.Gutter;
import org.fife.ui.rtextarea.RTextScrollPane;

/**
 * How the windows look, light or dark, all of them alike. Confined to the event dispatch thread.
 */
final class Appearance {
  /** The text's size before it is zoomed, in points. */
  static final float TEXT_SIZE = 14f;

  private Appearance() {}

  /**
   * Sets the look up for the first window; later windows look as the first does now.
   *
   * @param dark what the first is to be
   */
  static void setUp(boolean dark) {
    if (!(UIManager.getLookAndFeel() instanceof FlatLaf)) {
      FlatLaf.setup(of(dark));
    }
  }

  private static FlatLaf of(boolean dark) {
    return dark ? new FlatDarkLaf() : new FlatLightLaf();
  }

  static boolean isDark() {
    return FlatLaf.isLafDark();
  }

  /** Makes all windows dark or light. */
  static void setDark(boolean dark) {
    FlatLaf.setup(of(dark));
    for (Window window : Window.getWindows()) {
      // What is disposed would give its keys to Swing's keyboard manager again, which keeps it.
      if (window.isDisplayable()) {
        SwingUtilities.updateComponentTreeUI(window);
      }
    }
  }

  /** Gives a text area, which has colors of its own, those of the look. */
  static void apply(RSyntaxTextArea area, RTextScrollPane scroll) {
    Color background = color("TextArea.background");
    Color foreground = color("TextArea.foreground");
    area.setBackground(background);
    area.setForeground(foreground);
    area.setCaretColor(foreground);
    // Letters keep their colors, to be read also where the ground of the selection is not shown.
    double part = isDark() ? 0.6 : 0.4;
    area.setSelectionColor(between(background, color("TextArea.selectionBackground"), part));
    area.setUseSelectedTextColor(false);
    area.setCurrentLineHighlightColor(between(background, foreground, 0.05));
    Gutter gutter = scroll.getGutter();
    gutter.setBackground(background);
    gutter.setBorderColor(color("Component.borderColor"));
    gutter.setLineNumberColor(between(foreground, background, 0.35));
    gutter.setCurrentLineNumberColor(foreground);
    scroll.setBorder(BorderFactory.createEmptyBorder());
  }

  /** Returns the border of what stands below the text. */
  static Border footBorder() {
    return BorderFactory.createCompoundBorder(
        BorderFactory.createMatteBorder(1, 0, 0, 0, color("Component.borderColor")),
        BorderFactory.createEmptyBorder(5, 10, 5, 10));
  }

  /** Sets the size of the text and of its line numbers, in points. */
  static void setTextSize(RSyntaxTextArea area, RTextScrollPane scroll, float points) {
    // Of a part of a point the text area loses sight, and keeps the line height that it had.
    area.setFont(new Font(Font.MONOSPACED, Font.PLAIN, Math.round(points)));
    scroll.getGutter().setLineNumberFont(area.getFont().deriveFont(points * 0.85f));
  }

  private static Color color(String key) {
    Color color = UIManager.getColor(key);
    if (color == null) {
      throw new IllegalStateException("the look and feel has no color " + key);
    }
    return color;
  }

  /** Returns a color that is {@code part} of the way from one to another. */
  private static Color between(Color from, Color to, double part) {
    return new Color(
        mix(from.getRed(), to.getRed(), part),
        mix(from.getGreen(), to.getGreen(), part),
        mix(from.getBlue(), to.getBlue(), part));
  }

  private static int mix(int from, int to, double part) {
    return (int) Math.round(from + (to - from) * part);
  }
}
