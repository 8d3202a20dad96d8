package dev.weft.client;

import dev.weft.protocol.Refusal;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where one text stands, at the moment it was asked: what reaches the relay, how old the picture
 * is, and what is safe where. Derived from version vectors and the monotonic clock alone, never
 * from counters that could drift, and never better than what is known: a change counts as unsent
 * until this connection took it, and as undurable until the relay said that it is safe. Immutable.
 *
 * <p>Changes are counted in units of work: one for each inserted or deleted UTF-16 unit.
 *
 * @param connection how the text stands with the relay
 * @param reason why it is offline, draining or refused, what connecting waits for, or why the relay
 *     does not open the text for now, for a person; empty where there is nothing to say
 * @param nextAttempt how soon the client tries again by itself to connect, never negative; null
 *     where it is not waiting for that
 * @param freshness whether what is shown is recent enough
 * @param sinceHeard how long ago the relay was asked for the last sign of life that has come, with
 *     all that came before it; null if none has
 * @param saves whether what the text holds is safe
 * @param savedAs how safe it is at least, where {@code saves} is {@link Saves#SAVED}; null where it
 *     is not, and where nobody has written anything, so that nothing is to be safe
 * @param refusal what was refused and why, where something is; else null
 * @param degradations what works less well than it should
 * @param storeProblem why this device's store cannot be written, or what is wrong with it, for a
 *     person; empty if all is well
 * @param deadLetters how many {@linkplain SharedText#deadLetters dead letters} the store keeps of
 *     the text
 * @param unstoredChanges how many changes this device's store does not hold yet
 * @param unsentChanges how many changes of the text were neither sent on this connection nor are
 *     known to be at the relay; while offline: how many wait on this device
 * @param undurableChanges how many changes of the text, whoever made them, the relay is not known
 *     to hold durably
 */
public record SyncStatus(
    Connection connection,
    String reason,
    @Nullable Duration nextAttempt,
    Freshness freshness,
    @Nullable Duration sinceHeard,
    Saves saves,
    @Nullable Guarantee savedAs,
    @Nullable Refusal refusal,
    Set<Degradation> degradations,
    String storeProblem,
    int deadLetters,
    long unstoredChanges,
    long unsentChanges,
    long undurableChanges) {

  /** Creates a status with a copy of the set. */
  public SyncStatus {
    degradations = Set.copyOf(degradations);
  }

  /** How a text stands with the relay. */
  public enum Connection {
    /** There is no connection; edits wait on this device. */
    OFFLINE,
    /** A connection is being made. */
    CONNECTING,
    /** Connected; what others wrote in the meantime is still coming. */
    CATCHING_UP,
    /** Edits go both ways. */
    LIVE,
    /** Edits still go both ways, but the relay is about to stop. */
    DRAINING,
    /** The relay refuses this client or this text, and trying again by itself would not help. */
    REFUSED
  }

  /**
   * Whether the relay has given a sign of life that was asked for within the bound that the
   * embedder set.
   */
  public enum Freshness {
    /** What others did until {@link SyncStatus#sinceHeard} ago is shown, in a text in step. */
    FRESH,
    /**
     * Others may have written in the meantime, and what they wrote may be on its way behind what
     * takes long to come; so too where the relay was never heard. It stays so until answers come
     * soon enough for what is shown to stay fresh from one to the next.
     */
    STALE
  }

  /** Whether what the text holds is safe. */
  public enum Saves {
    /** All of it is. */
    SAVED,
    /**
     * Not all of it, and no save is under way. Edits become safe by themselves a little later;
     * where there is no relay, once they are saved or the text is closed.
     */
    UNSAVED,
    /** A save is under way: it is retried until it is acknowledged or refused. */
    SAVING,
    /** The relay refused, for good, something of this text: {@link SyncStatus#refusal}. */
    REFUSED
  }

  /** What works less well than it should. */
  public enum Degradation {
    /** The relay asks for fewer messages: edits are gathered longer. */
    THROTTLED,
    /** No WebSocket can be had: the relay is asked for news, which come a little later. */
    POLLING,
    /** This device's store cannot be written: what is not sent would not survive a crash. */
    STORE_UNAVAILABLE,
    /**
     * The relay's store does not confirm what it is given: edits reach the others as ever, and are
     * not safe at the relay; saves wait, or are refused and tried again.
     */
    RELAY_STORE_UNAVAILABLE,
    /** The relay lets this client read only. */
    READ_ONLY,
    /** Nearly as much waits for the relay as may: soon edits are refused. */
    OUTBOX_NEARLY_FULL,
    /** As much waits for the relay as may: edits are refused until it has taken some. */
    OUTBOX_FULL
  }

  /**
   * Returns whether this says the same as {@code other}, aside from the time since the relay was
   * heard and the time until the next attempt.
   */
  boolean saysTheSameAs(SyncStatus other) {
    return connection == other.connection
        && reason.equals(other.reason)
        && freshness == other.freshness
        && saves == other.saves
        && Objects.equals(savedAs, other.savedAs)
        && Objects.equals(refusal, other.refusal)
        && degradations.equals(other.degradations)
        && storeProblem.equals(other.storeProblem)
        && deadLetters == other.deadLetters
        && unstoredChanges == other.unstoredChanges
        && unsentChanges == other.unsentChanges
        && undurableChanges == other.undurableChanges;
  }

  /**
   * Returns one sentence for a person, without a full stop: "live, saved on the relay (FSYNCED)",
   * or "offline (connection refused), 3 changes waiting on this device".
   */
  public String describe() {
    StringBuilder text = new StringBuilder(describeConnection());
    if (isConnected() && freshness == Freshness.STALE) {
      text.append(", stale: may be ");
      text.append(sinceHeard == null ? "" : sinceHeard.toSeconds() + " s ").append("behind");
    }
    text.append(", ").append(describeSaves());
    if (degradations.contains(Degradation.READ_ONLY)) {
      text.append(", read-only");
    }
    if (degradations.contains(Degradation.POLLING)) {
      text.append(", by polling");
    }
    if (degradations.contains(Degradation.THROTTLED)) {
      text.append(", slowed down by the relay");
    }
    if (degradations.contains(Degradation.RELAY_STORE_UNAVAILABLE)) {
      text.append(", the relay cannot store at the moment");
    }
    if (degradations.contains(Degradation.STORE_UNAVAILABLE)) {
      text.append(", ").append(changes(unstoredChanges)).append(" not stored on this device");
      text.append(" (").append(storeProblem).append(')');
    }
    if (degradations.contains(Degradation.OUTBOX_FULL)) {
      text.append(", the outbox is full: edits are refused");
    } else if (degradations.contains(Degradation.OUTBOX_NEARLY_FULL)) {
      text.append(", the outbox is nearly full");
    }
    if (deadLetters > 0) {
      text.append(", ").append(deadLetters);
      text.append(deadLetters == 1 ? " dead letter" : " dead letters");
    }
    return text.toString();
  }

  private String describeConnection() {
    String name =
        switch (connection) {
          case OFFLINE -> "offline";
          case CONNECTING -> "connecting";
          case CATCHING_UP -> "catching up";
          case LIVE -> "live";
          case DRAINING -> "live, but the relay is about to stop";
          case REFUSED -> "refused";
        };
    return reason.isEmpty() ? name : name + " (" + reason + ")";
  }

  private String describeSaves() {
    return switch (saves) {
      case SAVED -> describeSaved();
      case SAVING ->
          (isConnected() || reason.equals(Session.NO_RELAY)
                  ? "saving"
                  : "a save waits for the relay")
              + describeWaiting();
      case UNSAVED ->
          unsentChanges == 0
              ? changes(undurableChanges) + " not saved yet"
              : changes(unsentChanges) + " waiting on this device";
      case REFUSED ->
          undurableChanges == 0
              ? "nothing waits to be saved" + (reason.isEmpty() ? ": " + describeRefusal() : "")
              : "not saved: "
                  + describeRefusal()
                  + ", "
                  + changes(undurableChanges)
                  + " kept on this device";
    };
  }

  private String describeWaiting() {
    return unsentChanges == 0 ? "" : ", " + changes(unsentChanges) + " waiting on this device";
  }

  private boolean isConnected() {
    return connection == Connection.CATCHING_UP
        || connection == Connection.LIVE
        || connection == Connection.DRAINING;
  }

  private String describeRefusal() {
    return refusal == null ? "refused" : refusal.reason() + " (" + refusal.code() + ")";
  }

  private String describeSaved() {
    if (savedAs == null) {
      return "nothing to save";
    }
    return savedAs.level() == Guarantee.Level.DEVICE
        ? "saved on this device"
        : "saved on the relay (" + savedAs + ")";
  }

  private static String changes(long count) {
    return count == 1 ? "1 change" : count + " changes";
  }
}
