package dev.weft.desktop.presence;

/**
 * How well two colors, each {@code 0xRRGGBB}, are told apart, as the Web Content Accessibility
 * Guidelines 2.2 reckon it: from 1 for equal ones to 21 for black and white.
 */
final class Contrast {
  /** The least for signs and for the edges of things, by success criterion 1.4.11. */
  static final double LEAST_OF_SIGNS = 3.0;

  /** The least for text of a usual size, by success criterion 1.4.3. */
  static final double LEAST_OF_TEXT = 4.5;

  private static final int BLACK = 0x000000;
  private static final int WHITE = 0xFFFFFF;
  private static final int STEPS = 50;

  private Contrast() {}

  static double ratio(int one, int other) {
    double a = luminance(one) + 0.05;
    double b = luminance(other) + 0.05;
    return Math.max(a, b) / Math.min(a, b);
  }

  private static double luminance(int color) {
    return 0.2126 * linear(color >> 16 & 0xFF)
        + 0.7152 * linear(color >> 8 & 0xFF)
        + 0.0722 * linear(color & 0xFF);
  }

  private static double linear(int channel) {
    double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  }

  /** Returns black or white, whichever is read better: always by {@link #LEAST_OF_TEXT} or more. */
  static int textOn(int ground) {
    return ratio(WHITE, ground) >= ratio(BLACK, ground) ? WHITE : BLACK;
  }

  /**
   * Returns the shade of a color nearest to it that is seen well enough on a ground.
   *
   * @param least at most {@link #LEAST_OF_TEXT}, which black or white has on any ground
   */
  static int shade(int color, int ground, double least) {
    int end = textOn(ground);
    for (int step = 0; step < STEPS; step++) {
      int shade = mix(color, end, step / (double) STEPS);
      if (ratio(shade, ground) >= least) {
        return shade;
      }
    }
    return end;
  }

  private static int mix(int from, int to, double part) {
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = from >> shift & 0xFF;
      int b = to >> shift & 0xFF;
      mixed |= (int) Math.round(a + (b - a) * part) << shift;
    }
    return mixed;
  }
}
