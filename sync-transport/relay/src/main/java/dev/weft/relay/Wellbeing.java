package dev.weft.relay;

import dev.weft.protocol.RelayMessage;
import java.util.List;
import java.util.Locale;

/**
 * Whether a relay is well, in words: what an operator would want to know before any number.
 * Immutable.
 *
 * @param conditions what was looked at, in the order of what matters
 */
record Wellbeing(List<Condition> conditions) {
  /** Whoever is told so late that there is no room has no time to make some. */
  private static final double NEARLY_FULL = 0.8;

  /**
   * One thing that is well or not.
   *
   * @param good whether nobody has to do anything about it
   * @param words how it is, which change only when it does
   */
  record Condition(boolean good, String words) {}

  static Wellbeing of(RelayHub hub, Lately lately) {
    return new Wellbeing(
        List.of(
            clients(hub),
            store(hub.storeHealth().state()),
            load(hub.load().level()),
            budget("Keystrokes", Latency.PERCEIVED_KEYSTROKE, Latency.KEYSTROKE, lately),
            budget("Saves", Latency.PERCEIVED_SAVE, Latency.SAVE, lately),
            room(lately.now())));
  }

  /** Returns whether there is nothing that somebody should look at. */
  boolean isWell() {
    return conditions.stream().allMatch(Condition::good);
  }

  private static Condition clients(RelayHub hub) {
    return hub.isLeaving()
        ? new Condition(false, "Draining: clients are told to move, none is taken in")
        : new Condition(true, "Ready: clients are taken in");
  }

  private static Condition store(RelayMessage.StoreState state) {
    return state.available()
        ? new Condition(true, "Store available")
        : new Condition(false, "Store unavailable: " + state.reason());
  }

  private static Condition load(Load.Level level) {
    return switch (level) {
      case NOTHING -> new Condition(true, "Nothing is left out");
      case PRESENCE -> new Condition(false, "Too much to do: carets of others come late");
      case KEYSTROKE_FREQUENCY ->
          new Condition(false, "Too much to do: clients gather keystrokes longer");
      case OPENINGS -> new Condition(false, "Too much to do: no more documents are opened");
    };
  }

  private static Condition budget(String name, Latency perceived, Latency here, Lately lately) {
    if (perceived.isOverBudget(lately)) {
      return new Condition(false, name + " are slower than their budget, as people perceive them");
    } else if (here.isOverBudget(lately)) {
      return new Condition(false, name + " are slower than their budget, in the relay");
    }
    boolean none = perceived.of(lately).count() + here.of(lately).count() == 0;
    return new Condition(
        true,
        none
            ? "No " + name.toLowerCase(Locale.ROOT) + " lately"
            : name + " are within their budget");
  }

  private static Condition room(Sample now) {
    if (isNearlyFull(now, "weft.connections.all", "weft.connections.limit")) {
      return new Condition(false, "Nearly as many connections as may be");
    } else if (isNearlyFull(now, "weft.documents.bytes", "weft.documents.limit.bytes")) {
      return new Condition(false, "Documents take nearly as much memory as they may");
    } else if (isNearlyFull(
        now, "weft.store.unwritten.bytes", "weft.store.unwritten.limit.bytes")) {
      return new Condition(false, "Nearly as much waits for the store as may");
    }
    return new Condition(true, "There is room for more");
  }

  private static boolean isNearlyFull(Sample now, String used, String limit) {
    return now.value(used) >= NEARLY_FULL * now.value(limit);
  }
}
