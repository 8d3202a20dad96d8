package dev.weft.lab.day;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The chart of one tier's latencies over time, on a logarithmic scale. Confined to a thread. */
final class LatencyChart {
  private static final int WIDTH = 1_000;
  private static final int LEFT = 70;
  private static final int TOP = 20;
  private static final int HEIGHT = 110;
  private static final int BUCKETS = 60;

  private final String id;
  private final Measures.Tier tier;
  private final Axis axis;
  private final double bucketSeconds;
  private final double low;
  private final double high;

  LatencyChart(String id, Measures.Tier tier, double seconds) {
    this.id = id;
    this.tier = tier;
    this.axis = new Axis(LEFT, WIDTH - LEFT - 10, seconds);
    this.bucketSeconds = Math.max(1, seconds / BUCKETS);
    this.low = Math.floor(Math.log10(Math.max(tier.latencies().percentile(1), 0.01)));
    this.high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(tier.latencies().max(), 0.01))));
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%3$s-title %3$s-text\">"
                + "<title id=\"%3$s-title\">%4$s, over time</title><desc id=\"%3$s-text\">%5$s, in"
                + " parts of %6$.0f s by when it began.</desc>%n",
            WIDTH,
            TOP + HEIGHT + 4,
            id,
            tier.name(),
            tier.latencies().describe(),
            bucketSeconds));
    svg.append(axis.svg(TOP - 4, TOP + HEIGHT));
    for (int power = (int) low; power <= high; power++) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%3$.1f\" y2=\"%3$.1f\"/><text"
                  + " class=\"tick\" x=\"%4$d\" y=\"%5$.1f\" text-anchor=\"end\">%6$s</text>%n",
              LEFT,
              WIDTH - 10,
              y(Math.pow(10, power)),
              LEFT - 6,
              y(Math.pow(10, power)) + 4,
              scale(power)));
    }
    svg.append(line("p50", part -> part.percentile(50)));
    svg.append(line("p95", part -> part.percentile(95)));
    svg.append(line("p99", part -> part.percentile(99)));
    svg.append(dots());
    return svg.append("</svg>\n").toString();
  }

  private static String scale(int power) {
    return power >= 3
        ? String.format(Locale.ROOT, "%.0f s", Math.pow(10, power - 3))
        : String.format(Locale.ROOT, power < 0 ? "%.2f ms" : "%.0f ms", Math.pow(10, power));
  }

  private double y(double millis) {
    double share = (Math.log10(Math.max(millis, 1e-3)) - low) / (high - low);
    return TOP + HEIGHT * (1 - Math.min(Math.max(share, 0), 1));
  }

  private String line(String style, ToDoubleFunction<Latencies> value) {
    List<String> points = new ArrayList<>();
    for (double from = 0; from < axis.seconds(); from += bucketSeconds) {
      Latencies part = tier.latencies().between(from, from + bucketSeconds);
      if (!part.isEmpty()) {
        points.add(x(from) + "," + height(value.applyAsDouble(part)));
      }
    }
    return "<polyline class=\"" + style + "\" points=\"" + String.join(" ", points) + "\"/>\n";
  }

  private String x(double from) {
    double middle = Math.min(from + bucketSeconds / 2, axis.seconds());
    return String.format(Locale.ROOT, "%.1f", axis.x(middle));
  }

  private String height(double millis) {
    return String.format(Locale.ROOT, "%.1f", y(millis));
  }

  private String dots() {
    StringBuilder dots = new StringBuilder();
    for (double from = 0; from < axis.seconds(); from += bucketSeconds) {
      Latencies part = tier.latencies().between(from, from + bucketSeconds);
      if (!part.isEmpty()) {
        dots.append(
            String.format(
                Locale.ROOT,
                "<circle class=\"max\" cx=\"%s\" cy=\"%s\" r=\"2.5\"><title>at %.0f s: %s</title>"
                    + "</circle>%n",
                x(from),
                height(part.max()),
                from,
                part.describe()));
      }
    }
    return dots.toString();
  }
}
