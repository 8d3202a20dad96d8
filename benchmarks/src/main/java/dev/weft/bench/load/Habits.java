package dev.weft.bench.load;

import dev.weft.bench.load.dialect.Edits;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What normal clients do. Immutable.
 *
 * @param saveEvery how often each writer saves, on average; zero for never
 * @param caretsPerSecond how often a writer shows its caret at most, while it types; 0 for never
 * @param gathering whether writers gather keystrokes for half a round trip, or send each at once
 * @param rhythm of typing
 * @param typing what is typed
 */
record Habits(
    Duration saveEvery,
    double caretsPerSecond,
    boolean gathering,
    Rhythm rhythm,
    Supplier<Edits> typing) {

  /** Returns the same without carets, which are not compared. */
  Habits withoutCarets() {
    return new Habits(saveEvery, 0, gathering, rhythm, typing);
  }
}
