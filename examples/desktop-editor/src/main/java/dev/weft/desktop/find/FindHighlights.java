package dev.weft.desktop.find;

import dev.weft.desktop.ranges.RangePainter;
import dev.weft.desktop.ranges.Ranges;
import java.awt.Color;
import javax.swing.text.JTextComponent;
import org.jspecify.annotations.Nullable;

/** Shows in a text component where something was found. Confined to the event dispatch thread. */
final class FindHighlights implements Ranges, AutoCloseable {
  private final JTextComponent component;
  private final RangePainter painter;
  private Matches matches = Matches.NONE;

  FindHighlights(JTextComponent component) {
    this.component = component;
    painter = RangePainter.install(component, () -> this);
  }

  void show(Matches shown) {
    if (matches.size() > 0 || shown.size() > 0) {
      component.repaint();
    }
    matches = shown;
  }

  @Override
  public void close() {
    show(Matches.NONE);
    painter.close();
  }

  @Override
  public int size() {
    return matches.size();
  }

  @Override
  public int start(int range) {
    return matches.start(range);
  }

  @Override
  public int end(int range) {
    return matches.end(range);
  }

  @Override
  public Color fill(int range) {
    return isDark() ? new Color(0x5E4A12) : new Color(0xFFE9A6);
  }

  /** The match that is selected has a line around it, seen also where the focus is elsewhere. */
  @Override
  public @Nullable Color edge(int range) {
    return component.getSelectionStart() == start(range)
            && component.getSelectionEnd() == end(range)
        ? component.getForeground()
        : isDark() ? new Color(0x9A7A1E) : new Color(0xD9A300);
  }

  private boolean isDark() {
    Color ground = component.getBackground();
    return ground.getRed() + ground.getGreen() + ground.getBlue() < 3 * 128;
  }
}
