package dev.weft.desktop;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.RenderingHints;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;

/** The picture that stands for a window in a title bar and a task list: a small piece of cloth. */
final class WindowIcons {
  private static final Color WARP = new Color(0x2F6FA8);
  private static final Color WEFT = new Color(0xE0A030);
  private static final int THREADS = 3;

  private WindowIcons() {}

  /** Returns the picture in the sizes that window systems ask for. */
  static List<Image> all() {
    return IntStream.of(16, 24, 32, 48, 64).<Image>mapToObj(WindowIcons::draw).toList();
  }

  private static BufferedImage draw(int size) {
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_ARGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    double cell = size / (double) THREADS;
    for (int thread = 0; thread < THREADS; thread++) {
      fill(g, WARP, thread * cell + cell * 0.15, 0, cell * 0.7, size);
    }
    for (int row = 0; row < THREADS; row++) {
      for (int column = 0; column < THREADS; column++) {
        double y = row * cell + cell * 0.15;
        if ((row + column) % 2 == 0) {
          fill(g, WEFT, column * cell, y, cell, cell * 0.7);
        } else {
          fill(g, WEFT, column * cell - cell * 0.15, y, cell * 0.3, cell * 0.7);
          fill(g, WEFT, (column + 1) * cell - cell * 0.15, y, cell * 0.3, cell * 0.7);
        }
      }
    }
    g.dispose();
    return image;
  }

  private static void fill(
      Graphics2D g, Color color, double x, double y, double width, double height) {
    g.setColor(color);
    g.fill(new RoundRectangle2D.Double(x, y, width, height, width / 3, width / 3));
  }
}
