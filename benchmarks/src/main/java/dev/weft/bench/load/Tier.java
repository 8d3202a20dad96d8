package dev.weft.bench.load;

import java.util.Locale;

/** What somebody waits for. */
enum Tier {
  /** From when an edit was due until a reader has it: for each edit and reader. */
  KEYSTROKE,
  /** From when a save was due until its receipt. */
  SAVE,
  /** From when a caret was shown until a reader sees it there. */
  PRESENCE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
