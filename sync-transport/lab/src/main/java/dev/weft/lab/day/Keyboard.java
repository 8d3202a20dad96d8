package dev.weft.lab.day;

import dev.weft.client.SharedText;
import dev.weft.crdt.Anchor;
import dev.weft.crdt.Bias;
import dev.weft.crdt.TextDocument;
import java.util.random.RandomGenerator;

/**
 * Types like a person: letter by letter at an uneven pace, with pauses to think, some corrections
 * and, seldom, a word pasted or another place. Confined to one thread.
 */
final class Keyboard {
  private static final String LETTERS = "eeeetttaaooiinnsshhrrdlucmfwypvbg";

  private final RandomGenerator random;
  private Anchor caret = Anchor.END;
  private int leftOfWord;

  Keyboard(RandomGenerator random) {
    this.random = random;
  }

  /** Returns how long it takes until the next key. */
  long pauseMillis() {
    if (random.nextInt(40) == 0) {
      return 1_000 + random.nextLong(3_000);
    }
    return 90 + random.nextLong(110) + (random.nextInt(5) == 0 ? random.nextLong(300) : 0);
  }

  /** Presses a key; returns whether it inserted something. */
  boolean press(SharedText text) {
    boolean[] inserts = {true};
    text.transact(
        document -> {
          int at = document.indexOf(caret).orElse(document.length());
          int chance = random.nextInt(100);
          if (chance < 2) {
            at = random.nextInt(document.length() + 1);
          }
          if (chance >= 90 && at > 0) {
            int start = at - 1 - (chance == 99 ? random.nextInt(Math.min(at, 8)) : 0);
            document.delete(start, at);
            caret = document.anchor(start, Bias.LEFT);
            inserts[0] = false;
          } else {
            insert(document, at, chance == 89 ? "a pasted word " : letter());
          }
        });
    return inserts[0];
  }

  private void insert(TextDocument document, int at, String typed) {
    document.insert(at, typed);
    caret = document.anchor(at + typed.length(), Bias.LEFT);
  }

  private String letter() {
    if (leftOfWord-- > 0) {
      return String.valueOf(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    leftOfWord = 2 + random.nextInt(8);
    return random.nextInt(12) == 0 ? "\n" : " ";
  }
}
