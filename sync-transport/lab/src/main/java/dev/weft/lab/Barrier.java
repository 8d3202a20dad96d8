package dev.weft.lab;

import java.util.random.RandomGenerator;

/** What becomes of WebSockets where a device is, while requests pass. */
enum Barrier {
  NONE("lets WebSockets pass"),
  REFUSES("refuses WebSockets"),
  SWALLOWS("lets nothing through WebSockets"),
  CUTS("cuts WebSockets");

  private final String words;

  Barrier(String words) {
    this.words = words;
  }

  /** Returns one that is none at all. */
  static Barrier any(RandomGenerator random) {
    return values()[1 + random.nextInt(values().length - 1)];
  }

  @Override
  public String toString() {
    return words;
  }
}
