package dev.weft.lab.day;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How long something took, each time. Confined to a thread. */
final class Latencies {
  private final List<Sample> samples = new ArrayList<>();

  /** One time: when it began, and how long it took. */
  record Sample(double atSeconds, double millis) {}

  void add(double atSeconds, double millis) {
    samples.add(new Sample(atSeconds, millis));
  }

  int count() {
    return samples.size();
  }

  boolean isEmpty() {
    return samples.isEmpty();
  }

  /** Returns the least time that a share of all did not exceed; 0 if there are none. O(n log n). */
  double percentile(double share) {
    if (samples.isEmpty()) {
      return 0;
    }
    List<Double> sorted = samples.stream().map(Sample::millis).sorted().toList();
    int rank = (int) Math.ceil(share / 100 * sorted.size());
    return sorted.get(Math.max(rank, 1) - 1);
  }

  double max() {
    return percentile(100);
  }

  /** Returns those that began within a time. */
  Latencies between(double fromSeconds, double toSeconds) {
    Latencies part = new Latencies();
    part.samples.addAll(
        samples.stream()
            .filter(each -> each.atSeconds >= fromSeconds && each.atSeconds < toSeconds)
            .collect(Collectors.toList()));
    return part;
  }

  String describe() {
    return isEmpty()
        ? "none"
        : String.format(
            Locale.ROOT,
            "p50 %s, p95 %s, p99 %s, max %s (%,d)",
            words(percentile(50)),
            words(percentile(95)),
            words(percentile(99)),
            words(max()),
            count());
  }

  /** Returns a time for people. */
  static String words(double millis) {
    if (millis >= 1_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1_000);
    }
    return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%.0f ms", millis);
  }
}
