package dev.weft.desktop.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.EventThread;
import dev.weft.desktop.binding.Bound.Kind;
import java.awt.EventQueue;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Toolkit;
import java.awt.event.MouseEvent;
import java.awt.event.MouseWheelEvent;
import javax.swing.JScrollPane;
import javax.swing.JViewport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What a person looks at stays in place while others write. */
class ScrolledBindingTest {
  private static final int LINES = 400;

  @AutoClose private static final Desk desk = new Desk();

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "OTHER_DOCUMENT")
  void shouldKeepTopLineInPlaceWhenOthersWriteAboveItAndCaretIsOutOfSight(Kind kind) {
    try (Bound bound = new Bound(desk, kind)) {
      JViewport viewport = scrolled(bound);
      EventThread.run(() -> bound.component.setCaretPosition(0));
      EventThread.settle();
      EventThread.run(() -> viewport.setViewPosition(new Point(0, 1_501)));
      String top = top(bound, viewport);

      bound.text.insert(0, "new line above\n".repeat(7));
      bound.text.insert(0, "x");
      EventThread.settle();

      assertThat(top(bound, viewport)).isEqualTo(top);
      assertThat(viewport.getScrollMode()).isEqualTo(JViewport.BLIT_SCROLL_MODE);
      bound.requireSame();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "OTHER_DOCUMENT")
  void shouldKeepLineOfCaretInPlaceWhenOthersWriteAboveIt(Kind kind) {
    try (Bound bound = new Bound(desk, kind)) {
      JViewport viewport = scrolled(bound);
      int caret = bound.text.text().indexOf("line 205") + 3;
      EventThread.run(() -> bound.component.setCaretPosition(caret));
      EventThread.settle();
      int height = caretHeight(bound, viewport);

      bound.text.insert(0, "new line above\n".repeat(7));
      bound.text.insert(bound.text.text().indexOf("line 204"), "in sight, above\n");
      bound.text.insert(bound.text.text().indexOf("line 206"), "in sight, below\n");
      EventThread.settle();

      assertThat(caretHeight(bound, viewport)).isEqualTo(height);
      assertThat(bound.component.getCaretPosition())
          .isEqualTo(bound.text.text().indexOf("line 205") + 3);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "OTHER_DOCUMENT")
  void shouldNotScrollWhenOthersWriteBelowWhatIsInSight(Kind kind) {
    try (Bound bound = new Bound(desk, kind)) {
      JViewport viewport = scrolled(bound);
      EventThread.run(() -> bound.component.setCaretPosition(bound.text.length()));
      EventThread.settle();
      EventThread.run(() -> viewport.setViewPosition(new Point(0, 800)));

      bound.text.insert(bound.text.length() - 20, "new line below\n".repeat(7));
      EventThread.settle();

      assertThat(viewport.getViewPosition()).isEqualTo(new Point(0, 800));
    }
  }

  @Test
  void shouldKeepTopLineInPlaceWhenOthersWriteMoreThanMayWait() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      JViewport viewport = scrolled(bound);
      EventThread.run(() -> bound.component.setCaretPosition(0));
      EventThread.settle();
      EventThread.run(() -> viewport.setViewPosition(new Point(0, 1_501)));
      String top = top(bound, viewport);

      bound.text.transact(
          shared -> {
            for (int i = 0; i < 6_000; i++) {
              shared.insert(0, "a\n");
              shared.insert(shared.length(), "z");
            }
          });
      EventThread.settle();

      assertThat(top(bound, viewport)).isEqualTo(top);
      bound.requireSame();
    }
  }

  @Test
  void shouldLeaveViewWherePersonScrollsWhileOthersMoveCaret() {
    try (Bound bound = new Bound(desk, Kind.TEXT_AREA)) {
      JViewport viewport = scrolled(bound);
      EventThread.run(() -> bound.component.setCaretPosition(bound.text.length()));
      EventThread.settle();
      EventThread.run(() -> viewport.setViewPosition(new Point(0, 1_500)));

      EventThread.run(
          () -> {
            bound.text.insert(bound.text.length() - 1, "above the caret");
            EventQueue events = Toolkit.getDefaultToolkit().getSystemEventQueue();
            events.postEvent(turnOfWheel((JScrollPane) viewport.getParent()));
          });
      EventThread.settle();

      assertThat(viewport.getViewPosition().y).isBetween(1_501, 1_800);
    }
  }

  private static MouseWheelEvent turnOfWheel(JScrollPane scroll) {
    return new MouseWheelEvent(
        scroll,
        MouseEvent.MOUSE_WHEEL,
        0,
        0,
        10,
        10,
        0,
        false,
        MouseWheelEvent.WHEEL_UNIT_SCROLL,
        3,
        1);
  }

  /** Puts the component, with many lines, into a scroll pane that shows some of them. */
  private static JViewport scrolled(Bound bound) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < LINES; i++) {
      lines.append("line ").append(i).append('\n');
    }
    bound.type(lines.toString());
    return EventThread.call(
        () -> {
          JScrollPane scroll = new JScrollPane(bound.component);
          scroll.setSize(400, 300);
          scroll.addNotify();
          scroll.validate();
          return scroll.getViewport();
        });
  }

  /** Returns the line at the top of what is in sight, and how much of it is hidden. */
  private static String top(Bound bound, JViewport viewport) {
    return EventThread.call(
        () -> {
          Point corner = viewport.getViewPosition();
          int offset = bound.component.viewToModel2D(corner);
          Rectangle line = bound.component.modelToView2D(offset).getBounds();
          String text = bound.component.getDocument().getText(offset, 8);
          return text + " from " + (corner.y - line.y);
        });
  }

  private static int caretHeight(Bound bound, JViewport viewport) {
    return EventThread.call(
        () -> {
          int dot = bound.component.getCaretPosition();
          return bound.component.modelToView2D(dot).getBounds().y - viewport.getViewPosition().y;
        });
  }
}
