package dev.weft.client;

import java.util.function.LongConsumer;

/** Plays schedules by seed; a failure names its seed, and how to play that one alone. Stateless. */
final class Seeds {
  private Seeds() {}

  /** Plays the seeds from 0 to {@code count}, or the one that {@code -Dweft.seed} names. */
  static void play(Class<?> test, int count, LongConsumer schedule) {
    Long only = Long.getLong("weft.seed");
    long first = only == null ? 0 : only;
    long end = only == null ? count : only + 1;
    for (long seed = first; seed < end; seed++) {
      try {
        schedule.accept(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "seed "
                + seed
                + "; replay: ./mvnw -pl sync-transport/end-to-end -am test -Dtest="
                + test.getSimpleName()
                + " -Dweft.seed="
                + seed,
            e);
      }
    }
  }
}
