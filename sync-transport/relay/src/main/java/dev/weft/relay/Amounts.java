package dev.weft.relay;

import java.util.Locale;

/** Numbers as people read them, with their units. */
final class Amounts {
  /** A number and its unit stay in one line. */
  private static final String SPACE = "\u00a0";

  private static final String[] BINARY = {"KiB", "MiB", "GiB", "TiB"};

  private Amounts() {}

  /** Returns a duration: {@code 3.4 ms}, {@code 120 ms}, {@code 1.5 s}. */
  static String millis(double millis) {
    return millis < 1_000 ? number(millis) + SPACE + "ms" : number(millis / 1_000) + SPACE + "s";
  }

  /** Returns an amount of memory: {@code 512 B}, {@code 3.4 KiB}. */
  static String bytes(long bytes) {
    if (bytes < 1_024) {
      return bytes + SPACE + "B";
    }
    int unit = 0;
    double amount = bytes / 1_024.0;
    while (amount >= 1_024 && unit < BINARY.length - 1) {
      amount /= 1_024;
      unit++;
    }
    return number(amount) + SPACE + BINARY[unit];
  }

  /** Returns how often something happens: {@code 3.4/s}. */
  static String perSecond(double times) {
    return times > 0 && times < 0.05 ? "under 0.1/s" : number(times) + "/s";
  }

  /** Returns how many bytes flow: {@code 3.4 KiB/s}. */
  static String bytesPerSecond(double bytes) {
    return bytes(Math.round(bytes)) + "/s";
  }

  /** Returns a whole number: {@code 12,345}. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** Returns a whole number of things, of which one is named: {@code 1 time}, {@code 12 times}. */
  static String count(long count, String one) {
    return count(count) + " " + one + (count == 1 ? "" : "s");
  }

  /** Returns a number with one digit behind the point where that says something. */
  static String number(double value) {
    // What would be rounded to 10.0 is 10.
    String digits = String.format(Locale.ROOT, value < 9.95 ? "%.1f" : "%,.0f", value);
    return digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits;
  }

  /** Returns for how long something has gone on: {@code 5 min}, {@code 3 h 2 min}. */
  static String elapsed(long seconds) {
    if (seconds < 60) {
      return seconds + SPACE + "s";
    } else if (seconds < 3_600) {
      return seconds / 60 + SPACE + "min";
    } else if (seconds < 86_400) {
      return seconds / 3_600 + SPACE + "h " + seconds % 3_600 / 60 + SPACE + "min";
    }
    return seconds / 86_400 + SPACE + "d " + seconds % 86_400 / 3_600 + SPACE + "h";
  }
}
