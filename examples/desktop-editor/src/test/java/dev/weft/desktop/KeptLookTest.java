package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.store.DocumentId;
import java.awt.event.KeyEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.swing.JFrame;
import javax.swing.JTextArea;
import javax.swing.UIManager;
import javax.swing.plaf.metal.MetalLookAndFeel;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person chose to see is there the next time, and in tabs that are opened later. */
@RequiresDisplay
class KeptLookTest {
  private static final DocumentId MINUTES = new DocumentId("minutes");

  @TempDir Path directory;
  @TempDir Path recordings;

  private final Screen screen = new Screen();

  @AfterEach
  void goBackToLight() {
    EventThread.run(() -> Appearance.setDark(false));
  }

  /** As a new process does, in which no look is set up. */
  private DesktopEditor open() {
    EventThread.run(() -> UIManager.setLookAndFeel(new MetalLookAndFeel()));
    DesktopEditor editor = DesktopEditor.open(MINUTES, null, directory);
    screen.click(area());
    Screen.await("focus", area()::isFocusOwner);
    return editor;
  }

  private static JFrame frame() {
    return EventThread.call(
        () ->
            Stream.of(JFrame.getFrames())
                .filter(JFrame.class::isInstance)
                .filter(each -> each.isShowing() && each.getTitle().endsWith(" - Weft"))
                .map(JFrame.class::cast)
                .findFirst()
                .orElseThrow());
  }

  private static RSyntaxTextArea area() {
    return Screen.find(frame(), RSyntaxTextArea.class, "text");
  }

  private static int textSize() {
    return EventThread.call(() -> area().getFont().getSize());
  }

  @Test
  void shouldOpenDarkAndLargeAgainWithoutWaitingForDisk() throws IOException {
    int large;
    try (EventThreadIo io = new EventThreadIo(recordings.resolve("recording.jfr"))) {
      try (DesktopEditor first = open()) {
        int normal = textSize();
        assertThat(first.closed()).isNotDone();
        screen.press(KeyEvent.VK_F8);
        Screen.await("dark", Appearance::isDark);
        screen.press(KeyEvent.VK_EQUALS, KeyEvent.VK_CONTROL);
        screen.press(KeyEvent.VK_ADD, KeyEvent.VK_CONTROL);
        screen.press(KeyEvent.VK_PLUS, KeyEvent.VK_CONTROL, KeyEvent.VK_SHIFT);
        screen.press(KeyEvent.VK_MINUS, KeyEvent.VK_CONTROL);
        screen.press(KeyEvent.VK_EQUALS, KeyEvent.VK_CONTROL);
        Screen.await("three steps more", () -> textSize() == Math.round(normal * 1.521f));
        large = textSize();
      }
      assertThat(io.end().onEventThread()).noneMatch(event -> event.contains(directory.toString()));
    }

    try (DesktopEditor again = open()) {
      assertThat(again.closed()).isNotDone();
      assertThat(EventThread.call(Appearance::isDark)).isTrue();
      assertThat(textSize()).isEqualTo(large);
      screen.press(KeyEvent.VK_F8);
      Screen.await("light", () -> !Appearance.isDark());
      screen.press(KeyEvent.VK_0, KeyEvent.VK_CONTROL);
      Screen.await("normal size", () -> textSize() == Math.round(Appearance.TEXT_SIZE));
    }
    assertThat(Look.read(directory)).isEqualTo(Look.NORMAL);
  }

  @Test
  void shouldOpenAndSayWhatCannotBeKept() throws IOException {
    Files.createDirectories(directory.resolve("look").resolve("in the way"));
    try (DesktopEditor editor = open()) {
      assertThat(editor.closed()).isNotDone();
      screen.press(KeyEvent.VK_F8);
      Screen.await("dark", Appearance::isDark);
      JTextArea notice = Screen.find(frame(), JTextArea.class, "notice");
      Screen.await(
          "notice",
          () -> notice.getText().startsWith("The look holds until the window is closed; "));
    }
  }

  @Test
  void shouldZoomAllTabsAlike() {
    Workspace workspace = Workspace.open(null, null, directory, true);
    EditorWindow window = Windows.open(workspace, workspace.open(MINUTES));
    try {
      EditorTab first = EventThread.call(window::tab);
      EventThread.run(() -> window.setLook(window.look().withZoom(2)));
      EventThread.run(() -> window.open(new DocumentId("plan")));
      Screen.await("the second tab", () -> window.tab() != first);
      int size = first.area().getFont().getSize();
      assertThat(size).isGreaterThan(Math.round(Appearance.TEXT_SIZE));
      assertThat(textSize(window.tab())).isEqualTo(size);

      EventThread.run(() -> window.setLook(window.look().withZoom(0)));
      assertThat(textSize(first)).isEqualTo(Math.round(Appearance.TEXT_SIZE));
      assertThat(textSize(window.tab())).isEqualTo(Math.round(Appearance.TEXT_SIZE));
    } finally {
      EventThread.run(window::closeUnasked);
      window.closed().join();
    }
  }

  private static int textSize(EditorTab tab) {
    return EventThread.call(() -> tab.area().getFont().getSize());
  }
}
