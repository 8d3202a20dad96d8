package dev.weft.lab;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** How often what happened. Not thread-safe. */
final class Tally {
  private final Map<Event, Long> counts = new EnumMap<>(Event.class);

  /** What is counted. */
  enum Event {
    EDITS("edits"),
    SAVES_ASKED("saves asked for"),
    SAVES_ACKNOWLEDGED("saves acknowledged"),
    SAVES_REFUSED("saves refused"),
    SAVES_LATE("saves past their deadline"),
    STATUSES("statuses checked"),
    CONNECTIONS("connections"),
    REQUESTS("requests by polling"),
    FRAMES("frames"),
    CUTS("connections cut"),
    BARRIERS("barriers to WebSockets"),
    WEBSOCKETS_BARRED("WebSockets that something barred"),
    PARTITIONS("partitions"),
    BLACK_HOLES("black holes"),
    SLOW_LINKS("slow links"),
    FRAMES_LOST("frames lost"),
    FRAMES_DOUBLED("frames doubled"),
    REQUESTS_LOST("requests lost"),
    REQUESTS_DOUBLED("requests doubled"),
    NEWS_LOST("news between relays lost"),
    NEWS_DOUBLED("news between relays doubled"),
    DEVICE_KILLS("devices killed"),
    DEVICE_POWER_CUTS("devices' power cut"),
    DEVICE_RESTARTS("devices restarted"),
    RELAY_KILLS("relays killed"),
    RELAY_POWER_CUTS("relays' power cut"),
    DRAINS("relays drained"),
    FREEZES("processes frozen"),
    BUSY_EDITORS("editors busy"),
    REJECTING_EDITORS("editors that reject"),
    DISKS_FULL("disks full"),
    DISK_ERRORS("disks failing"),
    TORN_WRITES("writes torn or lost"),
    ROTTEN("disks with flipped bits"),
    REPAIRS("stores repaired"),
    BEYOND_REPAIR("stores beyond repair"),
    COPIES("stores copied"),
    ROLL_BACKS("machines rolled back"),
    FORKS("forks found out"),
    CLOCK_JUMPS("clocks set"),
    UPGRADES("relays of another version"),
    REFUSALS("devices turned away or let read only"),
    HOSTILE_CLIENTS("hostile clients");

    private final String words;

    Event(String words) {
      this.words = words;
    }
  }

  void count(Event event) {
    counts.merge(event, 1L, Long::sum);
  }

  void count(Event event, long times) {
    counts.merge(event, times, Long::sum);
  }

  long of(Event event) {
    return counts.getOrDefault(event, 0L);
  }

  void add(Tally other) {
    other.counts.forEach(this::count);
  }

  @Override
  public String toString() {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey().words + " " + String.format("%,d", entry.getValue()))
        .collect(Collectors.joining(", "));
  }
}
