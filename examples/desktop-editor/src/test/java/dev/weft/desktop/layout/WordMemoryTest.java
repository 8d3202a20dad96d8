package dev.weft.desktop.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WordMemoryTest {
  private static final FontRenderContext SHARP = new FontRenderContext(null, false, false);
  private static final FontRenderContext SMOOTH = new FontRenderContext(null, true, true);

  /** Counts the questions of a layout, which has to know how it will be seen. */
  private static final class AskedContext extends FontRenderContext {
    private int questions;

    AskedContext() {
      super(null, false, false);
    }

    @Override
    public AffineTransform getTransform() {
      questions++;
      return super.getTransform();
    }
  }

  private final WordMemory memory = new WordMemory();

  private static FontMetrics metrics(int size) {
    Graphics2D canvas = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    return canvas.getFontMetrics(new Font(Font.MONOSPACED, Font.PLAIN, size));
  }

  private FontMetrics remembering(FontMetrics metrics) {
    @Nullable FontMetrics remembering = memory.of(metrics);
    if (remembering == null) {
      throw new AssertionError("nothing of " + metrics);
    }
    return remembering;
  }

  /** Of more words than there is room for, seen in two ways, each twice. */
  @Test
  void shouldMeasureAsTheFontDoes() {
    List<String> texts = new ArrayList<>(List.of("", "a", "warp and weft", "\uD83E\uDDF6"));
    for (int i = 0; i < 6_000; i++) {
      texts.add("\u05d0\u05d1" + (char) ('\u05d0' + i % 20) + (char) ('\u0627' + i / 20 % 20) + i);
    }
    texts.add("\u0e2a\u0e27\u0e31".repeat(40));
    FontMetrics metrics = metrics(14);
    Font font = remembering(metrics).getFont();
    for (int round = 0; round < 2; round++) {
      for (String text : texts) {
        char[] within = ("x" + text + "y").toCharArray();
        int end = within.length - 1;
        for (FontRenderContext rendering : new FontRenderContext[] {SHARP, SMOOTH}) {
          Rectangle2D expected = metrics.getFont().getStringBounds(within, 1, end, rendering);
          Rectangle2D measured = font.getStringBounds(within, 1, end, rendering);
          assertThat(measured).as(text).isEqualTo(expected);
          measured.setRect(0, 0, 0, 0); // What is remembered is not what others are given.
        }
      }
    }
  }

  @Test
  void shouldLayWordOutOnce() {
    Font font = remembering(metrics(14)).getFont();
    AskedContext rendering = new AskedContext();
    char[] word = "\u05d0\u05d1\u05d2".toCharArray();
    Rectangle2D first = font.getStringBounds(word, 0, 3, rendering);
    int questions = rendering.questions;
    assertThat(questions).isPositive();
    assertThat(font.getStringBounds(word, 0, 3, rendering)).isEqualTo(first);
    assertThat(rendering.questions).isEqualTo(questions);
  }

  private static int questionsFor(Font font, char[] word) {
    AskedContext rendering = new AskedContext();
    assertThat(font.getStringBounds(word, 0, word.length, rendering).getWidth()).isPositive();
    return rendering.questions;
  }

  @Test
  void shouldBeginAnewOnceMuchIsRemembered() {
    Font font = remembering(metrics(14)).getFont();
    char[] first = "\u05d0\u05d1\u05d2".toCharArray();
    assertThat(questionsFor(font, first)).isPositive();
    char[] line = "\u05d0".repeat(4_000).toCharArray();
    for (int i = 0; i < 130; i++) {
      line[i] = '\u05d1';
      assertThat(questionsFor(font, line)).isPositive();
      assertThat(questionsFor(font, line)).isZero();
      if (i < 120) {
        assertThat(questionsFor(font, first)).isZero();
      }
    }
    assertThat(questionsFor(font, first)).isPositive();
  }

  /** Java keeps a font for longer than anybody uses it. */
  @Test
  void shouldForgetWordsOfStyleThatIsForgotten() {
    Font font = remembering(metrics(14)).getFont();
    char[] word = "\u05d0\u05d1\u05d2".toCharArray();
    assertThat(questionsFor(font, word)).isPositive();
    assertThat(questionsFor(font, word)).isZero();
    for (int size = 30; size < 38; size++) {
      assertThat(remembering(metrics(size)).getFont().getSize()).isEqualTo(size);
    }
    assertThat(questionsFor(font, word)).isPositive();
  }

  @Test
  void shouldRememberByStyle() {
    FontMetrics small = metrics(10);
    FontMetrics big = metrics(20);
    FontMetrics smallRemembering = remembering(small);
    assertThat(remembering(big)).isNotSameAs(smallRemembering);
    assertThat(remembering(small)).isSameAs(smallRemembering);
    assertThat(memory.of(null)).isNull();

    for (int size = 30; size < 37; size++) {
      assertThat(remembering(metrics(size)).getFont().getSize()).isEqualTo(size);
    }
    assertThat(remembering(small)).as("one of the last eight").isSameAs(smallRemembering);
    for (int size = 30; size < 38; size++) {
      assertThat(remembering(metrics(size)).getFont().getSize()).isEqualTo(size);
    }
    assertThat(remembering(small)).as("forgotten").isNotSameAs(smallRemembering);
  }

  @Test
  void shouldBeTheMetricsOfTheStyle() {
    FontMetrics metrics = metrics(14);
    FontMetrics same = remembering(metrics);
    assertThat(same.getAscent()).isEqualTo(metrics.getAscent());
    assertThat(same.getDescent()).isEqualTo(metrics.getDescent());
    assertThat(same.getLeading()).isEqualTo(metrics.getLeading());
    assertThat(same.getHeight()).isEqualTo(metrics.getHeight());
    assertThat(same.getMaxAscent()).isEqualTo(metrics.getMaxAscent());
    assertThat(same.getMaxDescent()).isEqualTo(metrics.getMaxDescent());
    assertThat(same.getMaxAdvance()).isEqualTo(metrics.getMaxAdvance());
    assertThat(same.getWidths()).isEqualTo(metrics.getWidths());
    assertThat(same.charWidth('m')).isEqualTo(metrics.charWidth('m'));
    assertThat(same.charWidth((int) 'm')).isEqualTo(metrics.charWidth((int) 'm'));
    assertThat(same.stringWidth("\u05d0\u05d1")).isEqualTo(metrics.stringWidth("\u05d0\u05d1"));
    assertThat(same.charsWidth(new char[] {'a', 'b'}, 0, 2)).isEqualTo(metrics.stringWidth("ab"));
    assertThat(same.getFontRenderContext()).isEqualTo(metrics.getFontRenderContext());
  }
}
