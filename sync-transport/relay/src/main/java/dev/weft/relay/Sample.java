package dev.weft.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a relay's meters say at a time. A meter is found by its name and, behind a blank, the values
 * of its tags: {@code weft.saves acknowledged}. Immutable.
 */
final class Sample {
  private final long nanos;
  private final SortedMap<String, Double> values;
  private final Map<String, BucketCounts> times;

  private Sample(long nanos, SortedMap<String, Double> values, Map<String, BucketCounts> times) {
    this.nanos = nanos;
    this.values = values;
    this.times = times;
  }

  /** Returns what all meters say now. */
  static Sample of(MeterRegistry registry, long nanos) {
    SortedMap<String, Double> values = new TreeMap<>();
    Map<String, BucketCounts> times = new HashMap<>();
    for (Meter meter : registry.getMeters()) {
      String key = key(meter.getId());
      if (meter instanceof Counter counter) {
        values.put(key, counter.count());
      } else if (meter instanceof Gauge gauge) {
        values.put(key, gauge.value());
      } else if (meter instanceof Timer timer) {
        BucketCounts counts = BucketCounts.of(timer);
        times.put(key, counts);
        values.put(key, (double) counts.count());
      }
    }
    return new Sample(nanos, values, times);
  }

  private static String key(Meter.Id id) {
    return id.getTags().stream()
        .map(Tag::getValue)
        .collect(Collectors.joining(" ", id.getName() + " ", ""))
        .strip();
  }

  /** Returns when it was taken, in monotonic time. */
  long nanos() {
    return nanos;
  }

  /**
   * Returns a counter, a gauge, or how often a timer has recorded.
   *
   * @throws IllegalArgumentException if there is no such meter
   */
  double value(String key) {
    return require(values.get(key), key);
  }

  /** Returns {@link #value} as the whole number that it is. */
  long whole(String key) {
    return (long) value(key);
  }

  /**
   * Returns the durations that a timer has recorded.
   *
   * @throws IllegalArgumentException if there is no such timer
   */
  BucketCounts times(String key) {
    return require(times.get(key), key);
  }

  private static <V> V require(@Nullable V value, String key) {
    if (value == null) {
      throw new IllegalArgumentException("the relay has no meter " + key);
    }
    return value;
  }

  /** Returns the values of the one tag that the meters of a name have, in alphabetical order. */
  List<String> tagsOf(String name) {
    String prefix = name + " ";
    return values.tailMap(prefix).keySet().stream()
        .takeWhile(key -> key.startsWith(prefix))
        .map(key -> key.substring(prefix.length()))
        .toList();
  }
}
