package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.event.KeyEvent;
import java.util.concurrent.atomic.AtomicInteger;
import javax.swing.JButton;
import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.JTextArea;
import javax.swing.JTextField;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A question that is answered, refused and given up, by keys and the mouse. */
@RequiresDisplay
class AskingDialogTest {
  private final Screen screen = new Screen();
  private final AtomicInteger answers = new AtomicInteger();
  private final JLabel question = EventThread.call(() -> new JLabel("Name:"));
  private final JTextField field = EventThread.call(() -> new JTextField(20));
  private AskingDialog asking;
  private JDialog dialog;

  @BeforeEach
  void ask() {
    asking =
        EventThread.call(
            () ->
                new AskingDialog(
                    null, "Name", question, field, "Choose", answers::incrementAndGet));
    SwingUtilities.invokeLater(asking::ask);
    dialog = Windows.awaitDialog("Name");
    screen.click(field);
    Screen.await("the focus", field::isFocusOwner);
  }

  @AfterEach
  void close() {
    EventThread.run(asking::close);
  }

  @Test
  void shouldAnswerByEnterAndSayWhyThatWillNotDo() {
    screen.press(KeyEvent.VK_ENTER);
    Screen.await("an answer", () -> answers.get() == 1);
    JButton choose = Screen.find(dialog, JButton.class, "Choose");
    EventThread.run(choose::requestFocusInWindow);
    Screen.await("focus elsewhere", choose::isFocusOwner);

    EventThread.run(() -> asking.refuse("It is taken."));
    Screen.await("the focus", field::isFocusOwner);
    JTextArea problem = Screen.find(dialog, JTextArea.class, "problem");
    assertThat(problem.getText()).isEqualTo("It is taken.");
    assertThat(problem.getAccessibleContext().getAccessibleName())
        .isEqualTo("Problem: It is taken.");
    assertThat(field.getAccessibleContext().getAccessibleName()).isEqualTo("Name:");
    assertThat(dialog.isShowing()).isTrue();
  }

  @Test
  void shouldGiveUpByEscape() {
    screen.press(KeyEvent.VK_ESCAPE);
    Screen.await("no dialog", () -> !dialog.isShowing());
    assertThat(answers).hasValue(0);
  }

  @Test
  void shouldGiveUpByCancel() {
    screen.click(Screen.find(dialog, JButton.class, "Cancel"));
    Screen.await("no dialog", () -> !dialog.isShowing());
    assertThat(answers).hasValue(0);
  }
}
