package dev.weft.desktop.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.EventThread;
import java.awt.Color;
import java.awt.Component;
import java.awt.Container;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import javax.swing.Icon;
import javax.swing.JLabel;
import javax.swing.JList;
import org.junit.jupiter.api.Test;

class PersonRendererTest {
  private static final int PALE = 0xFFFF80;

  private static Component cell(PersonRow row, boolean chosen) {
    JList<PersonRow> list = new JList<>();
    list.setBackground(Color.WHITE);
    list.setForeground(Color.BLACK);
    list.setSelectionBackground(Color.BLUE);
    list.setSelectionForeground(Color.YELLOW);
    Component cell =
        new PersonRenderer().getListCellRendererComponent(list, row, 0, chosen, chosen);
    cell.setSize(200, 44);
    return cell;
  }

  @Test
  void shouldSayYouBesideLongName() {
    EventThread.run(
        () -> {
          PersonRow row = new PersonRow(0, true, "M".repeat(24), 0, "line 1", "");
          List<JLabel> labels = labels(cell(row, false));

          JLabel name = labels.stream().filter(l -> row.name().equals(l.getText())).findAny().get();
          JLabel you = labels.stream().filter(l -> " (you)".equals(l.getText())).findAny().get();
          assertThat(you.getWidth()).isGreaterThanOrEqualTo(you.getPreferredSize().width);
          assertThat(name.getWidth()).isLessThan(name.getPreferredSize().width).isGreaterThan(50);
          int end = you.getX() + you.getWidth() + you.getParent().getX();
          assertThat(end + you.getParent().getParent().getX()).isLessThanOrEqualTo(200);
        });
  }

  private static List<JLabel> labels(Component cell) {
    List<JLabel> labels = new ArrayList<>();
    layOut((Container) cell, labels);
    return labels;
  }

  private static void layOut(Container part, List<JLabel> labels) {
    part.doLayout();
    for (Component child : part.getComponents()) {
      if (child instanceof JLabel label) {
        labels.add(label);
      } else if (child instanceof Container inner) {
        layOut(inner, labels);
      }
    }
  }

  @Test
  void shouldTellOfOthersWhereAndHowTheyAre() {
    EventThread.run(
        () -> {
          PersonRow row = new PersonRow(1, false, "Ada", PALE, "line 3", "active");
          Component cell = cell(row, false);

          assertThat(labels(cell))
              .extracting(JLabel::getText)
              .contains("Ada", "line 3, active")
              .doesNotContain(" (you)");
          assertThat(cell.getAccessibleContext().getAccessibleName())
              .isEqualTo("Ada, line 3, active");
        });
  }

  @Test
  void shouldShowWordsOfChosenRowInItsColorsAndPersonAsEverywhere() {
    EventThread.run(
        () -> {
          PersonRow row = new PersonRow(1, false, "Ada", PALE, "line 3", "active");
          BufferedImage usual = swatch(cell(row, false));
          Component chosen = cell(row, true);

          assertThat(chosen.getBackground()).isEqualTo(Color.BLUE);
          assertThat(labels(chosen))
              .filteredOn(label -> label.getIcon() == null)
              .extracting(JLabel::getForeground)
              .containsOnly(Color.YELLOW);
          assertThat(pixels(swatch(chosen))).isEqualTo(pixels(usual));
          int shade = usual.getRGB(usual.getWidth() / 2, 4) & 0xFFFFFF;
          assertThat(Contrast.ratio(shade, 0xFFFFFF))
              .isGreaterThanOrEqualTo(Contrast.LEAST_OF_SIGNS);
        });
  }

  private static BufferedImage swatch(Component cell) {
    Icon icon =
        labels(cell).stream().map(JLabel::getIcon).filter(each -> each != null).findAny().get();
    BufferedImage image =
        new BufferedImage(icon.getIconWidth(), icon.getIconHeight(), BufferedImage.TYPE_INT_RGB);
    icon.paintIcon(null, image.createGraphics(), 0, 0);
    return image;
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }
}
