package dev.weft.bench.load;

import java.time.Duration;

/**
 * A run. Immutable.
 *
 * @param editsPerSecond of all normal writers together
 * @param warmUp for how long is typed before it counts
 * @param length for how long it counts
 * @param seed of all times
 */
record LoadSettings(
    Population population,
    Habits habits,
    double editsPerSecond,
    Duration warmUp,
    Duration length,
    long seed) {

  double editsPerSecondOfWriter() {
    return editsPerSecond / population.allWriters();
  }

  LoadSettings of(Population others) {
    return new LoadSettings(others, habits, editsPerSecond, warmUp, length, seed);
  }

  LoadSettings with(Habits others) {
    return new LoadSettings(population, others, editsPerSecond, warmUp, length, seed);
  }

  LoadSettings at(double rate, Duration warmUpFor, Duration lengthOf) {
    return new LoadSettings(population, habits, rate, warmUpFor, lengthOf, seed);
  }
}
