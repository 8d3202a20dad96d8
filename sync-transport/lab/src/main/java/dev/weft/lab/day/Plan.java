package dev.weft.lab.day;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Which faults happen when, by a seed alone. What can break has a lane of its own, the relay, each
 * client and each client's link; in a lane one fault ends before the next begins, and lanes know
 * nothing of each other. Immutable.
 *
 * @param lanes the faults of each lane, in order, by whose it is
 */
record Plan(Map<String, List<Fault>> lanes) {
  static final String RELAY = "relay";

  private static final Duration FULL_PACE = Duration.ofMinutes(5);
  private static final long RELAY_PAUSE_MILLIS = 24_000;
  private static final long LINK_PAUSE_MILLIS = 30_000;
  private static final long CLIENT_PAUSE_MILLIS = 40_000;

  /**
   * One fault.
   *
   * @param atMillis when it begins, since the first fault could
   * @param millis how long it lasts at least
   */
  record Fault(FaultKind kind, long atMillis, long millis) {}

  /** Returns the lane of somebody's link. */
  static String linkOf(String person) {
    return person + "'s link";
  }

  /**
   * Draws a plan.
   *
   * @param play for how long faults are injected
   * @param people who has a client
   * @param smallDisk whose disk can be filled, beside the relay's; empty if none can
   */
  static Plan draw(long seed, Duration play, List<String> people, String smallDisk) {
    Random random = new Random(seed);
    Map<String, List<Fault>> lanes = new LinkedHashMap<>();
    List<FaultKind> ofRelay =
        new ArrayList<>(
            List.of(FaultKind.RELAY_KILL, FaultKind.RELAY_FREEZE, FaultKind.RELAY_UPGRADE));
    if (!smallDisk.isEmpty()) {
      ofRelay.add(FaultKind.RELAY_DISK);
    }
    lanes.put(RELAY, draw(random, play, RELAY_PAUSE_MILLIS, new Bag(random, ofRelay)));
    Bag ofLinks = new Bag(random, FaultKind.OF_LINKS);
    for (String person : people) {
      List<FaultKind> ofClient =
          new ArrayList<>(List.of(FaultKind.CLIENT_KILL, FaultKind.CLIENT_FREEZE));
      if (person.equals(smallDisk)) {
        ofClient.add(FaultKind.CLIENT_DISK);
      }
      lanes.put(person, draw(random, play, CLIENT_PAUSE_MILLIS, new Bag(random, ofClient)));
      lanes.put(linkOf(person), draw(random, play, LINK_PAUSE_MILLIS, ofLinks));
    }
    return new Plan(lanes);
  }

  /** A short day has as many faults for each minute as fit, a long one leaves time to recover. */
  private static List<Fault> draw(Random random, Duration play, long pauseMillis, Bag bag) {
    double pace = Math.min(1, Math.max(0.15, (double) play.toMillis() / FULL_PACE.toMillis()));
    List<Fault> faults = new ArrayList<>();
    long at = (long) (pace * pauseMillis * random.nextDouble());
    while (true) {
      FaultKind kind = bag.next();
      long longest = Math.min(kind.longestMillis, Math.max(1, play.toMillis() / 5));
      long shortest = Math.min(kind.shortestMillis, longest);
      long millis = shortest + random.nextInt((int) (longest - shortest) + 1);
      if (at + millis > play.toMillis()) {
        return faults;
      }
      faults.add(new Fault(kind, at, millis));
      at += millis + 1_000 + (long) (pace * pauseMillis * (0.4 + 1.2 * random.nextDouble()));
    }
  }

  /** Deals kinds so that each comes as often as the others. */
  private static final class Bag {
    private final Random random;
    private final List<FaultKind> kinds;
    private final Deque<FaultKind> left = new ArrayDeque<>();

    Bag(Random random, List<FaultKind> kinds) {
      this.random = random;
      this.kinds = kinds;
    }

    FaultKind next() {
      if (left.isEmpty()) {
        List<FaultKind> shuffled = new ArrayList<>(kinds);
        Collections.shuffle(shuffled, random);
        left.addAll(shuffled);
      }
      return left.pop();
    }
  }
}
