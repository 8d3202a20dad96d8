package dev.weft.bench.load;

import java.util.Locale;

/** What kind of client it is that waits. */
enum ClientClass {
  /** One with a good network that keeps to what is usual. */
  NORMAL,
  /** A normal one on a document that is told apart, since others may disturb it there. */
  BESIDE,
  /** One with little bandwidth, far away, who reads. */
  SLOW,
  /** One who reads, and whose connection is cut again and again. */
  CUT,
  /** One that sends, edit by edit, as fast as it can, whatever it is told. */
  FLOOD;

  boolean isNormal() {
    return this == NORMAL || this == BESIDE;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
