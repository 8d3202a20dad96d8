package dev.weft.desktop.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.EventThread;
import java.awt.Component;
import java.awt.Container;
import java.util.ArrayList;
import java.util.List;
import javax.swing.JLabel;
import javax.swing.JList;
import org.junit.jupiter.api.Test;

class PersonRendererTest {
  @Test
  void shouldSayYouBesideLongName() {
    EventThread.run(
        () -> {
          PersonRow row = new PersonRow(0, true, "M".repeat(24), 0, "line 1", "");
          Component cell =
              new PersonRenderer()
                  .getListCellRendererComponent(new JList<PersonRow>(), row, 0, false, false);
          cell.setSize(200, 44);
          List<JLabel> labels = new ArrayList<>();
          layOut((Container) cell, labels);

          JLabel name = labels.stream().filter(l -> row.name().equals(l.getText())).findAny().get();
          JLabel you = labels.stream().filter(l -> " (you)".equals(l.getText())).findAny().get();
          assertThat(you.getWidth()).isGreaterThanOrEqualTo(you.getPreferredSize().width);
          assertThat(name.getWidth()).isLessThan(name.getPreferredSize().width).isGreaterThan(50);
          int end = you.getX() + you.getWidth() + you.getParent().getX();
          assertThat(end + you.getParent().getParent().getX()).isLessThanOrEqualTo(200);
        });
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
}
