package dev.weft.desktop.presence;

import java.time.Duration;

/** How long somebody has not moved, in words. */
final class IdleWords {
  private IdleWords() {}

  static String of(Duration idle) {
    if (idle.compareTo(Person.IDLE_AFTER) < 0) {
      return "active";
    }
    long minutes = idle.toMinutes();
    return minutes < 60 ? "idle for " + count(minutes, "minute") : idleForHours(idle.toHours());
  }

  private static String idleForHours(long hours) {
    return hours < 24 ? "idle for " + count(hours, "hour") : "idle for more than a day";
  }

  private static String count(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }
}
