package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.dnd.DragSource;
import java.awt.dnd.DragSourceAdapter;
import java.awt.dnd.DragSourceDropEvent;
import java.awt.event.InputEvent;
import java.nio.file.Path;
import javax.swing.SwingUtilities;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person drags text with the mouse while others write. */
@RequiresDisplay
class DragTest {
  @TempDir Path directory;

  private final Dropped dropped = new Dropped();
  private EditorDesk desk;

  @BeforeEach
  void open() {
    desk = new EditorDesk(directory);
    DragSource.getDefaultDragSource().addDragSourceListener(dropped);
  }

  @AfterEach
  void close() {
    DragSource.getDefaultDragSource().removeDragSourceListener(dropped);
    desk.close();
  }

  /** Sees when a drag is over. */
  private static final class Dropped extends DragSourceAdapter {
    private boolean seen;

    @Override
    public void dragDropEnd(DragSourceDropEvent event) {
      seen = true;
    }
  }

  @Test
  void shouldLeaveTextWhereItIsWhenDroppedOnItselfAfterSomebodyWroteAbove() throws Exception {
    RSyntaxTextArea area = desk.area;
    desk.write("\n\n\n\nthe words MOVED stay here\n\n\n");
    desk.focus(new Screen());
    EventThread.run(() -> area.select(14, 19));
    Point place = pointAt(area, 16);
    Robot robot = new Robot();
    robot.mouseMove(place.x, place.y);
    robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
    try {
      move(robot, area, pointAt(area, 23), 23);
      desk.text.insert(0, "Somebody else writes. ");
      EventThread.settle();
      int within = desk.text.text().indexOf("MOVED") + 2;
      move(robot, area, place, within);
    } finally {
      robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
    }
    Screen.await("the end of the drag", () -> dropped.seen);
    EventThread.settle();

    String words = "Somebody else writes. \n\n\n\nthe words MOVED stay here\n\n\n";
    assertThat(EventThread.call(() -> area.getText())).isEqualTo(words);
    assertThat(desk.text.text()).isEqualTo(words);
  }

  private static Point pointAt(RSyntaxTextArea area, int offset) {
    return EventThread.call(
        () -> {
          Rectangle place = area.modelToView2D(offset).getBounds();
          Point point = new Point(place.x + 1, place.y + place.height / 2);
          SwingUtilities.convertPointToScreen(point, area);
          return point;
        });
  }

  /** Moves the mouse to and fro there until what is dragged would be dropped where it should be. */
  private static void move(Robot robot, RSyntaxTextArea area, Point there, int caret) {
    int[] moves = {0};
    Screen.await(
        "the caret at " + caret,
        () -> {
          robot.mouseMove(there.x + moves[0]++ % 2, there.y);
          return area.getCaretPosition() == caret
              && area.getSelectionStart() == area.getSelectionEnd();
        });
  }
}
