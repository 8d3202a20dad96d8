package dev.weft.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is to be measured and how long.
 *
 * @param limitSeconds when a run of many steps is stopped
 * @param repeats how many runs count; null if time decides
 */
record Plan(
    Set<Metric> metrics,
    Set<Library> libraries,
    double warmUpSeconds,
    double limitSeconds,
    @Nullable Integer repeats) {

  /** Returns a worker's arguments after the library and the trace. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    arguments.add(metrics.stream().map(Metric::toString).collect(Collectors.joining(",")));
    arguments.add(String.format(Locale.ROOT, "%f", warmUpSeconds));
    arguments.add(String.format(Locale.ROOT, "%f", limitSeconds));
    if (repeats != null) {
      arguments.add(repeats.toString());
    }
    return arguments;
  }
}
