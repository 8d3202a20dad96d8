package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.event.MouseAdapter;
import java.awt.event.MouseEvent;
import java.util.concurrent.atomic.AtomicInteger;
import javax.swing.JButton;
import javax.swing.JFrame;
import javax.swing.JPanel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every test of a window relies on: that a click comes to what it is meant for. */
@RequiresDisplay
class ScreenTest {
  private final Screen screen = new Screen();
  private final JFrame frame = EventThread.call(() -> new JFrame("Moving"));

  @AfterEach
  void close() {
    EventThread.run(frame::dispose);
  }

  @Test
  void shouldClickAgainOnWhatMovesFromUnderTheMouse() {
    AtomicInteger clicks = new AtomicInteger();
    AtomicInteger entries = new AtomicInteger();
    JButton button = EventThread.call(() -> new JButton("Sign In"));
    button.addActionListener(event -> clicks.incrementAndGet());
    button.addMouseListener(
        new MouseAdapter() {
          @Override
          public void mouseEntered(MouseEvent event) {
            if (entries.getAndIncrement() == 0) {
              button.setLocation(200, 200);
              frame.validate();
            }
          }
        });
    EventThread.run(
        () -> {
          JPanel unmanaged = new JPanel(null);
          unmanaged.add(button);
          button.setBounds(100, 100, 120, 40);
          frame.setContentPane(unmanaged);
          frame.setBounds(20, 20, 400, 300);
          frame.setVisible(true);
        });

    screen.click(button);
    Screen.await("a click", () -> clicks.get() > 0);
    EventThread.settle();
    assertThat(clicks).hasValue(1);
    assertThat(entries).hasValueGreaterThan(1);
  }
}
