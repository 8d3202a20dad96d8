package dev.weft.bench.latency;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.AbstractHistogram;

/**
 * What is told of many times: the percentiles in milliseconds. One that fewer than one time in so
 * many exceeds is not told of fewer times than that, since it would be the longest, whatever that
 * is.
 */
public final class Percentiles {
  private static final List<String> NAMES = List.of("p50", "p95", "p99", "p99.9");
  private static final double[] VALUES = {50, 95, 99, 99.9};
  private static final String UNKNOWN = "-";

  private Percentiles() {}

  /** Returns the head of what {@link #cells} returns. */
  public static List<String> head() {
    List<String> head = new ArrayList<>();
    head.add("samples");
    head.addAll(NAMES);
    head.add("max");
    return head;
  }

  /** Returns how many there are, the percentiles and the longest, for a table. */
  public static List<String> cells(AbstractHistogram nanos) {
    List<String> cells = new ArrayList<>();
    cells.add(String.format(Locale.ROOT, "%,d", nanos.getTotalCount()));
    for (double percentile : VALUES) {
      cells.add(
          isKnown(nanos, percentile) ? millis(nanos.getValueAtPercentile(percentile)) : UNKNOWN);
    }
    cells.add(nanos.getTotalCount() == 0 ? UNKNOWN : millis(nanos.getMaxValue()));
    return cells;
  }

  /** Writes the same into an object; what is not known is missing. */
  static void write(JsonGenerator json, AbstractHistogram nanos) throws IOException {
    json.writeNumberField("samples", nanos.getTotalCount());
    for (int i = 0; i < VALUES.length; i++) {
      if (isKnown(nanos, VALUES[i])) {
        json.writeFieldName(NAMES.get(i) + "Millis");
        json.writeNumber(exactMillis(nanos.getValueAtPercentile(VALUES[i])));
      }
    }
    if (nanos.getTotalCount() > 0) {
      json.writeFieldName("maxMillis");
      json.writeNumber(exactMillis(nanos.getMaxValue()));
    }
  }

  /** Whether there are so many that at least one is expected beyond the percentile. */
  private static boolean isKnown(AbstractHistogram nanos, double percentile) {
    return nanos.getTotalCount() * (100 - percentile) >= 100 - 1e-6;
  }

  /** Three digits that count are what the machine can repeat. */
  private static String millis(long nanos) {
    double millis = nanos / 1e6;
    String format = millis < 10 ? "%.2f" : millis < 100 ? "%.1f" : "%,.0f";
    return String.format(Locale.ROOT, format, millis);
  }

  private static String exactMillis(long nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
  }
}
