package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Point;
import java.awt.Rectangle;
import java.awt.event.KeyEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.swing.JViewport;
import javax.swing.SwingUtilities;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person sees of the text around the caret while the window shows more or less of it. */
@RequiresDisplay
class CaretInSightTest {
  private static final String LONG_WORDS =
      "so many words that they take rather more than one line of a window of this width, and so on;"
          + " ";

  @TempDir Path directory;

  private final Screen screen = new Screen();
  private EditorDesk desk;
  private RSyntaxTextArea area;
  private JViewport viewport;

  @BeforeEach
  void open() {
    desk = new EditorDesk(directory);
    area = desk.area;
    viewport = (JViewport) SwingUtilities.getUnwrappedParent(area);
    desk.focus(screen);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private Rectangle row() {
    return EventThread.call(() -> area.modelToView2D(area.getCaretPosition()).getBounds());
  }

  private Rectangle sight() {
    return EventThread.call(viewport::getViewRect);
  }

  /** Puts the caret into the last row that is wholly in sight; returns how high the sight is. */
  private int putCaretAtBottom() {
    EventThread.run(
        () -> {
          Rectangle sight = viewport.getViewRect();
          area.setCaretPosition(
              area.viewToModel2D(new Point(40, sight.y + sight.height - area.getLineHeight())));
        });
    EventThread.settle();
    assertThat(sight().contains(row())).isTrue();
    return sight().height;
  }

  @Test
  void shouldKeepRowOfCaretInSightWhenNoticeAppears() {
    desk.write("line\n".repeat(200));
    EventThread.run(() -> viewport.setViewPosition(new Point(0, 700)));
    int height = putCaretAtBottom();
    List<Integer> heights = new ArrayList<>();
    EventThread.run(() -> viewport.addChangeListener(event -> heights.add(viewport.getHeight())));

    showNotice();
    Screen.await("less room", () -> viewport.getHeight() < height - area.getLineHeight());
    EventThread.settle();
    // No more than needed, neither of the text nor of its room, nor for a moment.
    assertThat(row().getMaxY()).isEqualTo(sight().getMaxY());
    assertThat(EventThread.call(() -> Set.copyOf(heights))).containsExactly(sight().height);
    screen.picture("caret-above-notice", desk.window.frame());
  }

  private void showNotice() {
    EventThread.run(
        () -> desk.window.tab().pane().notice().show(StatusSign.WARNING, LONG_WORDS.repeat(4)));
  }

  @Test
  void shouldKeepRowOfCaretInSightWhenFindBarOpens() {
    desk.write("line\n".repeat(200));
    int height = putCaretAtBottom();

    screen.press(KeyEvent.VK_R, KeyEvent.VK_CONTROL);
    Screen.await("less room", () -> viewport.getHeight() < height - area.getLineHeight());
    EventThread.settle();
    assertThat(sight().contains(row())).as("%s in %s", row(), sight()).isTrue();
  }

  /** Rows that get shorter are more, and those above push the caret's down. */
  @Test
  void shouldKeepRowOfCaretInSightWhenWindowBecomesNarrower() {
    desk.write((LONG_WORDS.repeat(3) + "\n").repeat(30));
    EventThread.run(() -> viewport.setViewPosition(new Point(0, 700)));
    putCaretAtBottom();
    int width = sight().width;

    EventThread.run(() -> desk.window.frame().setSize(500, 480));
    Screen.await("less room", () -> viewport.getWidth() < width && area.getWidth() < width);
    EventThread.settle();
    Screen.await(
        "the row in sight",
        () -> {
          Rectangle sight = viewport.getViewRect();
          return sight.contains(row()) && area.getHeight() > sight.y + sight.height;
        });
  }

  /** Above what is in sight, at the beginning of the text, or below, at its end. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1_000})
  void shouldNotScrollWhenCaretIsOutOfSight(int caret) {
    desk.write("line\n".repeat(200));
    EventThread.run(() -> area.setCaretPosition(caret));
    EventThread.settle();
    Point scrolled = new Point(0, 700);
    EventThread.run(() -> viewport.setViewPosition(scrolled));
    int height = sight().height;

    showNotice();
    Screen.await("less room", () -> viewport.getHeight() < height - area.getLineHeight());
    EventThread.settle();
    assertThat(sight().getLocation()).isEqualTo(scrolled);
  }

  @Test
  void shouldShowMarginLeftOfFirstColumnAgain() {
    desk.write(LONG_WORDS.repeat(4) + "\nshort".repeat(60));
    EventThread.run(
        () -> {
          area.setLineWrap(false);
          area.setCaretPosition(0);
        });
    EventThread.settle();

    screen.press(KeyEvent.VK_END);
    Screen.await("the end of the line", () -> viewport.getViewPosition().x > 0);
    screen.press(KeyEvent.VK_HOME);
    awaitLeftEdge("after Home");

    screen.press(KeyEvent.VK_END);
    Screen.await("the end of the line", () -> viewport.getViewPosition().x > 0);
    screen.press(KeyEvent.VK_HOME, KeyEvent.VK_CONTROL);
    awaitLeftEdge("after Ctrl+Home");

    screen.press(KeyEvent.VK_END);
    Screen.await("the end of the line", () -> viewport.getViewPosition().x > 0);
    screen.press(KeyEvent.VK_ENTER);
    awaitLeftEdge("after a line end");
    screen.picture("left-margin-again", desk.window.frame());
  }

  @Test
  void shouldShowMarginAboveFirstLineAgain() {
    desk.write("line\n".repeat(60));
    screen.press(KeyEvent.VK_END, KeyEvent.VK_CONTROL);
    Screen.await("the end", () -> viewport.getViewPosition().y > 0);
    screen.press(KeyEvent.VK_HOME, KeyEvent.VK_CONTROL);
    Screen.await("the beginning", () -> area.getCaretPosition() == 0 && row().y >= sight().y);
    EventThread.settle();
    assertThat(sight().y).isZero();
  }

  private void awaitLeftEdge(String when) {
    Screen.await("the beginning of the line", () -> isAtLineStart() && row().x >= sight().x);
    EventThread.settle();
    assertThat(sight().x).as(when).isZero();
  }

  private boolean isAtLineStart() {
    int dot = area.getCaretPosition();
    return dot == 0 || area.getText().charAt(dot - 1) == '\n';
  }
}
