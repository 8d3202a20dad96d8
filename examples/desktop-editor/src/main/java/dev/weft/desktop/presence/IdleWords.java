package dev.weft.desktop.presence;

import java.time.Duration;

/** How long somebody has not moved, or was not heard, in words. */
final class IdleWords {
  static final String NEVER_HEARD = "The relay was not heard yet";

  private IdleWords() {}

  static String of(Duration idle) {
    return idle.compareTo(Person.IDLE_AFTER) < 0 ? "active" : "idle for " + length(idle);
  }

  /** Returns how long ago others were heard, who are shown as they were then. */
  static String lastHeard(Duration ago) {
    return ago.toMinutes() == 0
        ? "As last heard, just now"
        : "As last heard, " + length(ago) + " ago";
  }

  private static String length(Duration time) {
    long minutes = time.toMinutes();
    if (minutes < 60) {
      return count(minutes, "minute");
    }
    return time.toHours() < 24 ? count(time.toHours(), "hour") : "more than a day";
  }

  private static String count(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }
}
