package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.AWTException;
import java.awt.Robot;
import java.awt.event.MouseAdapter;
import java.awt.event.MouseEvent;
import java.util.concurrent.atomic.AtomicInteger;
import javax.swing.JButton;
import javax.swing.JFrame;
import javax.swing.JPanel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every test of a window relies on: that a click comes to what it is meant for. */
@RequiresDisplay
class ScreenTest {
  private final Screen screen = new Screen();
  private final JFrame frame = EventThread.call(() -> new JFrame("Moving"));
  private final AtomicInteger clicks = new AtomicInteger();

  /** Left where the test before has clicked, it would be in the way at once. */
  @BeforeEach
  void moveMouseAway() throws AWTException {
    new Robot().mouseMove(0, 0);
  }

  @AfterEach
  void close() {
    EventThread.run(frame::dispose);
  }

  @Test
  void shouldClickAgainOnWhatMovesFromUnderTheMouse() {
    AtomicInteger entries = new AtomicInteger();
    JButton button = button();
    button.addMouseListener(
        new MouseAdapter() {
          @Override
          public void mouseEntered(MouseEvent event) {
            if (entries.getAndIncrement() == 0) {
              move(button);
            }
          }
        });
    show(button);

    screen.click(button);
    assertClickedOnce();
    assertThat(entries).hasValueGreaterThan(1);
  }

  @Test
  void shouldClickAgainOnWhatMovesBetweenPressAndRelease() {
    AtomicInteger presses = new AtomicInteger();
    JButton button = button();
    button.addMouseListener(
        new MouseAdapter() {
          @Override
          public void mousePressed(MouseEvent event) {
            if (presses.getAndIncrement() == 0) {
              move(button);
            }
          }
        });
    show(button);

    screen.click(button);
    assertClickedOnce();
    assertThat(presses).hasValue(2);
  }

  private JButton button() {
    JButton button = EventThread.call(() -> new JButton("Sign In"));
    button.addActionListener(event -> clicks.incrementAndGet());
    return button;
  }

  private void show(JButton button) {
    EventThread.run(
        () -> {
          JPanel unmanaged = new JPanel(null);
          unmanaged.add(button);
          button.setBounds(100, 100, 120, 40);
          frame.setContentPane(unmanaged);
          frame.setBounds(20, 20, 400, 300);
          frame.setVisible(true);
        });
  }

  private void move(JButton button) {
    button.setLocation(200, 200);
    frame.validate();
  }

  private void assertClickedOnce() {
    Screen.await("a click", () -> clicks.get() > 0);
    EventThread.settle();
    assertThat(clicks).hasValue(1);
  }
}
