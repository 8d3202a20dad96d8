package dev.weft.desktop.ranges;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.EventThread;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import javax.swing.JTextArea;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangePainterTest {
  private static final Color FILL = Color.GREEN;

  private record OneRange(int start, int end) implements Ranges {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public int start(int range) {
      return start;
    }

    @Override
    public int end(int range) {
      return end;
    }

    @Override
    public @Nullable Color fill(int range) {
      return FILL;
    }

    @Override
    public @Nullable Color edge(int range) {
      return null;
    }
  }

  /** Returns how many columns of pixels have the color of the range. */
  private static int paintedWidth(String text, OneRange range) {
    return EventThread.call(
        () -> {
          JTextArea area = new JTextArea(text);
          area.setSize(400, 40);
          RangePainter painter = RangePainter.install(area, () -> range);
          BufferedImage picture = new BufferedImage(400, 40, BufferedImage.TYPE_INT_RGB);
          Graphics2D canvas = picture.createGraphics();
          canvas.setClip(0, 0, 400, 40);
          area.paint(canvas);
          canvas.dispose();
          painter.close();
          int columns = 0;
          for (int x = 0; x < 400; x++) {
            boolean painted = false;
            for (int y = 0; y < 40; y++) {
              painted |= picture.getRGB(x, y) == FILL.getRGB();
            }
            columns += painted ? 1 : 0;
          }
          return columns;
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"warp weft", "\u05D0\u05D1\u05D2\u05D3\u05D4 \u05D5\u05D6\u05D7"})
  void shouldPaintRangeWhicheverWayItIsWritten(String text) {
    assertThat(paintedWidth(text, new OneRange(0, 4))).isBetween(12, 80);
  }

  @Test
  void shouldPaintNothingWhereThereIsNoRange() {
    assertThat(paintedWidth("warp\nweft", new OneRange(40, 44))).isZero();
  }
}
