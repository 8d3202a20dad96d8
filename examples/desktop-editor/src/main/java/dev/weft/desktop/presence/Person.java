package dev.weft.desktop.presence;

import dev.weft.client.Participant;
import java.time.Duration;

/**
 * Somebody else who is here, fit to be shown. Immutable.
 *
 * @param participant as last heard
 * @param name what to call the person, fit to be shown
 * @param movedAtNanos when the person moved last, by this side's clock
 */
record Person(Participant participant, String name, long movedAtNanos) {
  /** Who has not moved for so long fades. */
  static final Duration IDLE_AFTER = Duration.ofSeconds(60);

  /** So long after a move a flag tells whose caret it is. */
  static final Duration FLAGGED_FOR = Duration.ofMillis(2_500);

  static Person of(Participant participant, long nowNanos) {
    return new Person(
        participant, PersonName.of(participant.name()), nowNanos - participant.idleFor().toNanos());
  }

  long id() {
    return participant.id();
  }

  Duration idleFor(long nowNanos) {
    return Duration.ofNanos(Math.max(0, nowNanos - movedAtNanos));
  }

  boolean isIdle(long nowNanos) {
    return idleFor(nowNanos).compareTo(IDLE_AFTER) >= 0;
  }

  boolean movedJustNow(long nowNanos) {
    return idleFor(nowNanos).compareTo(FLAGGED_FOR) < 0;
  }
}
