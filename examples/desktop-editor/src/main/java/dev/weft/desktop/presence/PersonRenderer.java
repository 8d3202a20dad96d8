package dev.weft.desktop.presence;

import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.Component;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import javax.swing.BorderFactory;
import javax.swing.BoxLayout;
import javax.swing.Icon;
import javax.swing.JLabel;
import javax.swing.JList;
import javax.swing.JPanel;
import javax.swing.ListCellRenderer;
import org.jspecify.annotations.Nullable;

/** How one of the people looks in the list. Confined to the event dispatch thread. */
final class PersonRenderer extends JPanel implements ListCellRenderer<PersonRow> {
  private static final long serialVersionUID = 1L;

  private final JLabel swatch = new JLabel();
  private final JLabel name = plainLabel(true);
  private final JLabel you = plainLabel(false);
  private final JLabel details = plainLabel(true);

  PersonRenderer() {
    super(new BorderLayout(8, 0));
    setBorder(BorderFactory.createEmptyBorder(4, 10, 4, 8));
    JPanel words = new JPanel();
    words.setOpaque(false);
    words.setLayout(new BoxLayout(words, BoxLayout.Y_AXIS));
    JPanel title = new JPanel();
    title.setOpaque(false);
    title.setLayout(new BoxLayout(title, BoxLayout.X_AXIS));
    title.add(name);
    title.add(you);
    title.setAlignmentX(LEFT_ALIGNMENT);
    words.add(title);
    words.add(details);
    add(swatch, BorderLayout.LINE_START);
    add(words, BorderLayout.CENTER);
  }

  /**
   * A label that shows what others call themselves as it is, whatever it begins with.
   *
   * @param mayBeCut whether it gives way to what is beside it where there is little room
   */
  private static JLabel plainLabel(boolean mayBeCut) {
    JLabel label =
        new JLabel() {
          private static final long serialVersionUID = 1L;

          @Override
          public Dimension getMinimumSize() {
            Dimension least = super.getMinimumSize();
            return mayBeCut ? new Dimension(0, least.height) : least;
          }
        };
    label.putClientProperty("html.disable", true);
    return label;
  }

  @Override
  public Component getListCellRendererComponent(
      JList<? extends PersonRow> list,
      PersonRow row,
      int index,
      boolean selected,
      boolean focused) {
    Color ground = selected ? list.getSelectionBackground() : list.getBackground();
    Color ink = selected ? list.getSelectionForeground() : list.getForeground();
    setBackground(ground);
    // On its own ground in a chosen row too, so that a person's color is the same everywhere.
    swatch.setIcon(
        new Swatch(
            PersonName.initials(row.name()), row.color(), list.getBackground(), list.getFont()));
    name.setText(row.name());
    name.setFont(list.getFont());
    name.setForeground(ink);
    you.setText(row.whose());
    you.setFont(list.getFont());
    you.setForeground(ink);
    details.setText(row.details());
    details.setFont(list.getFont().deriveFont(list.getFont().getSize2D() * 0.9f));
    details.setForeground(ink);
    getAccessibleContext().setAccessibleName(row.words());
    return this;
  }

  /** A person's color on a ground, with the initials in it. */
  private record Swatch(String initials, int color, Color ground, Font font) implements Icon {
    private static final int SIZE = 28;
    private static final int RING = 2;

    @Override
    public void paintIcon(@Nullable Component component, Graphics g, int x, int y) {
      Graphics2D canvas = (Graphics2D) g.create();
      canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      canvas.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      int shade = Contrast.shade(color, ground.getRGB() & 0xFFFFFF, Contrast.LEAST_OF_SIGNS);
      canvas.setColor(ground);
      canvas.fillOval(x, y, SIZE, SIZE);
      canvas.setColor(new Color(shade));
      canvas.fillOval(x + RING, y + RING, SIZE - 2 * RING, SIZE - 2 * RING);
      canvas.setColor(new Color(Contrast.textOn(shade)));
      canvas.setFont(font.deriveFont(Font.BOLD, font.getSize2D() * 0.85f));
      int width = canvas.getFontMetrics().stringWidth(initials);
      int height = canvas.getFontMetrics().getAscent();
      int baseline = y + (SIZE + height - canvas.getFontMetrics().getDescent()) / 2;
      canvas.drawString(initials, x + (SIZE - width) / 2, baseline);
      canvas.dispose();
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
