package dev.weft.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Times keystrokes singly, each followed by a spin of about the same length that does nothing: what
 * the machine adds on its own falls on both alike. Not thread-safe.
 */
final class KeystrokeLatency {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99, 100};

  private final Histogram keystrokes = histogram();
  private final Histogram nothing = histogram();
  private final long spinNanos;

  /**
   * Starts measuring.
   *
   * @param spinNanos how long the loop that does nothing spins
   */
  KeystrokeLatency(long spinNanos) {
    this.spinNanos = spinNanos;
  }

  private static Histogram histogram() {
    return new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
  }

  /** A keystroke by its number. */
  @FunctionalInterface
  interface Keystroke {
    void type(int number) throws Exception;
  }

  /** Returns how long a keystroke takes in the middle, to be the spin's length. */
  static long typicalNanos(int count, Keystroke keystroke) throws Exception {
    KeystrokeLatency latency = new KeystrokeLatency(0);
    latency.measure(count, keystroke);
    return latency.keystrokes.getValueAtPercentile(50);
  }

  /** Times {@code count} keystrokes. */
  void measure(int count, Keystroke keystroke) throws Exception {
    for (int number = 0; number < count; number++) {
      long started = System.nanoTime();
      keystroke.type(number);
      long ended = System.nanoTime();
      keystrokes.recordValue(ended - started);
      long until = ended + spinNanos;
      long now = System.nanoTime();
      while (now < until) {
        now = System.nanoTime();
      }
      nothing.recordValue(now - ended);
    }
  }

  /** Prints the percentiles in microseconds. */
  void print(PrintWriter out, String what) {
    out.printf(Locale.ROOT, "%s, %,d times, in microseconds:%n", what, keystrokes.getTotalCount());
    out.printf("  %-20s", "");
    for (double percentile : PERCENTILES) {
      out.printf(Locale.ROOT, "%10s", percentile == 100 ? "max" : "p" + plain(percentile));
    }
    out.println();
    printRow(out, "keystroke", keystrokes);
    printRow(out, "spin of " + spinNanos + " ns", nothing);
  }

  private static void printRow(PrintWriter out, String name, Histogram histogram) {
    out.printf("  %-20s", name);
    for (double percentile : PERCENTILES) {
      out.printf(Locale.ROOT, "%10.2f", histogram.getValueAtPercentile(percentile) / 1e3);
    }
    out.println();
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
