package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.AWTException;
import java.awt.Color;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.Toolkit;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.swing.UIManager;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bars beside rows of wrapped lines that are not saved, on the screen. */
@RequiresDisplay
class UnsavedRowsTest {
  private static final String ROW = "words that take about one row of a window of this width, so, ";

  @TempDir Path directory;

  private EditorDesk desk;
  private RSyntaxTextArea area;

  @BeforeEach
  void open() {
    desk = new EditorDesk(directory);
    area = desk.area;
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void shouldMarkAllRowsOfLineThatGrows() {
    EventThread.run(() -> area.replaceSelection("saved\nline "));
    desk.text.save().join();
    awaitBar(0, 0);

    EventThread.run(() -> area.replaceSelection(ROW));
    awaitBar(1, 2);
    // The same line as before is not saved, and it takes more rows now.
    EventThread.run(() -> area.replaceSelection(ROW.repeat(3)));
    awaitBar(1, rows());
    assertThat(rows()).isGreaterThan(3);

    EventThread.run(() -> area.append("\nnot beside this one"));
    desk.text.save().join();
    EventThread.run(() -> area.insert("more ", "saved\n".length()));
    awaitBar(1, rows() - 1);
    new Screen().picture("unsaved-rows", desk.window.frame());
  }

  @Test
  void shouldMarkAllRowsWhenWindowBecomesNarrower() {
    EventThread.run(() -> area.replaceSelection("saved\n"));
    desk.text.save().join();
    EventThread.run(() -> area.replaceSelection(ROW.repeat(3)));
    awaitBar(1, rows());
    int before = rows();

    EventThread.run(() -> desk.window.frame().setSize(450, 480));
    Screen.await("more rows", () -> rows() > before);
    awaitBar(1, rows());
  }

  /** A line of several rows that is not saved, between two that are. */
  private void writeBetweenSavedLines() {
    EventThread.run(() -> area.replaceSelection("saved\n\nsaved too"));
    desk.text.save().join();
    EventThread.run(() -> area.insert(ROW.repeat(3), "saved\n".length()));
    awaitBar(1, rows() - 1);
  }

  @Test
  void shouldMarkAllRowsWhenLinesAreWrappedNoMoreAndAgain() {
    writeBetweenSavedLines();
    int wrapped = rows();

    EventThread.run(desk.window.tab().pane()::toggleLineWrap);
    Screen.await("a row a line", () -> rows() == 3);
    awaitBar(1, 2);

    EventThread.run(desk.window.tab().pane()::toggleLineWrap);
    Screen.await("as many rows", () -> rows() == wrapped);
    awaitBar(1, wrapped - 1);
  }

  @Test
  void shouldMarkAllRowsWhenTextIsZoomed() {
    writeBetweenSavedLines();
    int before = rows();

    zoom(4);
    Screen.await("more rows", () -> rows() > before);
    awaitBar(1, rows() - 1);
    zoom(-3);
    Screen.await("fewer rows", () -> rows() < before);
    awaitBar(1, rows() - 1);
    zoom(0);
    Screen.await("as many rows", () -> rows() == before);
    awaitBar(1, before - 1);
  }

  private void zoom(int steps) {
    EventThread.run(() -> desk.window.setLook(desk.window.look().withZoom(steps)));
  }

  /** Returns how many rows the text takes. */
  private int rows() {
    return EventThread.call(
        () -> {
          Rectangle last = area.modelToView2D(area.getDocument().getLength()).getBounds();
          return (last.y - area.getInsets().top) / area.getLineHeight() + 1;
        });
  }

  /** Waits until there is a bar beside those rows and no others, counted from 0. */
  private void awaitBar(int first, int end) {
    Screen.await(
        "a bar beside the rows from " + first + " to before " + end,
        () -> {
          BufferedImage shown = margin();
          Color bar = UIManager.getColor("Actions.Blue");
          for (int row = 0; row < shown.getHeight() / area.getLineHeight() - 1; row++) {
            int y = area.getInsets().top + row * area.getLineHeight() + area.getLineHeight() / 2;
            boolean marked = shown.getRGB(2, y) == bar.getRGB();
            if (marked != (row >= first && row < end)) {
              return false;
            }
          }
          return true;
        });
  }

  private BufferedImage margin() {
    Toolkit.getDefaultToolkit().sync();
    UnsavedMargin margin = desk.window.tab().margin();
    Point corner = margin.getLocationOnScreen();
    try {
      return new Robot()
          .createScreenCapture(
              new Rectangle(corner.x, corner.y, margin.getWidth(), area.getHeight()));
    } catch (AWTException e) {
      throw new AssertionError(e);
    }
  }
}
