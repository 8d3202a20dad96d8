package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.event.KeyEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.swing.JButton;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two windows on one document through a real relay, driven by keys and the mouse. */
@RequiresDisplay
class DesktopDemoTest {
  @TempDir Path directory;

  private DemoDesk desk;
  private Screen screen;
  private DesktopDemo demo;

  @BeforeEach
  void open() throws IOException {
    desk = DemoDesk.open(directory);
    screen = desk.screen();
    demo = desk.demo();
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void shouldEndWithSameTextWhenBothWriteAtOnce() {
    for (int i = 0; i < 100; i++) {
      String line = i + "\n";
      EventThread.run(() -> demo.left().tab().area().replaceSelection("left " + line));
      EventThread.run(() -> demo.right().tab().area().replaceSelection("right " + line));
    }

    desk.awaitSameText();
    List<String> lines =
        IntStream.range(0, 100).boxed().flatMap(i -> Stream.of("left " + i, "right " + i)).toList();
    assertThat(DemoDesk.text(demo.left()).lines()).containsExactlyInAnyOrderElementsOf(lines);
  }

  @Test
  void shouldTellTruthFromFirstKeyToAcknowledgedSave() {
    desk.focus(demo.left());
    screen.type("agenda\none warp\ntwo weft\n");
    desk.awaitText(demo.right(), "agenda\none warp\ntwo weft\n");

    desk.focus(demo.right());
    screen.press(KeyEvent.VK_END, KeyEvent.VK_CONTROL);
    screen.type("three fringe");
    desk.awaitText(demo.left(), "agenda\none warp\ntwo weft\nthree fringe");

    screen.press(KeyEvent.VK_S, KeyEvent.VK_CONTROL);
    desk.awaitNotice(demo.right(), "Save confirmed");
    desk.awaitWords(demo.right(), "saves", Windows.SAVED_ON_RELAY);
    desk.awaitWords(demo.left(), "saves", Windows.SAVED_ON_RELAY);
    screen.picture("two-saved", desk.windows());

    screen.press(KeyEvent.VK_F1);
    Screen.await("explanation", () -> Windows.dialog().isPresent());
    assertThat(DemoDesk.words(Windows.dialog().orElseThrow()))
        .contains("it survives a crash of the relay")
        .contains("The relay is " + desk.relay().uri() + ", through the demonstration's network");
    screen.picture("status-explained", desk.windows());
    screen.press(KeyEvent.VK_ESCAPE);
    Screen.await("explanation closed", () -> Windows.dialog().isEmpty());
  }

  @Test
  void shouldSayWhatWaitsWhenClosedWithoutRelay() {
    desk.relay().kill();
    desk.awaitWords(demo.left(), "connection", "Offline");
    EventThread.run(() -> demo.left().tab().area().replaceSelection("kept"));

    EventThread.run(demo.left()::close);
    Screen.await("question", () -> Windows.dialog().isPresent());
    EventThread.run(
        () -> Screen.find(Windows.dialog().orElseThrow(), JButton.class, "Close").doClick());

    assertThat(demo.left().closed().join().get(0).describe())
        .isEqualTo(
            "4 changes are not known to be saved on the relay; all of minutes is kept in "
                + directory.resolve("left")
                + ", and what the relay lacks is sent when it is opened again.");
  }
}
