package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.awt.AWTEvent;
import java.awt.Frame;
import java.awt.Point;
import java.awt.Toolkit;
import java.awt.Window;
import java.awt.event.AWTEventListener;
import java.awt.event.HierarchyEvent;
import java.awt.event.KeyEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where windows are put. On a display without a window manager Java may lose a place that is
 * changed just after a window came to be there: what is clicked on is elsewhere then.
 */
@RequiresDisplay
class WindowPlacesTest {
  @TempDir Path directory;

  private final FirstPlaces firstPlaces = new FirstPlaces();
  private DemoDesk desk;

  @BeforeEach
  void open() throws IOException {
    Toolkit.getDefaultToolkit().addAWTEventListener(firstPlaces, AWTEvent.HIERARCHY_EVENT_MASK);
    desk = DemoDesk.open(directory);
  }

  @AfterEach
  void close() {
    Toolkit.getDefaultToolkit().removeAWTEventListener(firstPlaces);
    desk.close();
  }

  /** Notes where windows stand as they come to be on the display. */
  private static final class FirstPlaces implements AWTEventListener {
    private final Map<Window, Point> places = new HashMap<>();

    @Override
    public void eventDispatched(AWTEvent event) {
      if (event.getSource() instanceof Window window
          && window.isDisplayable()
          && (((HierarchyEvent) event).getChangeFlags() & HierarchyEvent.DISPLAYABILITY_CHANGED)
              != 0) {
        places.put(window, window.getLocation());
      }
    }
  }

  @Test
  void shouldHaveTheirPlacesBeforeTheyAreOnDisplay() {
    assumeFalse(
        Toolkit.getDefaultToolkit().isFrameStateSupported(Frame.MAXIMIZED_BOTH),
        "a window manager puts windows where it likes");
    for (Window window : desk.windows()) {
      assertStands(window);
    }
    assertStandsWhenOpened("Keys", KeyEvent.VK_F1, KeyEvent.VK_SHIFT);
    assertStandsWhenOpened("Go to Line", KeyEvent.VK_G, KeyEvent.VK_CONTROL);
    assertStandsWhenOpened("History of minutes", KeyEvent.VK_F4);
  }

  private void assertStandsWhenOpened(String title, int key, int... held) {
    desk.focus(desk.demo().left());
    desk.screen().press(key, held);
    Window dialog = Windows.awaitDialog(title);
    assertStands(dialog);
    EventThread.run(dialog::dispose);
  }

  private void assertStands(Window window) {
    EventThread.run(
        () ->
            assertThat(window.getLocation())
                .as(window::toString)
                .isEqualTo(firstPlaces.places.get(window))
                .isNotEqualTo(new Point()));
  }
}
