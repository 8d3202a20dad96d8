package dev.weft.client;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Refusal;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the loop knows of one text, published for other threads to make a status of: together with
 * the text's version, read under its lock, and the time. Immutable.
 *
 * @param hasRelay whether the client has a relay at all
 * @param connection how the text stands with the relay
 * @param reason why, for a person, or empty
 * @param saving whether a save is under way
 * @param refusal what was refused for good, or null
 * @param degradations what works less well than it should
 * @param storeProblem why the store cannot be written, or what is wrong with it; empty if all is
 *     well
 * @param deadLetters how many dead letters the store keeps of the text
 * @param durable what the relay is known to hold durably
 * @param stored what the store has
 * @param flushed what of that survives a crash of this machine
 */
record View(
    boolean hasRelay,
    Connection connection,
    String reason,
    boolean saving,
    @Nullable Refusal refusal,
    Set<Degradation> degradations,
    String storeProblem,
    int deadLetters,
    VersionVector durable,
    VersionVector stored,
    VersionVector flushed) {

  /** Returns the view of a text just opened, of which the loop has not told anything yet. */
  static View ofUnconnected(StoredText text, boolean hasRelay) {
    return new View(
        hasRelay,
        Connection.OFFLINE,
        hasRelay ? "just opened" : Session.NO_RELAY,
        !text.pendingSaves().isEmpty(),
        DeadLetters.refusalOf(text.deadLetters()),
        Set.of(),
        "",
        text.deadLetters().size(),
        text.relayDurable(),
        text.version(),
        text.version());
  }

  /**
   * Returns what is as safe as a text can be here: on the relay, or where there is none, flushed.
   */
  VersionVector safe() {
    return hasRelay ? durable : flushed;
  }

  /**
   * Returns the status.
   *
   * @param nextAttempt how soon the client tries again to connect; null if it does not wait for
   *     that
   * @param sinceHeard how long ago the last sign of life was asked for that has come; null if none
   * @param stale whether that is too long
   */
  SyncStatus at(
      LocalCopy.Standing standing,
      @Nullable Duration nextAttempt,
      @Nullable Duration sinceHeard,
      boolean stale) {
    VersionVector version = standing.version();
    long unsafe = version.eventsSince(safe());
    Saves saves;
    if (refusal != null) {
      saves = Saves.REFUSED;
    } else if (saving) {
      saves = Saves.SAVING;
    } else {
      saves = unsafe == 0 ? Saves.SAVED : Saves.UNSAVED;
    }
    return new SyncStatus(
        connection,
        reason,
        connection == Connection.OFFLINE ? nextAttempt : null,
        stale ? Freshness.STALE : Freshness.FRESH,
        sinceHeard,
        saves,
        saves == Saves.SAVED && !version.isEmpty() ? savedAs() : null,
        refusal,
        degradations,
        storeProblem,
        deadLetters,
        version.eventsSince(stored),
        hasRelay ? version.eventsSince(standing.taken()) : 0,
        unsafe);
  }

  private Guarantee savedAs() {
    return hasRelay ? Guarantee.FSYNCED : Guarantee.DEVICE;
  }
}
