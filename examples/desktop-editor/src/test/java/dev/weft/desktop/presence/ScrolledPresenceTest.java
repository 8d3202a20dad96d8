package dev.weft.desktop.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Selection;
import dev.weft.desktop.EventThread;
import dev.weft.desktop.RequiresDisplay;
import dev.weft.desktop.presence.Shape.Kind;
import java.awt.AWTException;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.Toolkit;
import java.awt.image.BufferedImage;
import java.util.List;
import javax.swing.JFrame;
import javax.swing.JScrollPane;
import javax.swing.JTextArea;
import javax.swing.JViewport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is on the screen of others' names after a text was scrolled, which copies what is there. */
@RequiresDisplay
class ScrolledPresenceTest {
  private static final int LONG_LINE = 300;

  private final JFrame frame = EventThread.call(JFrame::new);
  private LayeredText layered;
  private JViewport viewport;

  @BeforeEach
  void open() {
    JTextArea area = EventThread.call(JTextArea::new);
    layered =
        new LayeredText(
            area, "first\nsecond\n" + "x".repeat(LONG_LINE) + "\n" + "more\n".repeat(100));
    JScrollPane scroll = EventThread.call(() -> new JScrollPane(area));
    viewport = EventThread.call(scroll::getViewport);
    EventThread.run(
        () -> {
          area.setCaretPosition(0);
          frame.setUndecorated(true);
          frame.add(scroll);
          frame.setBounds(20, 20, 400, 200);
          frame.setVisible(true);
        });
  }

  @AfterEach
  void close() {
    layered.close();
    EventThread.run(frame::dispose);
  }

  private void comeToEndOfLongLine(String name) {
    int end = "first\nsecond\n".length() + LONG_LINE;
    layered.show(layered.participants.come(name, 0x0B6BCB, Selection.caret(end)));
    awaitOneName();
  }

  /** The clock stands still, so names that are seen stay. */
  private void awaitOneName() {
    EventThread.await(
        "the name, once, where it is now",
        () -> {
          List<Shape> flags = layered.drawn(Kind.FLAG);
          if (flags.size() != 1) {
            return false;
          }
          int color = flags.get(0).color().getRGB();
          int drawn = count(color, painted());
          return drawn > 0 && drawn == count(color, onScreen());
        });
  }

  private BufferedImage painted() {
    Rectangle sight = viewport.getViewRect();
    BufferedImage image = new BufferedImage(sight.width, sight.height, BufferedImage.TYPE_INT_RGB);
    viewport.paint(image.createGraphics());
    return image;
  }

  private BufferedImage onScreen() {
    Toolkit.getDefaultToolkit().sync();
    try {
      return new Robot()
          .createScreenCapture(new Rectangle(viewport.getLocationOnScreen(), viewport.getSize()));
    } catch (AWTException e) {
      throw new AssertionError(e);
    }
  }

  private static int count(int color, BufferedImage image) {
    int count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        if ((image.getRGB(x, y) & 0xFFFFFF) == (color & 0xFFFFFF)) {
          count++;
        }
      }
    }
    return count;
  }

  @Test
  void shouldShowNameOnceAfterScrollingSideways() {
    comeToEndOfLongLine("Ada");
    Point before = nameOnView();
    EventThread.run(() -> viewport.setViewPosition(new Point(150, 0)));
    awaitOneName();
    assertThat(nameOnView().x).isEqualTo(before.x + 150);
    EventThread.run(() -> viewport.setViewPosition(new Point(20, 0)));
    awaitOneName();
  }

  @Test
  void shouldShowNameOnceAfterScrollingUpAndDown() {
    comeToEndOfLongLine("Ada");
    Point before = nameOnView();
    // There is no room above the line any more.
    EventThread.run(() -> viewport.setViewPosition(new Point(0, before.y + 5)));
    awaitOneName();
    assertThat(nameOnView().y).isGreaterThan(before.y);
    EventThread.run(() -> viewport.setViewPosition(new Point(0, 0)));
    awaitOneName();
  }

  private Point nameOnView() {
    return layered.drawn(Kind.FLAG).get(0).place().getLocation();
  }
}
