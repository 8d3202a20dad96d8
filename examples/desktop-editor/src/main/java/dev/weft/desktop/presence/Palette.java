package dev.weft.desktop.presence;

import java.util.List;

/**
 * The colors that people are given, {@code 0xRRGGBB}, in the tone in which they are sent. Whoever
 * shows one takes the {@linkplain Contrast#shade shade} of it that is seen on the ground there.
 */
final class Palette {
  /** Told apart from each other in their shades on light and on dark grounds. */
  static final List<Integer> COLORS =
      List.of(
          0x0B6BCB, // blue
          0xD9480F, // vermilion
          0x2B8A3E, // green
          0x9C36B5, // purple
          0xB08900, // ochre
          0x0C8599, // teal
          0xD6336C, // pink
          0x7C5A3A, // brown
          0x66A80F); // lime

  private Palette() {}

  /** Returns the color of somebody who is called so: the same on each of their devices. */
  static int colorOf(String name) {
    int mixed = name.hashCode() * 0x9E3779B1;
    return COLORS.get(Math.floorMod(mixed >>> 8, COLORS.size()));
  }
}
