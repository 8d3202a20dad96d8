package dev.weft.lab.day;

import dev.weft.lab.day.Injector.Span;
import dev.weft.lab.day.Measures.Stretch;
import java.util.List;
import java.util.Locale;

/** The chart of who stood how, above the faults of each lane. Confined to a thread. */
final class Timeline {
  private static final int WIDTH = 1_000;
  private static final int LEFT = 70;
  private static final int TOP = 18;
  private static final int LANE_HEIGHT = 12;
  private static final int BAND_HEIGHT = 18;
  private static final int GAP = 10;

  private final Day day;
  private final Measures measures;
  private final double seconds;
  private final Axis axis;
  private final StringBuilder svg = new StringBuilder();
  private int y = TOP;

  Timeline(Day day, Measures measures) {
    this.day = day;
    this.measures = measures;
    this.seconds = day.seconds(day.settledMicros());
    this.axis = new Axis(LEFT, WIDTH - LEFT - 10, seconds);
  }

  String svg() {
    StringBuilder body = new StringBuilder();
    name("relay");
    lane(Plan.RELAY);
    y += GAP;
    for (Person person : day.people()) {
      name(person.name());
      for (Stretch stretch : measures.standings(person.name())) {
        block(
            "s-" + stretch.standing().name().toLowerCase(Locale.ROOT),
            stretch.from(),
            stretch.to(),
            BAND_HEIGHT,
            person.name() + " " + stretch.standing().words);
      }
      y += BAND_HEIGHT;
      lane(person.name());
      lane(Plan.linkOf(person.name()));
      y += GAP;
    }
    body.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"timeline-title"
                + " timeline-text\"><title id=\"timeline-title\">Faults and what clients"
                + " showed</title><desc id=\"timeline-text\">%s</desc>",
            WIDTH,
            y + 4,
            describe()));
    body.append(axis.svg(TOP - 4, y));
    body.append(svg).append("</svg>\n");
    return body.toString();
  }

  private String describe() {
    return String.format(
        Locale.ROOT,
        "%d faults in %.0f seconds, in a row for the relay and two below each client: its process"
            + " and disk, and its link. The band of each client shows how it stood; the tables"
            + " below have the sums.",
        day.spans().size(),
        seconds);
  }

  private void name(String name) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class=\"name\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
            LEFT - 8,
            y + 13,
            name));
  }

  private void lane(String lane) {
    List<Span> spans = day.spans().stream().filter(span -> span.lane().equals(lane)).toList();
    for (Span span : spans) {
      double from = day.seconds(span.fromMicros());
      String what =
          String.format(
              Locale.ROOT,
              "%s, %s, at %.1f s for %.1f s",
              lane,
              span.kind().words,
              from,
              day.seconds(span.toMicros()) - from);
      double to = day.seconds(span.toMicros());
      boolean wide = x(to) - x(from) > 9;
      block("fault", from, to, LANE_HEIGHT - 2, what);
      svg.append(
          String.format(
              Locale.ROOT,
              "<text class=\"%s\" x=\"%.1f\" y=\"%d\" aria-hidden=\"true\">%s</text>%n",
              wide ? "code" : "code beside",
              wide ? x(from) + 1 : Math.max(x(to), x(from) + 1.5) + 1,
              y + LANE_HEIGHT - 3,
              span.kind().code));
    }
    y += LANE_HEIGHT;
  }

  private void block(String style, double from, double to, int height, String what) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s</title>"
                + "</rect>%n",
            style,
            x(from),
            y,
            Math.max(x(to) - x(from), 1.5),
            height,
            what));
  }

  private double x(double at) {
    return axis.x(at);
  }
}
