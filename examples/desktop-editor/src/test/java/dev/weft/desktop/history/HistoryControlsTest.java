package dev.weft.desktop.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.EventThread;
import java.awt.Component;
import java.awt.Container;
import java.util.stream.Stream;
import javax.swing.JLabel;
import org.junit.jupiter.api.Test;

class HistoryControlsTest {
  @Test
  void shouldSayWhyVersionCannotBeNamedOnlyOnceThatIsKnown() {
    EventThread.run(
        () -> {
          HistoryControls controls = new HistoryControls(new TextThen(() -> AuthorStripes.NONE));
          controls.offerName(false, false);
          assertThat(controls.name.isEnabled()).isFalse();
          assertThat(controls.name.getToolTipText()).startsWith("Gives the present version a name");
          assertThat(label(controls, "history hint")).startsWith("The history tells");

          controls.offerName(false, true);
          assertThat(controls.name.getToolTipText()).startsWith("Only the last version");
          assertThat(label(controls, "history hint")).startsWith("Only the last version");
        });
  }

  @Test
  void shouldPartEditFromChange() {
    EventThread.run(
        () -> {
          HistoryControls controls = new HistoryControls(new TextThen(() -> AuthorStripes.NONE));
          controls.tellEdit("Edit 5 of 5");
          controls.tellWhere("Change 78 of 78");
          assertThat(parts(controls).filter(JLabel.class::isInstance).limit(3))
              .extracting(part -> ((JLabel) part).getText())
              .containsExactly("Edit 5 of 5", "\u00b7", "Change 78 of 78");
        });
  }

  /** Returns what a label says that has a name. */
  static String label(Container controls, String name) {
    return parts(controls)
        .filter(part -> name.equals(part.getName()))
        .map(part -> ((JLabel) part).getText())
        .findAny()
        .orElseThrow();
  }

  private static Stream<Component> parts(Container container) {
    return Stream.of(container.getComponents())
        .flatMap(
            part ->
                part instanceof Container inner
                    ? Stream.concat(Stream.of(part), parts(inner))
                    : Stream.of(part));
  }
}
