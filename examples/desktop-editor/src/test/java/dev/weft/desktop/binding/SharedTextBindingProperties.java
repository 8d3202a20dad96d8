package dev.weft.desktop.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.EventThread;
import dev.weft.desktop.binding.Bound.Kind;
import dev.weft.desktop.binding.Step.Author;
import java.util.List;
import javax.swing.text.BadLocationException;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A component and its shared text are the same after every event, whoever edits which of them. */
class SharedTextBindingProperties {
  private static Desk desk;

  @BeforeContainer
  static void open() {
    desk = new Desk();
  }

  @AfterContainer
  static void close() {
    desk.close();
  }

  @Property(tries = 500)
  void shouldShowSharedTextAfterEveryEvent(@ForAll Kind kind, @ForAll("steps") List<Step> steps)
      throws BadLocationException {
    try (Bound bound = new Bound(desk, kind)) {
      StringBuilder expected = new StringBuilder();
      for (Step original : steps) {
        Step step = original.fitting(kind);
        step.applyTo(expected);
        step.takeOnItsThread(bound);
        EventThread.settle();
        bound.requireSame();
        assertThat(bound.text.text()).isEqualTo(expected.toString());
      }
      assertThat(bound.refused).isEmpty();
    }
  }

  @Property(tries = 500)
  void shouldShowSharedTextWhenBothAreEditedInOneEvent(
      @ForAll Kind kind, @ForAll("steps") List<Step> steps) {
    try (Bound bound = new Bound(desk, kind)) {
      EventThread.run(
          () -> {
            for (Step step : steps) {
              step.fitting(kind).take(bound);
            }
          });
      EventThread.settle();
      bound.requireSame();
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Step.lists(Author.values());
  }
}
