package dev.weft.bench.load;

import dev.weft.bench.RecordedTraces;
import dev.weft.bench.load.dialect.Edits;
import dev.weft.cli.trace.Script;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * What is typed, and in which rhythm: that of recorded authors where the traces are, else letters
 * at random. Immutable.
 *
 * @param title what to call it
 */
record Typing(String title, Supplier<Edits> edits, Rhythm rhythm) {
  /** Every edit of it is a keystroke, but it does not tell when it was typed. */
  static final String EDITS = "automerge-paper";

  /** It tells when it was typed. */
  static final String RHYTHM = "seph-blog1";

  /** Returns the recorded typing; letters if there are no traces. */
  static Typing found(long seed) throws IOException {
    if (!RecordedTraces.areThere(EDITS, RHYTHM)) {
      return new Typing("letters at random (no traces found)", Edits.letters(seed), Rhythm.even());
    }
    return new Typing(
        "edits of " + EDITS + " in the rhythm of " + RHYTHM,
        Edits.of(Script.of(RecordedTraces.read(EDITS))),
        Rhythm.recorded(RecordedTraces.existing(RHYTHM)));
  }
}
