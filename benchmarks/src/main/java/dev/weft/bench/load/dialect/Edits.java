package dev.weft.bench.load.dialect;

import dev.weft.cli.trace.Script;
import java.util.Random;
import java.util.function.Supplier;

/** What somebody types, edit by edit, without end. Confined to one thread. */
public interface Edits {
  /** Makes the next edit in a text of so many UTF-16 units. */
  void next(int length, Text text);

  /** What is typed into. */
  interface Text {
    /** Replaces {@code [start, end)}, in UTF-16 units; one of the two is empty, or none. */
    void replace(int start, int end, String inserted);
  }

  /** The edits of a recorded trace; after the last the first again. */
  static Supplier<Edits> of(Script script) {
    return () ->
        new Edits() {
          private int next;

          @Override
          public void next(int length, Text text) {
            int patch = next++ % script.patchCount();
            int start = Math.min(script.start(patch), length);
            int end = Math.min(script.end(patch), length);
            String inserted = script.inserted(patch);
            if (start == end && inserted.isEmpty()) {
              // What it deleted when it was recorded is not there the second time.
              inserted = ".";
            }
            text.replace(start, end, inserted);
          }
        };
  }

  /** Letters: most where the last one was typed, some elsewhere, some taken back. */
  static Supplier<Edits> letters(long seed) {
    return () ->
        new Edits() {
          private static final double JUMPS = 0.03;
          private static final double DELETES = 0.2;

          private final Random random = new Random(seed);
          private int caret;

          @Override
          public void next(int length, Text text) {
            if (random.nextDouble() < JUMPS) {
              caret = random.nextInt(length + 1);
            }
            if (caret > 0 && random.nextDouble() < DELETES) {
              text.replace(--caret, caret + 1, "");
            } else {
              text.replace(caret, caret, String.valueOf((char) ('a' + random.nextInt(26))));
              caret++;
            }
          }
        };
  }
}
