package dev.weft.lab.day;

import java.util.Locale;

/**
 * The axis of time below a chart.
 *
 * @param left where it begins
 * @param width how long it is
 * @param seconds how much time it shows
 */
record Axis(int left, int width, double seconds) {
  private static final int[] STEPS = {5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600};
  private static final int MOST_TICKS = 12;

  double x(double at) {
    return left + at / seconds * width;
  }

  /** Returns lines from top to bottom, with the time above each. */
  String svg(int top, int bottom) {
    StringBuilder svg = new StringBuilder();
    int step = step();
    for (int at = 0; at <= seconds; at += step) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"grid\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\"/>"
                  + "<text class=\"tick\" x=\"%1$.1f\" y=\"%4$d\" text-anchor=\"middle\">"
                  + "%5$d:%6$02d</text>%n",
              x(at),
              top,
              bottom,
              top - 4,
              at / 60,
              at % 60));
    }
    return svg.toString();
  }

  private int step() {
    for (int step : STEPS) {
      if (seconds / step <= MOST_TICKS) {
        return step;
      }
    }
    return STEPS[STEPS.length - 1];
  }
}
