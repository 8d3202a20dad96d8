package dev.weft.bench.wire;

import java.time.Duration;

/**
 * How a trace is typed.
 *
 * @param keystrokesPerSecond its pace; 0 for each keystroke only once the reader has seen the one
 *     before
 * @param roundTrip how long the link takes there and back, beside what loopback takes
 */
record WireCase(int keystrokesPerSecond, Duration roundTrip) {
  /** Returns whether each keystroke waits for the one before. */
  boolean isOneByOne() {
    return keystrokesPerSecond == 0;
  }

  /** Returns how long everything takes one way. */
  Duration delay() {
    return roundTrip.dividedBy(2);
  }
}
