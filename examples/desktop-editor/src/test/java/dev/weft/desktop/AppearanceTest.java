package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.concurrent.atomic.AtomicInteger;
import javax.swing.JButton;
import javax.swing.JDialog;
import javax.swing.JFrame;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.fife.ui.rtextarea.RTextScrollPane;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RequiresDisplay
class AppearanceTest {
  @AfterEach
  void goBackToLight() {
    EventThread.run(() -> Appearance.setDark(false));
  }

  /** Where the focus never was, Swing shows no ground of what is selected. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldShowSelectedTextWithAndWithoutItsGround(boolean dark) {
    EventThread.run(
        () -> {
          Appearance.setDark(dark);
          RSyntaxTextArea area = new RSyntaxTextArea("MMMM");
          RTextScrollPane scroll = new RTextScrollPane(area);
          Appearance.apply(area, scroll);
          JFrame never = new JFrame();
          never.add(scroll);
          never.pack();
          area.selectAll();
          assertThat(strongestContrast(area)).isGreaterThan(4.5);
          area.getCaret().setSelectionVisible(true);
          assertThat(strongestContrast(area)).isGreaterThan(4.5);
          assertThat(area.getSelectionColor()).isNotEqualTo(area.getBackground());
          never.dispose();
        });
  }

  /** Returns the contrast of the letters and what is right behind them. */
  private static double strongestContrast(RSyntaxTextArea area) {
    BufferedImage picture = new BufferedImage(200, 40, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = picture.createGraphics();
    area.paint(canvas);
    canvas.dispose();
    double lightest = 0;
    double darkest = 1;
    int top = area.getInsets().top;
    for (int x = area.getInsets().left + 2; x < area.getInsets().left + 20; x++) {
      for (int y = top + 2; y < top + area.getLineHeight() - 2; y++) {
        double light = luminance(new Color(picture.getRGB(x, y)));
        lightest = Math.max(lightest, light);
        darkest = Math.min(darkest, light);
      }
    }
    return (lightest + 0.05) / (darkest + 0.05);
  }

  private static double luminance(Color color) {
    return 0.2126 * linear(color.getRed())
        + 0.7152 * linear(color.getGreen())
        + 0.0722 * linear(color.getBlue());
  }

  private static double linear(int part) {
    double value = part / 255.0;
    return value <= 0.03928 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }

  /** What has a key of its own there would be kept for ever by who hands out keys. */
  @Test
  void shouldLeaveWindowsAloneThatAreDisposed() {
    AtomicInteger looks = new AtomicInteger();
    EventThread.run(
        () -> {
          JDialog dialog = new JDialog();
          dialog.add(
              new JButton() {
                private static final long serialVersionUID = 1L;

                @Override
                public void updateUI() {
                  super.updateUI();
                  looks.incrementAndGet();
                }
              });
          dialog.pack();
          Appearance.setDark(!Appearance.isDark());
          assertThat(looks).hasValue(2);
          dialog.dispose();
          Appearance.setDark(!Appearance.isDark());
          assertThat(looks).hasValue(2);
        });
  }
}
