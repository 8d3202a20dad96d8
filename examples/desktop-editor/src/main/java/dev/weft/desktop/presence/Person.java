package dev.weft.desktop.presence;

import dev.weft.client.Participant;
import dev.weft.crdt.ReplicaId;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else who is here, fit to be shown. Immutable.
 *
 * @param participant as last heard
 * @param name what to call the person, fit to be shown, and nobody else here
 * @param color {@code 0xRRGGBB}, in which nobody else here is shown as long as colors last
 * @param movedAtNanos when the person moved last, by this side's clock
 * @param goneAtNanos when the person was last known to be here, by the same; null while that is now
 */
record Person(
    Participant participant,
    String name,
    int color,
    long movedAtNanos,
    @Nullable Long goneAtNanos) {
  /** Who has not moved for so long fades. */
  static final Duration IDLE_AFTER = Duration.ofSeconds(60);

  /** So long after a move a flag tells whose caret it is. */
  static final Duration FLAGGED_FOR = Duration.ofMillis(2_500);

  /** So long after somebody has gone the caret is still seen, faded: no glance meets a gap. */
  static final Duration FADES_FOR = Duration.ofSeconds(3);

  static Person of(Participant participant, long nowNanos) {
    return new Person(
        participant,
        PersonName.of(participant.name()),
        participant.color(),
        nowNanos - participant.idleFor().toNanos(),
        null);
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

  /** Returns the name that the person chose, fit to be shown; another's may be equal. */
  String chosenName() {
    return PersonName.of(participant.name());
  }

  /** Returns under which id the person says to write; nothing if that is not said. */
  Optional<ReplicaId> writesAs() {
    return WritesAs.of(participant.extension());
  }

  /** Returns the same person, called and shown so. */
  Person as(String newName, int newColor) {
    return name.equals(newName) && color == newColor
        ? this
        : new Person(participant, newName, newColor, movedAtNanos, goneAtNanos);
  }

  /** Returns the same person, who has gone now. */
  Person gone(long nowNanos) {
    return new Person(participant, name, color, movedAtNanos, nowNanos);
  }

  /** Returns whether nothing of a person who has gone is to be seen any more. */
  boolean hasFaded(long nowNanos) {
    return goneAtNanos != null && nowNanos - goneAtNanos >= FADES_FOR.toNanos();
  }

  /** Returns whether the person is to be seen less than others. */
  boolean isFaded(long nowNanos) {
    return goneAtNanos != null || isIdle(nowNanos);
  }

  boolean movedJustNow(long nowNanos) {
    return goneAtNanos == null && idleFor(nowNanos).compareTo(FLAGGED_FOR) < 0;
  }
}
