package dev.weft.bench.peers;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/** How many times this library's figure of the same trace and metric a figure is. */
final class Ratios {
  private final Map<Metric, Double> own = new EnumMap<>(Metric.class);

  /** Forgets the figures of the trace before. */
  void begin() {
    own.clear();
  }

  /** Returns the ratio of a result, where both have a figure; this library's are to come first. */
  OptionalDouble ratio(Result result) {
    if (result.amount() == 0) {
      return OptionalDouble.empty();
    }
    if (result.library() == Library.WEFT) {
      own.putIfAbsent(result.metric(), result.amount());
    }
    Double base = own.get(result.metric());
    return base == null ? OptionalDouble.empty() : OptionalDouble.of(result.amount() / base);
  }
}
