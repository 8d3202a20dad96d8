package dev.weft.desktop.history;

import dev.weft.crdt.ReplicaId;
import java.awt.Color;
import java.awt.Component;
import java.awt.Graphics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.swing.DefaultListCellRenderer;
import javax.swing.Icon;
import javax.swing.JList;

/**
 * Says in words what the stripes behind the text show: who wrote how much of it, most first.
 * Confined to the event dispatch thread.
 */
final class Legend extends JList<Legend.Line> {
  private static final long serialVersionUID = 1L;

  /** One author. */
  record Line(String name, Color color, long units) {
    @Override
    public String toString() {
      return String.format("%s: %,d %s", name, units, units == 1 ? "character" : "characters");
    }
  }

  Legend() {
    setName("authors");
    getAccessibleContext().setAccessibleName("Who wrote the text shown");
    String names = "Names are what people called themselves here; nobody has proved them.";
    setToolTipText(names);
    getAccessibleContext().setAccessibleDescription(names);
    setCellRenderer(new Swatches());
    setPrototypeCellValue(new Line("replica 0123\u2026", Color.GRAY, 9_999_999));
  }

  void show(Map<ReplicaId, Long> units, Authors authors, Color ground) {
    Map<String, Line> lines = new HashMap<>();
    units.forEach(
        (author, count) -> {
          String name = authors.name(author);
          lines.merge(
              name,
              new Line(name, authors.color(author, ground), count),
              (one, other) -> new Line(name, one.color(), one.units() + other.units()));
        });
    List<Line> sorted = new ArrayList<>(lines.values());
    sorted.sort(Comparator.comparingLong(Line::units).reversed().thenComparing(Line::name));
    setListData(sorted.toArray(new Line[0]));
  }

  private static final class Swatches extends DefaultListCellRenderer {
    private static final long serialVersionUID = 1L;

    Swatches() {
      // Names are shown as they are, whatever they contain.
      putClientProperty("html.disable", true);
    }

    @Override
    public Component getListCellRendererComponent(
        JList<?> list, Object value, int index, boolean selected, boolean focused) {
      Component cell = super.getListCellRendererComponent(list, value, index, selected, focused);
      setIcon(new Swatch(((Line) value).color()));
      return cell;
    }
  }

  private record Swatch(Color color) implements Icon {
    private static final int SIZE = 14;

    @Override
    public void paintIcon(Component c, Graphics g, int x, int y) {
      g.setColor(color);
      g.fillRect(x, y, SIZE, SIZE);
      g.setColor(c.getForeground());
      g.drawRect(x, y, SIZE - 1, SIZE - 1);
    }

    @Override
    public int getIconWidth() {
      return SIZE;
    }

    @Override
    public int getIconHeight() {
      return SIZE;
    }
  }
}
