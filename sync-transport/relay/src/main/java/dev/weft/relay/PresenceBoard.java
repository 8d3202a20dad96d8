package dev.weft.relay;

import dev.weft.protocol.Presence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Who is where in one document, as far as was said and has not expired. Bounded by the channels and
 * the participants that each may show. Confined to the document's worker.
 */
final class PresenceBoard {
  private final int maxOfChannel;
  private final Map<Long, Shown> shown = new HashMap<>();

  PresenceBoard(int maxOfChannel) {
    this.maxOfChannel = maxOfChannel;
  }

  private record Shown(Channel channel, Presence presence, long untilNanos) {}

  /**
   * Takes note of what a channel says of a participant.
   *
   * @param presence its clock has a successor, with which {@link #leave} takes it back
   * @return whether the others are to hear of it: it is news, and the channel's to tell
   */
  boolean update(Channel channel, Presence presence, long nowNanos) {
    long participant = presence.participant();
    Shown before = shown.get(participant);
    boolean known = before != null && before.untilNanos - nowNanos > 0;
    if (before != null && known && presence.clock() <= before.presence.clock()) {
      return false;
    }
    // A client that has come back on another connection takes its participant along.
    if ((before == null || before.channel != channel) && count(channel) >= maxOfChannel) {
      return false;
    }
    if (presence.gone()) {
      shown.remove(participant);
      return before != null;
    }
    int millis =
        presence.expiresAfterMillis() == 0
            ? Presence.DEFAULT_EXPIRY_MILLIS
            : presence.expiresAfterMillis();
    shown.put(participant, new Shown(channel, presence, nowNanos + millis * 1_000_000L));
    return true;
  }

  private long count(Channel channel) {
    return shown.values().stream().filter(each -> each.channel == channel).count();
  }

  /** Returns what is shown by other channels than {@code channel}. Forgets what has expired. */
  List<Presence> shownTo(Channel channel, long nowNanos) {
    shown.values().removeIf(each -> each.untilNanos - nowNanos <= 0);
    List<Presence> others = new ArrayList<>();
    for (Shown each : shown.values()) {
      if (each.channel != channel) {
        others.add(each.presence);
      }
    }
    return others;
  }

  /** Forgets a channel's participants, and returns what the others are to hear. */
  List<Presence> leave(Channel channel) {
    List<Presence> gone = new ArrayList<>();
    for (Iterator<Shown> each = shown.values().iterator(); each.hasNext(); ) {
      Shown candidate = each.next();
      if (candidate.channel == channel) {
        each.remove();
        Presence last = candidate.presence;
        gone.add(Presence.gone(last.channel(), last.participant(), last.clock() + 1));
      }
    }
    return gone;
  }
}
