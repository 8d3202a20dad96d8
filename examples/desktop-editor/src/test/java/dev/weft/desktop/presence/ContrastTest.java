package dev.weft.desktop.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.formdev.flatlaf.FlatDarkLaf;
import com.formdev.flatlaf.FlatLaf;
import com.formdev.flatlaf.FlatLightLaf;
import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.swing.UIDefaults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContrastTest {
  /** The ground of a text in either look, and the most extreme ones. */
  static Stream<Integer> grounds() {
    Color light = new FlatLightLaf().getDefaults().getColor("TextArea.background");
    Color dark = new FlatDarkLaf().getDefaults().getColor("TextArea.background");
    return Stream.of(light.getRGB() & 0xFFFFFF, dark.getRGB() & 0xFFFFFF, 0x000000, 0xFFFFFF);
  }

  @Test
  void shouldReckonContrastAsGuidelinesDo() {
    assertThat(Contrast.ratio(0x000000, 0xFFFFFF)).isEqualTo(21, within(0.001));
    assertThat(Contrast.ratio(0xFFFFFF, 0x000000)).isEqualTo(21, within(0.001));
    assertThat(Contrast.ratio(0x123456, 0x123456)).isEqualTo(1);
    // As the guidelines' own examples have it: the lightest gray for text on white.
    assertThat(Contrast.ratio(0x767676, 0xFFFFFF)).isEqualTo(4.54, within(0.01));
    assertThat(Contrast.ratio(0xFF0000, 0xFFFFFF)).isEqualTo(4.0, within(0.01));
  }

  @ParameterizedTest
  @MethodSource("grounds")
  void shouldShowEachColorOfPaletteWell(int ground) {
    for (int color : Palette.COLORS) {
      int shade = Contrast.shade(color, ground, Contrast.LEAST_OF_SIGNS);
      assertThat(Contrast.ratio(shade, ground)).as("%06x", color).isGreaterThanOrEqualTo(3);
      assertThat(Contrast.ratio(Contrast.textOn(shade), shade))
          .as("text on %06x", color)
          .isGreaterThanOrEqualTo(4.5);
    }
  }

  @ParameterizedTest
  @MethodSource("grounds")
  void shouldTellColorsOfPaletteApart(int ground) {
    List<double[]> shades =
        Palette.COLORS.stream()
            .map(color -> lab(Contrast.shade(color, ground, Contrast.LEAST_OF_SIGNS)))
            .toList();
    for (int i = 0; i < shades.size(); i++) {
      for (int j = 0; j < i; j++) {
        double[] a = shades.get(i);
        double[] b = shades.get(j);
        // A difference of 2.3 is just noticed by who sees both side by side.
        assertThat(Math.hypot(Math.hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]))
            .as("%06x and %06x", Palette.COLORS.get(i), Palette.COLORS.get(j))
            .isGreaterThan(20);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("grounds")
  void shouldShowWhateverColorOthersSend(int ground) {
    SplittableRandom random = new SplittableRandom(7);
    Stream.concat(
            Stream.of(0x000000, 0xFFFFFF, ground, 0x808080),
            random.ints(2_000, 0, 0x1000000).boxed())
        .forEach(
            color -> {
              int shade = Contrast.shade(color, ground, Contrast.LEAST_OF_SIGNS);
              assertThat(Contrast.ratio(shade, ground)).as("%06x", color).isGreaterThanOrEqualTo(3);
              assertThat(Contrast.ratio(Contrast.textOn(shade), shade))
                  .as("text on %06x", color)
                  .isGreaterThanOrEqualTo(4.5);
            });
  }

  @ParameterizedTest
  @ValueSource(classes = {FlatLightLaf.class, FlatDarkLaf.class})
  void shouldLeaveTextLegibleUnderWhatOthersSelect(Class<? extends FlatLaf> look)
      throws ReflectiveOperationException {
    UIDefaults defaults = look.getDeclaredConstructor().newInstance().getDefaults();
    Color ground = defaults.getColor("TextArea.background");
    Color ink = defaults.getColor("TextArea.foreground");
    float most = Math.max(PresenceLayer.SELECTION_ALPHA, PresenceLayer.FLASH_ALPHA);
    for (int color : Palette.COLORS) {
      int shade = Contrast.shade(color, ground.getRGB() & 0xFFFFFF, Contrast.LEAST_OF_SIGNS);
      assertThat(Contrast.ratio(under(shade, most, ink), under(shade, most, ground)))
          .as("%06x", color)
          .isGreaterThanOrEqualTo(4.5);
    }
  }

  private static int under(int cover, float alpha, Color color) {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.setColor(color);
    canvas.fillRect(0, 0, 1, 1);
    canvas.setComposite(AlphaComposite.SrcOver.derive(alpha));
    canvas.setColor(new Color(cover));
    canvas.fillRect(0, 0, 1, 1);
    return image.getRGB(0, 0) & 0xFFFFFF;
  }

  @Test
  void shouldLeaveColorThatIsSeenAsItIs() {
    assertThat(Contrast.shade(0x0B6BCB, 0xFFFFFF, Contrast.LEAST_OF_SIGNS)).isEqualTo(0x0B6BCB);
  }

  @Test
  void shouldGiveOneNameOneColorAndManyNamesAll() {
    assertThat(Palette.colorOf("Ada")).isEqualTo(Palette.colorOf("Ada"));
    assertThat(
            Stream.iterate(0, i -> i + 1).limit(200).map(i -> Palette.colorOf("user" + i)).toList())
        .containsAll(Palette.COLORS);
  }

  private static double[] lab(int color) {
    float[] xyz =
        new Color(color).getColorComponents(ColorSpace.getInstance(ColorSpace.CS_CIEXYZ), null);
    double x = f(xyz[0] / 0.9642);
    double y = f(xyz[1]);
    double z = f(xyz[2] / 0.8249);
    return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
  }

  private static double f(double t) {
    return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116.0;
  }
}
