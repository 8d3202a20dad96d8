package dev.weft.desktop.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.formdev.flatlaf.FlatLightLaf;
import dev.weft.crdt.NamedVersion;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.desktop.EventThread;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import javax.swing.LookAndFeel;
import javax.swing.UIManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is painted of marks, pixel by pixel; no window is needed. */
class VersionSliderTest {
  private static final int WIDTH = 411;
  private static final int HEIGHT = 40;
  private static final int CHANGES = 13;

  private final LookAndFeel look = EventThread.call(UIManager::getLookAndFeel);

  @BeforeEach
  void setUpLook() {
    EventThread.run(FlatLightLaf::setup);
  }

  @AfterEach
  void goBackToLook() {
    EventThread.run(() -> UIManager.setLookAndFeel(look));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, 12})
  void shouldMarkNamedVersionBelowMiddleOfThumb(int at) {
    BufferedImage plain = painted(at, List.of());
    int left = differentColumns(plain, painted(CHANGES, List.of())).min().orElseThrow();
    int right = differentColumns(plain, painted(0, List.of())).max().orElseThrow();

    int[] mark = differentColumns(plain, painted(at, List.of(markAfter(at)))).toArray();
    double middle = (mark[0] + mark[mark.length - 1]) / 2.0;
    assertThat(middle).isCloseTo((left + right) / 2.0, within(1.0));
  }

  @Test
  void shouldLookTheSameOtherwiseWithMarks() {
    BufferedImage plain = painted(6, List.of());
    BufferedImage marked = painted(6, List.of(markAfter(3), markAfter(6)));

    int top = differentRows(plain, marked).min().orElseThrow();
    int bottom = differentRows(plain, marked).max().orElseThrow();
    int thumbEnd = differentRows(plain, painted(8, List.of())).max().orElseThrow();
    assertThat(top).isGreaterThan(thumbEnd - 1);
    assertThat(bottom).isLessThan(HEIGHT);
  }

  private static Mark markAfter(int events) {
    TextDocument document = TextDocument.create(new ReplicaId(1));
    document.insert(0, "x".repeat(events));
    document.nameVersion("named");
    NamedVersion named = document.namedVersions().get(0);
    return new Mark(named, events);
  }

  private static BufferedImage painted(int value, List<Mark> marks) {
    return EventThread.call(
        () -> {
          VersionSlider slider = new VersionSlider();
          slider.setMaximum(CHANGES);
          slider.setValue(value);
          slider.showMarks(marks);
          slider.setSize(WIDTH, HEIGHT);
          // Outside of windows nothing else has it laid out.
          slider.updateUI();
          BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
          Graphics2D canvas = image.createGraphics();
          canvas.setColor(Color.WHITE);
          canvas.fillRect(0, 0, WIDTH, HEIGHT);
          slider.paint(canvas);
          canvas.dispose();
          return image;
        });
  }

  private static IntStream differentColumns(BufferedImage one, BufferedImage other) {
    return IntStream.range(0, WIDTH)
        .filter(
            x -> IntStream.range(0, HEIGHT).anyMatch(y -> one.getRGB(x, y) != other.getRGB(x, y)));
  }

  private static IntStream differentRows(BufferedImage one, BufferedImage other) {
    return IntStream.range(0, HEIGHT)
        .filter(
            y -> IntStream.range(0, WIDTH).anyMatch(x -> one.getRGB(x, y) != other.getRGB(x, y)));
  }
}
