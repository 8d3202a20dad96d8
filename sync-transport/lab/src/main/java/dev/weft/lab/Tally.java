package dev.weft.lab;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How often what happened. Not thread-safe. */
final class Tally {
  private final Map<Event, Long> counts = new EnumMap<>(Event.class);

  /** Of what kind it is. */
  private enum Kind {
    WORK("what people did"),
    CHECKS("what was checked"),
    LINKS("connections"),
    NETWORK("the network"),
    MACHINES("machines and programs"),
    DISKS("disks"),
    OVERLOAD("relays with too much to do"),
    ADMISSION("admission");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** What is counted, by kind. */
  enum Event {
    EDITS(Kind.WORK, "edits"),
    SAVES_ASKED(Kind.WORK, "saves asked for"),
    SAVES_ACKNOWLEDGED(Kind.WORK, "saves acknowledged"),
    SAVES_REFUSED(Kind.WORK, "saves refused"),
    SAVES_LATE(Kind.WORK, "saves not in by their own deadline, and told so"),
    STATUSES(Kind.CHECKS, "statuses checked"),
    CONNECTIONS(Kind.LINKS, "connections"),
    REQUESTS(Kind.LINKS, "requests by polling"),
    FRAMES(Kind.LINKS, "frames"),
    CUTS(Kind.NETWORK, "connections cut"),
    PARTITIONS(Kind.NETWORK, "partitions"),
    BLACK_HOLES(Kind.NETWORK, "black holes"),
    SLOW_LINKS(Kind.NETWORK, "slow links"),
    BARRIERS(Kind.NETWORK, "barriers to WebSockets"),
    WEBSOCKETS_BARRED(Kind.NETWORK, "WebSockets that something barred"),
    FRAMES_LOST(Kind.NETWORK, "frames lost"),
    FRAMES_DOUBLED(Kind.NETWORK, "frames doubled"),
    REQUESTS_LOST(Kind.NETWORK, "requests lost"),
    REQUESTS_DOUBLED(Kind.NETWORK, "requests doubled"),
    NEWS_LOST(Kind.NETWORK, "news between relays lost"),
    NEWS_DOUBLED(Kind.NETWORK, "news between relays doubled"),
    DEVICE_KILLS(Kind.MACHINES, "devices killed"),
    DEVICE_POWER_CUTS(Kind.MACHINES, "devices' power cut"),
    DEVICE_RESTARTS(Kind.MACHINES, "devices restarted"),
    RELAY_KILLS(Kind.MACHINES, "relays killed"),
    RELAY_POWER_CUTS(Kind.MACHINES, "relays' power cut"),
    DRAINS(Kind.MACHINES, "relays drained"),
    UPGRADES(Kind.MACHINES, "relays of another version"),
    FREEZES(Kind.MACHINES, "processes frozen"),
    BUSY_EDITORS(Kind.MACHINES, "editors busy"),
    REJECTING_EDITORS(Kind.MACHINES, "editors that reject"),
    CLOCK_JUMPS(Kind.MACHINES, "clocks set"),
    DISKS_FULL(Kind.DISKS, "disks full"),
    DISK_ERRORS(Kind.DISKS, "disks failing"),
    TORN_WRITES(Kind.DISKS, "writes torn or lost"),
    ROTTEN(Kind.DISKS, "disks with flipped bits"),
    REPAIRS(Kind.DISKS, "stores repaired"),
    BEYOND_REPAIR(Kind.DISKS, "stores beyond repair"),
    COPIES(Kind.DISKS, "stores copied"),
    ROLL_BACKS(Kind.DISKS, "machines rolled back"),
    FORKS(Kind.DISKS, "forks found out"),
    THROTTLES(Kind.OVERLOAD, "times a client was asked to send less"),
    CONFLATIONS(Kind.OVERLOAD, "times a slow reader's edits were merged"),
    SHED(Kind.OVERLOAD, "presence, keystroke frequency and openings left out"),
    RELAY_SAVES_REFUSED(Kind.OVERLOAD, "saves that relays refused for now"),
    FAILED_WRITES(Kind.OVERLOAD, "writes that a relay's store failed"),
    STORE_SHOWN(Kind.OVERLOAD, "statuses that show a relay's store as unavailable"),
    REFUSALS(Kind.ADMISSION, "devices turned away or let read only"),
    HOSTILE_CLIENTS(Kind.ADMISSION, "hostile clients");

    private final Kind kind;
    private final String words;

    Event(Kind kind, String words) {
      this.kind = kind;
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

  /** Returns a line for each kind of which something was counted, each with its end. */
  @Override
  public String toString() {
    Map<Kind, List<String>> lines = new EnumMap<>(Kind.class);
    counts.forEach(
        (event, count) ->
            lines
                .computeIfAbsent(event.kind, kind -> new ArrayList<>())
                .add(event.words + " " + String.format(Locale.ROOT, "%,d", count)));
    StringBuilder text = new StringBuilder();
    lines.forEach(
        (kind, each) ->
            text.append("  ")
                .append(kind.words)
                .append(": ")
                .append(String.join(", ", each))
                .append(System.lineSeparator()));
    return text.toString();
  }
}
