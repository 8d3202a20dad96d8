package dev.weft.desktop.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.EventThread;
import dev.weft.desktop.binding.Bound.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A range of a text that is bound, and what becomes of it. */
class BoundRangeTest {
  private final Desk desk = new Desk();
  private final Bound bound = new Bound(desk, Kind.TEXT_AREA);

  @BeforeEach
  void write() {
    bound.text.insert(0, "<target>");
    EventThread.settle();
  }

  @AfterEach
  void close() {
    bound.close();
    desk.close();
  }

  @Test
  void shouldStayWhereEditIsRefusedThoughPersonIsInIt() {
    EventThread.run(
        () -> {
          bound.component.select(1, 7);
          BoundRange range = bound.binding.range(1, 7);
          // Half of a character is refused.
          assertThat(range.replace("a\uD83Eb")).isSameAs(range);
        });
    assertThat(bound.text.text()).isEqualTo("<target>");
  }

  @Test
  void shouldHoldWhatStoodInItWhenAnotherThreadHasJustWrittenAtItsEdges() {
    EventThread.run(
        () -> {
          bound.onAnotherThread(text -> text.insert(7, "right"));
          bound.onAnotherThread(text -> text.insert(1, "left"));
          BoundRange range = bound.binding.range(1, 7);
          assertThat(range.text()).isEqualTo("target");
          assertThat(range.start()).isEqualTo(5);
          assertThat(range.end()).isEqualTo(11);
          range.replace("aim");
        });
    EventThread.settle();
    assertThat(bound.text.text()).isEqualTo("<leftaimright>");
    bound.requireSame();
  }
}
