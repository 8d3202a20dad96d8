package dev.weft.desktop.ranges;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.EventThread;
import dev.weft.desktop.layout.WordMemory;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.TextAttribute;
import java.awt.font.TextLayout;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.swing.JTextArea;
import javax.swing.text.BadLocationException;
import javax.swing.text.DefaultHighlighter;
import javax.swing.text.JTextComponent;
import javax.swing.text.Position;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextAreaUI;
import org.fife.ui.rtextarea.RTextAreaUI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges as they are painted, also behind text from right to left; no window is needed. */
class RangePainterTest {
  private static final int WIDTH = 400;

  /** An edge between two letters is rounded to a pixel. */
  private static final int ROUNDED = 2;

  private record Range(int start, int end) {}

  private record Marked(List<Range> ranges, @Nullable Color edge) implements Ranges {
    Marked(Range... ranges) {
      this(List.of(ranges), null);
    }

    @Override
    public int size() {
      return ranges.size();
    }

    @Override
    public int start(int range) {
      return ranges.get(range).start;
    }

    @Override
    public int end(int range) {
      return ranges.get(range).end;
    }

    @Override
    public @Nullable Color fill(int range) {
      return Color.RED;
    }

    @Override
    public @Nullable Color edge(int range) {
      return edge;
    }
  }

  /** Shows a text with invisible letters on what is painted behind it. */
  private static BufferedImage picture(JTextArea area, Range... ranges) {
    return picture(area, new Marked(ranges), new Rectangle(WIDTH, 200));
  }

  private static BufferedImage picture(JTextArea area, Marked ranges, Rectangle clip) {
    return EventThread.call(
        () -> {
          RangePainter painter = RangePainter.install(area, () -> ranges);
          BufferedImage image = paint(area, clip);
          painter.close();
          return image;
        });
  }

  private static BufferedImage paint(JTextArea area, Rectangle clip) {
    BufferedImage image = new BufferedImage(WIDTH, 200, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.setClip(clip);
    area.paint(canvas);
    canvas.dispose();
    return image;
  }

  private static JTextArea area(String text, int width) {
    return EventThread.call(
        () -> {
          JTextArea area = new JTextArea(text);
          area.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 20));
          area.setBackground(Color.WHITE);
          area.setForeground(new Color(0, 0, 0, 0));
          // Whatever the look, which other tests may have set up.
          area.setBorder(null);
          area.setLineWrap(width < WIDTH);
          area.setWrapStyleWord(true);
          area.setSize(width, 200);
          return area;
        });
  }

  private static boolean isRed(BufferedImage image, int x, int y) {
    return (image.getRGB(x, y) & 0xFFFFFF) == 0xFF0000;
  }

  /** Compares a row with where the font's own layout of its line says that a part of it is. */
  private static void assertMarked(
      BufferedImage image, int row, JTextArea area, String line, int start, int end) {
    TextLayout layout =
        new TextLayout(
            line,
            Map.of(
                TextAttribute.FONT,
                area.getFont(),
                TextAttribute.RUN_DIRECTION,
                TextAttribute.RUN_DIRECTION_LTR),
            new FontRenderContext(null, false, false));
    Shape expected =
        start == end
            ? new Rectangle2D.Double()
            : layout.getLogicalHighlightShape(
                start, end, new Rectangle2D.Double(0, 0, layout.getAdvance(), 10));
    int height = EventThread.call(() -> area.getFontMetrics(area.getFont()).getHeight());
    int y = row * height + height / 2;
    int reds = 0;
    for (int x = 0; x < WIDTH; x++) {
      boolean left = expected.contains(x - ROUNDED, 5);
      boolean right = expected.contains(x + ROUNDED, 5);
      if (left == right) {
        assertThat(isRed(image, x, y)).as("row %d, x %d", row, x).isEqualTo(left);
        reds += left ? 1 : 0;
      }
    }
    assertThat(reds > 0).as("something marked").isEqualTo(start < end);
  }

  private static Stream<String> lines() {
    return Stream.of(
        "plain text of one way",
        "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
        "\u0645\u0631\u062d\u0628\u0627 \u0628\u0643",
        "mixed \u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd with 12 of it",
        "\u05d0\u05d1 \u05d2\u05d3 ab, 12");
  }

  @ParameterizedTest
  @MethodSource("lines")
  void shouldPaintBehindTheLettersOfEachRangeWhereverTheyAre(String line) {
    JTextArea area = area(line, WIDTH);
    for (int start = 0; start < line.length(); start += 2) {
      for (int end = start + 1; end <= line.length(); end += 3) {
        BufferedImage image = picture(area, new Range(start, end));
        assertMarked(image, 0, area, line, start, end);
      }
    }
  }

  @Test
  void shouldPaintRangesBesideEachOtherOnce() {
    String line = "mixed \u05e9\u05dc\u05d5\u05dd too";
    JTextArea area = area(line, WIDTH);
    BufferedImage image = picture(area, new Range(0, 8), new Range(8, line.length()));
    assertMarked(image, 0, area, line, 0, line.length());
  }

  @Test
  void shouldPaintWrappedRowsOfBothWays() {
    String first = "ab \u05e9\u05dc\u05d5\u05dd ";
    String second = "and \u05e2\u05d5\u05dc\u05dd";
    JTextArea area = area(first + second + "\nplain", 110);
    int middle = first.length();
    assertThat(EventThread.call(() -> DirectionRuns.rowEnd(area, 0))).isEqualTo(middle);
    assertThat(EventThread.call(() -> DirectionRuns.rowStart(area, middle + 3))).isEqualTo(middle);

    BufferedImage image = picture(area, new Range(5, middle + 6));
    assertMarked(image, 0, area, first, 5, middle);
    assertMarked(image, 1, area, second, 0, 6);
    assertMarked(image, 2, area, "plain", 0, 0);
  }

  @Test
  void shouldPaintTheLastLetterOfARowThatGoesOnInTheNext() {
    String line = "m".repeat(60);
    JTextArea area = area(line, 110);
    int row = EventThread.call(() -> DirectionRuns.rowEnd(area, 0));
    assertThat(row).isBetween(2, 59);

    BufferedImage whole = picture(area, new Range(0, 60));
    BufferedImage start = picture(area, new Range(0, row));
    BufferedImage less = picture(area, new Range(0, row - 1));

    int middle =
        EventThread.call(
            () ->
                (int) area.modelToView2D(row - 1).getX()
                    + area.getFontMetrics(area.getFont()).charWidth('m') / 2);
    assertThat(isRed(whole, middle, 10)).isTrue();
    assertThat(isRed(start, middle, 10)).isTrue();
    assertThat(isRed(less, middle, 10)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u05e9\u05dc\u05d5\u05dd", "plain"})
  void shouldPaintEmptyRangeAsLine(String line) {
    JTextArea area = area(line, WIDTH);
    BufferedImage image = picture(area, new Range(2, 2));
    int x = EventThread.call(() -> (int) area.modelToView2D(2).getX());
    assertThat(isRed(image, x, 10)).isTrue();
    assertThat(isRed(image, x + 4, 10)).isFalse();
    assertThat(isRed(image, x - 4, 10)).isFalse();
  }

  @Test
  void shouldPaintLetterOfWhichPartIsInSight() {
    JTextArea area = area("mmmmmm", WIDTH);
    int left = EventThread.call(() -> (int) area.modelToView2D(2).getX());
    int right = EventThread.call(() -> (int) area.modelToView2D(3).getX());
    Marked letter = new Marked(new Range(2, 3));

    BufferedImage end = picture(area, letter, new Rectangle(right - 4, 0, WIDTH, 200));
    assertThat(isRed(end, right - 2, 10)).isTrue();
    BufferedImage beginning = picture(area, letter, new Rectangle(0, 0, left + 4, 200));
    assertThat(isRed(beginning, left + 2, 10)).isTrue();
  }

  @Test
  void shouldPaintLineAroundRange() {
    JTextArea area = area("plain", WIDTH);
    Marked edged = new Marked(List.of(new Range(0, 3)), Color.BLUE);
    BufferedImage image = picture(area, edged, new Rectangle(WIDTH, 200));
    assertThat(image.getRGB(0, 10)).isEqualTo(Color.BLUE.getRGB());
    assertThat(isRed(image, 2, 10)).isTrue();
  }

  @Test
  void shouldPaintAlsoOnceAnotherLookBroughtAnotherHighlighter() {
    JTextArea area = area("plain", WIDTH);
    EventThread.run(
        () -> {
          RangePainter painter = RangePainter.install(area, () -> new Marked(new Range(0, 3)));
          area.setHighlighter(new DefaultHighlighter());
          assertThat(isRed(paint(area, new Rectangle(WIDTH, 200)), 2, 10)).isTrue();
          painter.close();
          assertThat(isRed(paint(area, new Rectangle(WIDTH, 200)), 2, 10)).isFalse();
        });
  }

  @Test
  void shouldFindFirstRangeThatEndsAtOffsetOrBehind() {
    Marked ranges = new Marked(new Range(0, 3), new Range(5, 5));
    assertThat(ranges.firstEndingFrom(3)).isZero();
    assertThat(ranges.firstEndingFrom(4)).isEqualTo(1);
    assertThat(ranges.firstEndingFrom(5)).isEqualTo(1);
    assertThat(ranges.firstEndingFrom(6)).isEqualTo(2);
  }

  /** Of digits in text from right to left, which go the other way again, and of one place. */
  @Test
  void shouldKnowWhatStandsWithinTextFromRightToLeft() {
    JTextArea area = area("ab \u05d0\u05d1 12 \u05d2", WIDTH);
    EventThread.run(
        () -> {
          assertThat(DirectionRuns.areBothWays(area, 6, 8)).isTrue();
          assertThat(DirectionRuns.areBothWays(area, 3, 3)).isTrue();
          assertThat(DirectionRuns.areBothWays(area, 0, 2)).isFalse();
          assertThat(DirectionRuns.areBothWays(area, 1, 1)).isFalse();
        });
  }

  /** A caret that blinks has a sliver of its row repainted, and the next time another one. */
  @ParameterizedTest
  @MethodSource("lines")
  @ValueSource(
      strings =
          "\u05d0\u05d1\u05d2\u05d3\u05d4 \u05d5\u05d6\u05d7\u05d8\u05d9 \u05da\u05db\u05dc\u05dd"
              + " \u05d0\u05d1\u05d2\u05d3\u05d4 \u05d5\u05d6\u05d7\u05d8\u05d9")
  void shouldPaintSliverBySliverWhatItPaintsAtOnce(String line) {
    JTextArea area = area(line + "\n" + line, WIDTH);
    Marked ranges = new Marked(new Range(0, 1), new Range(3, 3), new Range(4, 9), new Range(9, 12));
    EventThread.run(
        () -> {
          RangePainter painter = RangePainter.install(area, () -> ranges);
          BufferedImage whole = paint(area, new Rectangle(WIDTH, 200));
          for (int x = 0; x < WIDTH; x++) {
            BufferedImage sliver = paint(area, new Rectangle(x, 0, 1, 200));
            for (int y = 0; y < 60; y++) {
              assertThat(isRed(sliver, x, y)).as("%d, %d", x, y).isEqualTo(isRed(whole, x, y));
            }
          }
          painter.close();
        });
  }

  /** As the editor shows text, which it lays out from left to right. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldAskForFewPlacesOfALongHebrewParagraphWhereACaretBlinks(boolean wrapped) {
    CountingArea area = CountingArea.of(hebrew(2_000) + "\nlast\n", wrapped);
    EventThread.run(
        () -> {
          paint(area, new Rectangle(WIDTH, 200));
          Rectangle caret = area.modelToView2D(50).getBounds();
          int without = area.placesFor(() -> paint(area, new Rectangle(caret.x, caret.y, 2, 9)));
          RangePainter painter =
              RangePainter.install(area, () -> everyThirdOf(area.getDocument().getLength()));
          int with = area.placesFor(() -> paint(area, new Rectangle(caret.x, caret.y, 2, 9)));
          painter.close();
          assertThat(with).isGreaterThan(without);
          assertThat(with - without).isLessThan(16);
        });
  }

  @Test
  void shouldAskForFewPlacesHoweverManyRangesAreInSight() {
    CountingArea area = CountingArea.of(hebrew(8_000), false);
    EventThread.run(
        () -> {
          RangePainter painter = RangePainter.install(area, () -> everyThirdOf(8_000));
          paint(area, new Rectangle(WIDTH, 200));
          int letters = area.viewToModel2D(new Point(WIDTH, 5));
          assertThat(letters).isBetween(30, 200);
          int places = area.placesFor(() -> paint(area, new Rectangle(WIDTH, 200)));
          painter.close();
          assertThat(places).isLessThan(16);
        });
  }

  @Test
  void shouldAskForFewPlacesWhereRowsBeginWithinAWord() {
    CountingArea area = CountingArea.of(hebrew(720).replace(" ", ""), true);
    EventThread.run(
        () -> {
          RangePainter painter = RangePainter.install(area, () -> everyThirdOf(600));
          paint(area, new Rectangle(WIDTH, 200));
          int rows = 200 / area.getLineHeight() + 1;
          int places = area.placesFor(() -> paint(area, new Rectangle(WIDTH, 200)));
          painter.close();
          assertThat(places).isBetween(rows, 12 * rows);
        });
  }

  /** On such a screen letters are not whole pixels wide. */
  @ParameterizedTest
  @ValueSource(doubles = {1.25, 1.5})
  void shouldPaintSliverBySliverWhatItPaintsAtOnceOnAScaledScreen(double scale) {
    EventThread.run(
        () -> {
          RSyntaxTextArea area = new ScaledArea(scale);
          area.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
          area.setForeground(new Color(0, 0, 0, 0));
          area.setHighlightCurrentLine(false);
          area.setText("a warp is not a weft and each of both is made of yarn ".repeat(4));
          area.setLineWrap(true);
          area.setWrapStyleWord(true);
          area.setSize(WIDTH, 200);
          BufferedImage unmarked = paintScaled(area, scale, new Rectangle(WIDTH, 200));
          RangePainter painter = RangePainter.install(area, () -> everyThirdOf(200));
          BufferedImage whole = paintScaled(area, scale, new Rectangle(WIDTH, 200));
          assertThat(pixelsOf(whole, 0, 400)).isNotEqualTo(pixelsOf(unmarked, 0, 400));
          for (int x = 4; x < WIDTH - 4; x += 4) {
            BufferedImage sliver = paintScaled(area, scale, new Rectangle(x, 0, 4, 200));
            int from = (int) Math.ceil(x * scale);
            int to = (int) ((x + 4) * scale) - 1;
            assertThat(pixelsOf(sliver, from, to))
                .as("from %d", x)
                .isEqualTo(pixelsOf(whole, from, to));
          }
          painter.close();
        });
  }

  private static BufferedImage paintScaled(RSyntaxTextArea area, double scale, Rectangle clip) {
    BufferedImage image = new BufferedImage(WIDTH * 2, 400, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.scale(scale, scale);
    canvas.setClip(clip);
    area.paint(canvas);
    canvas.dispose();
    return image;
  }

  private static int[] pixelsOf(BufferedImage image, int from, int to) {
    return image.getRGB(from, 2, to - from, 100, null, 0, to - from);
  }

  private static final class ScaledArea extends RSyntaxTextArea {
    private static final long serialVersionUID = 1L;

    private final double scale;

    ScaledArea(double scale) {
      this.scale = scale;
    }

    /** What has no window has none to measure with. */
    @Override
    public Graphics getGraphics() {
      Graphics2D canvas = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
      canvas.scale(scale, scale);
      return canvas;
    }
  }

  /** Each row by itself, some sliver of it, and with words and tabs that go on in the next. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldPaintRangesOfTheEditorWhereItSaysThatTheyAre(boolean wrapped) {
    String word = "\u05d0\u05d1\u05d2";
    String text = "a\tbc " + word + " " + word.repeat(30) + "\t\tde " + "m".repeat(90) + " f\n\tg";
    CountingArea area = CountingArea.of(text, wrapped);
    Marked ranges = everyThirdOf(text.length());
    EventThread.run(
        () -> {
          for (int left = 0; left < WIDTH; left += 37) {
            RangePainter painter = RangePainter.install(area, () -> ranges);
            BufferedImage sliver = paint(area, new Rectangle(left, 0, 30, 200));
            painter.close();
            for (int i = 0; i < ranges.size(); i++) {
              Rectangle2D from = area.modelToView2D(ranges.start(i));
              Rectangle2D to = area.modelToView2D(ranges.end(i));
              // A tab ends its row where the row is full.
              double end = to.getY() == from.getY() ? to.getX() : from.getX();
              for (int x = (int) from.getX(); x < (int) end; x++) {
                if (left <= x && x < left + 30 && from.getY() < 190) {
                  assertThat(isRed(sliver, x, (int) from.getY() + 1)).as("%d, %d", i, x).isTrue();
                }
              }
              int before = (int) from.getX() - 1;
              if (i > 0 && left <= before && before < left + 30 && from.getY() < 190) {
                assertThat(isRed(sliver, before, (int) from.getY() + 1))
                    .as("before %d", i)
                    .isFalse();
              }
            }
          }
        });
  }

  private static String hebrew(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(i % 6 == 5 ? ' ' : (char) ('\u05d0' + i * 7 % 22));
    }
    return text.toString();
  }

  private static Marked everyThirdOf(int length) {
    return new Marked(
        IntStream.range(0, length / 3)
            .mapToObj(i -> new Range(3 * i, 3 * i + 1))
            .toArray(Range[]::new));
  }

  /** The editor's kind of text area, which counts how often it is asked where something is. */
  private static final class CountingArea extends RSyntaxTextArea {
    private static final long serialVersionUID = 1L;

    private int places;
    private transient @Nullable WordMemory words;

    @Override
    public @Nullable FontMetrics getFontMetricsForTokenType(int type) {
      if (words == null) {
        words = new WordMemory();
      }
      return words.of(super.getFontMetricsForTokenType(type));
    }

    static CountingArea of(String text, boolean wrapped) {
      return EventThread.call(
          () -> {
            CountingArea area = new CountingArea();
            area.setText(text);
            area.setLineWrap(wrapped);
            area.setSize(WIDTH, 200);
            area.setSize(wrapped ? WIDTH : area.getPreferredSize().width, 2_000);
            return area;
          });
    }

    /** What has no window has none to measure with. */
    @Override
    public Graphics getGraphics() {
      return new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    }

    int placesFor(Runnable action) {
      int before = places;
      action.run();
      return places - before;
    }

    @Override
    protected RTextAreaUI createRTextAreaUI() {
      return new RSyntaxTextAreaUI(this) {
        @Override
        public Rectangle2D modelToView2D(JTextComponent area, int at, Position.Bias bias)
            throws BadLocationException {
          places++;
          return super.modelToView2D(area, at, bias);
        }

        @Override
        public int viewToModel2D(JTextComponent area, Point2D at, Position.Bias[] bias) {
          places++;
          return super.viewToModel2D(area, at, bias);
        }
      };
    }
  }
}
