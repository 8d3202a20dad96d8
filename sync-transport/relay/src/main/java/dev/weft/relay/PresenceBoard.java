package dev.weft.relay;

import dev.weft.protocol.Presence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is where in one document, as far as was said and has not expired; tells its channels. Bounded
 * by the channels and the participants that each may show. Confined to the document's worker.
 *
 * <p>Who is shown by a request stays when that has ended, for a bounded time, and as one of a
 * bounded number: the client will come again.
 */
final class PresenceBoard {
  private static final int MAX_LEFT_BEHIND = 256;
  private static final int MAX_LEFT_BEHIND_MILLIS = 120_000;

  private final Collection<Channel> channels;
  private final int maxOfChannel;
  private final Map<Long, Shown> shown = new HashMap<>();

  /**
   * Creates an empty board.
   *
   * @param channels the document's, which hear of each other's participants
   */
  PresenceBoard(Collection<Channel> channels, int maxOfChannel) {
    this.channels = channels;
    this.maxOfChannel = maxOfChannel;
  }

  /** A participant, and the channel that showed it; null for that of a request that has ended. */
  private record Shown(@Nullable Channel channel, Presence presence, long untilNanos) {}

  /** A channel's client shows somebody: the other channels hear of it if it is news. */
  void show(Channel channel, Presence shown, long nowNanos) {
    Presence bounded = bounded(channel, shown);
    if (update(channel, bounded, nowNanos)) {
      tellOthers(channel, bounded);
    }
  }

  private void tellOthers(Channel from, Presence news) {
    for (Channel channel : channels) {
      // A request is told at its end.
      if (channel != from && !channel.isPolled()) {
        tell(channel, news);
      }
    }
  }

  private static void tell(Channel channel, Presence news) {
    channel.queue().presence(channel.feed, news.onChannel(channel.number), news.participant());
  }

  /** Returns what a channel shows, for no longer than it may be shown. */
  private static Presence bounded(Channel channel, Presence presence) {
    if (!channel.isPolled() || presence.expiresAfterMillis() <= MAX_LEFT_BEHIND_MILLIS) {
      return presence;
    }
    return new Presence(
        presence.channel(),
        presence.participant(),
        presence.clock(),
        presence.gone(),
        MAX_LEFT_BEHIND_MILLIS,
        presence.name(),
        presence.color(),
        presence.selections(),
        presence.extension());
  }

  /**
   * Takes note of what a channel says of a participant.
   *
   * @param presence its clock has a successor, with which {@link #leave} takes it back
   * @return whether the others are to hear of it: it is news, and the channel's to tell
   */
  private boolean update(Channel channel, Presence presence, long nowNanos) {
    long participant = presence.participant();
    if (channel.isPolled() && channel.participants.size() < maxOfChannel) {
      channel.participants.add(participant);
    }
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

  private long count(@Nullable Channel channel) {
    return shown.values().stream().filter(each -> each.channel == channel).count();
  }

  /**
   * Tells a channel what others show, and a request, whom it has not shown itself. Forgets what has
   * expired.
   */
  void tell(Channel channel, long nowNanos) {
    forgetExpired(nowNanos);
    for (Shown each : shown.values()) {
      if (each.channel != channel && !channel.participants.contains(each.presence.participant())) {
        tell(channel, each.presence);
      }
    }
  }

  private void forgetExpired(long nowNanos) {
    shown.values().removeIf(each -> each.untilNanos - nowNanos <= 0);
  }

  /** Forgets a channel's participants, and tells the others. */
  void leave(Channel channel, long nowNanos) {
    if (channel.isPolled()) {
      forgetExpired(nowNanos);
    }
    List<Presence> gone = new ArrayList<>();
    long leftBehind = count(null);
    for (Map.Entry<Long, Shown> each : List.copyOf(shown.entrySet())) {
      Shown candidate = each.getValue();
      if (candidate.channel != channel) {
        continue;
      }
      if (channel.isPolled() && leftBehind < MAX_LEFT_BEHIND) {
        leftBehind++;
        shown.put(each.getKey(), new Shown(null, candidate.presence, candidate.untilNanos));
      } else {
        shown.remove(each.getKey());
        Presence last = candidate.presence;
        gone.add(Presence.gone(last.channel(), last.participant(), last.clock() + 1));
      }
    }
    gone.forEach(each -> tellOthers(channel, each));
  }
}
