package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.store.DocumentId;
import java.awt.Window;
import java.awt.event.KeyEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.swing.JButton;
import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.JOptionPane;
import javax.swing.JTextArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two windows on one document through a real relay, driven by keys and the mouse. */
@RequiresDisplay
class DesktopDemoTest {
  @TempDir Path directory;

  private final Screen screen = new Screen();
  private Loopback relay;
  private DesktopDemo demo;

  @BeforeEach
  void open() {
    relay = new Loopback(directory.resolve("relay"));
    demo =
        DesktopDemo.open(
            new DocumentId("minutes"),
            relay.uri(),
            "",
            directory.resolve("left"),
            directory.resolve("right"));
    awaitWords(demo.left(), "connection", "Connected");
    awaitWords(demo.right(), "connection", "Connected");
  }

  @AfterEach
  void close() {
    demo.close();
    relay.close();
  }

  @Test
  void shouldEndWithSameTextWhenBothWriteAtOnce() {
    for (int i = 0; i < 100; i++) {
      String line = i + "\n";
      EventThread.run(() -> demo.left().tab().area().replaceSelection("left " + line));
      EventThread.run(() -> demo.right().tab().area().replaceSelection("right " + line));
    }

    awaitSameText();
    List<String> lines =
        IntStream.range(0, 100).boxed().flatMap(i -> Stream.of("left " + i, "right " + i)).toList();
    assertThat(text(demo.left()).lines()).containsExactlyInAnyOrderElementsOf(lines);
  }

  @Test
  void shouldTellTruthFromFirstKeyToAcknowledgedSave() {
    focus(demo.left());
    screen.type("agenda\none warp\ntwo weft\n");
    awaitText(demo.right(), "agenda\none warp\ntwo weft\n");

    focus(demo.right());
    screen.press(KeyEvent.VK_END, KeyEvent.VK_CONTROL);
    screen.type("three fringe");
    awaitText(demo.left(), "agenda\none warp\ntwo weft\nthree fringe");

    screen.press(KeyEvent.VK_S, KeyEvent.VK_CONTROL);
    awaitNotice(demo.right(), "Save confirmed");
    awaitWords(demo.right(), "saves", "Saved on the relay (FSYNCED)");
    awaitWords(demo.left(), "saves", "Saved on the relay (FSYNCED)");
    screen.picture("two-saved", windows());

    screen.press(KeyEvent.VK_F1);
    Screen.await("explanation", () -> question().isPresent());
    assertThat(words(question().orElseThrow())).contains("it survives a crash of the relay");
    screen.picture("status-explained", windows());
    screen.press(KeyEvent.VK_ESCAPE);
    Screen.await("explanation closed", () -> question().isEmpty());
  }

  @Test
  void shouldTellTruthWhenNetworkIsCutAndMended() {
    EventThread.run(() -> demo.left().tab().area().replaceSelection("together "));
    awaitText(demo.right(), "together ");
    awaitWords(demo.left(), "saves", "Saved on the relay (FSYNCED)");

    screen.click(Screen.find(demo.network().frame(), JButton.class, "Cut Left"));
    awaitWords(demo.left(), "connection", "Offline");
    focus(demo.left());
    screen.type("alone");
    awaitWords(demo.left(), "connection", "Offline, 5 changes waiting");
    awaitWords(demo.left(), "saves", "5 changes not saved yet");
    assertThat(text(demo.right())).isEqualTo("together ");

    screen.press(KeyEvent.VK_S, KeyEvent.VK_CONTROL);
    awaitWords(demo.left(), "saves", "Save waits for the relay");
    EventThread.run(() -> demo.right().tab().area().replaceSelection("and apart "));
    screen.picture("two-cut", windows());

    screen.press(KeyEvent.VK_W, KeyEvent.VK_CONTROL);
    Screen.await("question", () -> question().isPresent());
    assertThat(words(question().orElseThrow())).contains("5 changes are not known to be saved");
    screen.picture("closing-question", windows());
    EventThread.run(
        () -> Screen.find(question().orElseThrow(), JButton.class, "Keep Open").doClick());

    screen.click(Screen.find(demo.network().frame(), JButton.class, "Mend Left"));
    awaitNotice(demo.left(), "Save confirmed");
    awaitSameText();
    assertThat(text(demo.left())).contains("together ").contains("alone").contains("and apart ");
    awaitWords(demo.left(), "connection", "Connected");
    awaitWords(demo.left(), "saves", "Saved on the relay (FSYNCED)");
  }

  @Test
  void shouldSayWhatWaitsWhenClosedWithoutRelay() {
    relay.close();
    awaitWords(demo.left(), "connection", "Offline");
    EventThread.run(() -> demo.left().tab().area().replaceSelection("kept"));

    EventThread.run(demo.left()::close);
    Screen.await("question", () -> question().isPresent());
    EventThread.run(() -> Screen.find(question().orElseThrow(), JButton.class, "Close").doClick());

    assertThat(demo.left().closed().join().get(0).describe())
        .isEqualTo(
            "4 changes are not known to be saved on the relay; all of minutes is kept in "
                + directory.resolve("left")
                + ", and what the relay lacks is sent when it is opened again.");
  }

  // --- What is seen ---

  private Window[] windows() {
    return new Window[] {
      demo.left().frame(), demo.right().frame(), demo.network().frame(),
    };
  }

  private void focus(EditorWindow window) {
    screen.click(window.tab().area());
    Screen.await("focus", window.tab().area()::isFocusOwner);
  }

  private static Optional<JDialog> question() {
    return Stream.of(Window.getWindows())
        .filter(window -> window instanceof JDialog && window.isShowing())
        .map(JDialog.class::cast)
        .findFirst();
  }

  private static String words(JDialog dialog) {
    JOptionPane pane = (JOptionPane) dialog.getContentPane().getComponent(0);
    return pane.getMessage().toString();
  }

  private static String text(EditorWindow window) {
    return EventThread.call(() -> window.tab().area().getText());
  }

  private static void awaitText(EditorWindow window, String text) {
    Screen.await("text \"" + text + "\"", () -> window.tab().area().getText().equals(text));
  }

  private void awaitSameText() {
    Screen.await(
        "the same text in both windows",
        () ->
            demo.left().tab().text().version().equals(demo.right().tab().text().version())
                && text(demo.left()).equals(text(demo.right())));
  }

  private static void awaitWords(EditorWindow window, String field, String beginning) {
    JLabel label = Screen.find(window.tab().pane(), JLabel.class, field);
    Screen.await(
        field + " \"" + beginning + "\"",
        () -> label.getText().equals(beginning) || label.getText().startsWith(beginning + " ("));
  }

  private static void awaitNotice(EditorWindow window, String beginning) {
    JTextArea notice = Screen.find(window.tab().pane(), JTextArea.class, "notice");
    Screen.await("notice \"" + beginning + "\"", () -> notice.getText().startsWith(beginning));
  }
}
