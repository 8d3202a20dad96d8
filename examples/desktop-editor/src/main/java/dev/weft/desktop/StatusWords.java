package dev.weft.desktop;

import dev.weft.client.Guarantee;
import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.protocol.Refusal;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A status in the words of the status bar. Immutable.
 *
 * @param connection how the text stands with the relay
 * @param saves where it is safe
 * @param degradations what works less well than it should; often nothing
 * @param remedies what can be done about it, the most helpful first; often nothing
 * @param inTouch whether the relay is there to tell who else is here, and was heard of late
 */
record StatusWords(
    Phrase connection,
    Phrase saves,
    List<Phrase> degradations,
    List<Remedy> remedies,
    boolean inTouch) {

  private static final Set<Connection> IN_TOUCH =
      EnumSet.of(Connection.CATCHING_UP, Connection.LIVE, Connection.DRAINING);

  /**
   * A few words with their sign.
   *
   * @param sign the picture beside the words
   * @param text short enough for the status bar
   * @param explanation the same at length, and what can be done
   */
  record Phrase(StatusSign sign, String text, String explanation) {}

  /**
   * Puts a status in words.
   *
   * @param again whether the relay was tried before, since it was last connected to
   * @param savingFor how long the person has waited for the save under way; null if not for one
   */
  static StatusWords of(
      SyncStatus status, RelayUse use, boolean again, @Nullable Duration savingFor) {
    boolean hasRelay = use != RelayUse.NONE;
    return new StatusWords(
        connection(status, use, again),
        saves(status, hasRelay, savingFor),
        Stream.of(Degradation.values())
            .filter(status.degradations()::contains)
            .map(degradation -> degradation(degradation, status, hasRelay))
            .toList(),
        remedies(status, hasRelay, again),
        hasRelay
            && IN_TOUCH.contains(status.connection())
            && status.freshness() == Freshness.FRESH);
  }

  private static List<Remedy> remedies(SyncStatus status, boolean hasRelay, boolean again) {
    Set<Remedy> remedies = EnumSet.noneOf(Remedy.class);
    if (hasRelay && isOffline(status, again)) {
      remedies.add(Remedy.CONNECT);
    }
    if (status.connection() == Connection.REFUSED) {
      remedies.addAll(EnumSet.of(Remedy.SIGN_IN, Remedy.CONNECT));
    }
    if (isSomethingRefused(status)) {
      remedies.add(status.deadLetters() > 0 ? Remedy.SHOW_REFUSED : Remedy.SAVE_AGAIN);
      remedies.add(Remedy.EXPORT);
    }
    if (status.deadLetters() > 0) {
      remedies.add(Remedy.SHOW_REFUSED);
    }
    if (status.degradations().contains(Degradation.STORE_UNAVAILABLE)) {
      remedies.add(Remedy.EXPORT);
    }
    if (status.degradations().contains(Degradation.READ_ONLY)) {
      remedies.add(Remedy.SIGN_IN);
    }
    return List.copyOf(remedies);
  }

  /** Returns everything there is to say, one sentence or more for each phrase. */
  String explanation() {
    StringBuilder all = new StringBuilder();
    Stream.concat(Stream.of(connection, saves), degradations.stream())
        .forEach(
            phrase ->
                all.append(all.isEmpty() ? "" : "\n\n")
                    .append(phrase.text)
                    .append(".\n")
                    .append(phrase.explanation));
    return all.toString();
  }

  // --- Connection ---

  private static Phrase withoutRelay(SyncStatus status) {
    return new Phrase(
        StatusSign.DEVICE,
        "On this device only",
        "No relay is set: nobody else sees this text, and "
            + (isStoring(status)
                ? "this device alone keeps it."
                : "nobody but this device could keep it."));
  }

  private static boolean isStoring(SyncStatus status) {
    return !status.degradations().contains(Degradation.STORE_UNAVAILABLE);
  }

  /** Says what becomes of what is written while nothing is sent. */
  private static String sentWhen(String then, SyncStatus status) {
    return isStoring(status)
        ? " What you write is kept on this device and sent " + then + "."
        : " What you write is sent "
            + then
            + "; until then this device cannot be relied on to keep it.";
  }

  private static Phrase connection(SyncStatus status, RelayUse use, boolean again) {
    return switch (use) {
      case NONE -> withoutRelay(status);
      case NOT_NOW ->
          status.connection() == Connection.OFFLINE
              ? offlineByChoice(status)
              : connection(status, again);
      case WANTED -> connection(status, again);
    };
  }

  /**
   * Returns whether a person is told that the document is offline: an attempt to connect that is
   * one of many changes nothing about that, and neither words nor buttons are to go with each.
   */
  private static boolean isOffline(SyncStatus status, boolean again) {
    return status.connection() == Connection.OFFLINE
        || (status.connection() == Connection.CONNECTING && again);
  }

  private static Phrase offlineByChoice(SyncStatus status) {
    return new Phrase(
        StatusSign.OFFLINE,
        "Working offline" + waiting(status),
        "You chose to work offline." + sentWhen("once you choose Connection, Connect Now", status));
  }

  private static Phrase connection(SyncStatus status, boolean again) {
    return switch (status.connection()) {
      case OFFLINE ->
          new Phrase(
              StatusSign.OFFLINE,
              "Offline" + waiting(status) + nextAttempt(status),
              because("Not connected to the relay", status.reason())
                  + sentWhen("when the connection is back", status));
      case CONNECTING ->
          new Phrase(
              again ? StatusSign.OFFLINE : StatusSign.UNDER_WAY,
              (again ? "Offline" : "Connecting") + waiting(status) + (again ? ", connecting" : ""),
              because("Connecting to the relay", status.reason())
                  + sentWhen("when the connection is there", status));
      case CATCHING_UP -> catchingUp(status);
      case LIVE -> status.freshness() == Freshness.FRESH ? live(status) : stale(status);
      case DRAINING ->
          new Phrase(
              StatusSign.WARNING,
              "Connected, the relay is about to stop",
              because("The relay is about to stop", status.reason())
                  + " The editor connects again by itself."
                  + (status.freshness() == Freshness.FRESH ? "" : " " + behind(status)));
      case REFUSED ->
          new Phrase(
              StatusSign.REFUSED,
              "Refused by the relay",
              whyRefused(status)
                  + (isStoring(status) ? " What you write is kept on this device." : "")
                  + " Choose Connection, Sign In to give it another token, or Connect Now to ask it"
                  + " again.");
    };
  }

  /** Returns why the relay lets nobody in by this editor, where it does not. */
  static String whyRefused(SyncStatus status) {
    return because("The relay refuses this editor", status.reason());
  }

  /** Returns why the relay has not been reached, where it never has. */
  static String whyUnreached(SyncStatus status, @Nullable URI relay) {
    return because("Not connected yet to " + relay, status.reason())
        + " The editor goes on trying. If that is not the relay's address, close the editor and open"
        + " it with the right one.";
  }

  private static Phrase live(SyncStatus status) {
    return new Phrase(
        StatusSign.CONNECTED,
        "Connected",
        isReadOnly(status)
            ? "What others write is shown here as they write it."
            : "What you and others write goes both ways.");
  }

  private static boolean isReadOnly(SyncStatus status) {
    return status.degradations().contains(Degradation.READ_ONLY);
  }

  private static Phrase stale(SyncStatus status) {
    Duration since = status.sinceHeard();
    return new Phrase(
        StatusSign.WARNING,
        "Connected, may be " + (since == null ? "" : since.toSeconds() + " s ") + "behind",
        behind(status));
  }

  private static Phrase catchingUp(SyncStatus status) {
    Duration since = status.sinceHeard();
    String coming = "What others wrote in the meantime is still coming.";
    return since == null || status.freshness() == Freshness.FRESH
        ? new Phrase(StatusSign.UNDER_WAY, "Connected, catching up", coming)
        : new Phrase(
            StatusSign.WARNING,
            "Connected, catching up slowly (" + since.toSeconds() + " s)",
            coming + " " + behind(status));
  }

  /** Not that nothing was heard: what comes may be the first of much that is late. */
  private static String behind(SyncStatus status) {
    Duration since = status.sinceHeard();
    return since == null
        ? "Others may have written what is not shown here: the relay has not given a sign of life"
            + " yet."
        : "What others wrote in the last "
            + since.toSeconds()
            + " s may not be shown here: so long ago was the relay asked for the last sign of life"
            + " that has come.";
  }

  private static String nextAttempt(SyncStatus status) {
    return status.nextAttempt() == null
        ? ""
        // Never sooner than it is.
        : ", next attempt in " + status.nextAttempt().plusMillis(999).toSeconds() + " s";
  }

  private static String waiting(SyncStatus status) {
    return status.unsentChanges() == 0 ? "" : ", " + changes(status.unsentChanges()) + " waiting";
  }

  // --- Saves ---

  private static Phrase saves(SyncStatus status, boolean hasRelay, @Nullable Duration savingFor) {
    return switch (status.saves()) {
      case SAVED -> saved(status.savedAs());
      case UNSAVED ->
          new Phrase(
              StatusSign.UNSAVED,
              changes(status.undurableChanges()) + " not saved yet",
              kept(status, hasRelay) + " Choose File, Save to be told when all is safe.");
      case SAVING -> saving(status, hasRelay, savingFor);
      case REFUSED -> isSomethingRefused(status) ? refused(status, hasRelay) : nothingWaits(status);
    };
  }

  /** Whoever is not let in may have saved all before. */
  private static boolean isSomethingRefused(SyncStatus status) {
    return status.saves() == Saves.REFUSED && status.undurableChanges() > 0;
  }

  private static Phrase nothingWaits(SyncStatus status) {
    return new Phrase(
        StatusSign.NOTHING,
        "Nothing waits to be saved",
        "The relay is known to have all of it. "
            + because("It would not take what you write now", reason(status.refusal())));
  }

  private static Phrase refused(SyncStatus status, boolean hasRelay) {
    return new Phrase(
        StatusSign.REFUSED,
        "Not saved: refused",
        because("The save was refused", reason(status.refusal()))
            + " "
            + kept(status, hasRelay)
            + (isReadOnly(status)
                ? " To have it saved, sign in as somebody who may write; to keep it in any"
                    + " case, export it."
                : " Choose File, Save to try again."));
  }

  private static Phrase nothing() {
    return new Phrase(
        StatusSign.NOTHING, "Nothing written yet", "Nothing is known here that could be saved.");
  }

  private static Phrase saved(@Nullable Guarantee guarantee) {
    if (guarantee == null) {
      return nothing();
    }
    if (guarantee.level() == Guarantee.Level.DEVICE) {
      return new Phrase(
          StatusSign.SAVED,
          "Saved on this device",
          "All of it is on this device's disk: it survives a crash of the device, not its loss.");
    }
    return new Phrase(
        StatusSign.SAVED,
        "Saved on the relay, " + Guarantees.briefly(guarantee),
        "All of it is " + Guarantees.inWords(guarantee) + ".");
  }

  private static Phrase saving(SyncStatus status, boolean hasRelay, @Nullable Duration savingFor) {
    boolean reachable =
        !hasRelay
            || status.connection() == Connection.LIVE
            || status.connection() == Connection.DRAINING;
    long seconds = savingFor == null ? 0 : savingFor.toSeconds();
    return new Phrase(
        StatusSign.UNDER_WAY,
        (reachable ? "Saving, not confirmed yet" : "Save waits for the relay")
            + (seconds < 2 ? "" : " (" + seconds + " s)"),
        (reachable
                ? "The save is under way. "
                : "The save goes on when the relay is reached, after a restart too. ")
            + kept(status, hasRelay));
  }

  /** What the relay has was sent to it, or comes from it: it would come again. */
  private static long endangered(SyncStatus status, boolean hasRelay) {
    return hasRelay
        ? Math.min(status.unstoredChanges(), status.unsentChanges())
        : status.unstoredChanges();
  }

  private static String kept(SyncStatus status, boolean hasRelay) {
    long endangered = endangered(status, hasRelay);
    if (endangered > 0) {
      return changes(endangered) + " would not survive a crash of the editor.";
    }
    if (status.undurableChanges() == 0) {
      return hasRelay
          ? "The relay is known to have all of it."
          : "All of it is known to be on this device's disk.";
    }
    if (status.unstoredChanges() > 0) {
      return changesAre(status.undurableChanges())
          + " not known to be safe on the relay, and "
          + changesAre(status.unstoredChanges())
          + " not on this device's disk yet; the relay has been sent them.";
    }
    return changesAre(status.undurableChanges())
        + (hasRelay
            ? " stored on this device but not known to be safe on the relay."
            : " stored on this device but not known to survive a crash of it.");
  }

  /** Returns why something was refused, without a full stop; nothing if that is not known. */
  static String reason(@Nullable Refusal refusal) {
    return refusal == null ? "" : unstopped(refusal.reason()) + " (" + refusal.code() + ")";
  }

  // --- Degradations ---

  private static Phrase degradation(Degradation degradation, SyncStatus status, boolean hasRelay) {
    return switch (degradation) {
      case THROTTLED ->
          new Phrase(
              StatusSign.WARNING,
              "Slowed down",
              "The relay asks for fewer messages: what you write reaches others a little later.");
      case POLLING ->
          new Phrase(
              StatusSign.WARNING,
              "Asking for news",
              "Something between here and the relay lets no lasting connection pass: what others"
                  + " write comes a little later.");
      case RELAY_STORE_UNAVAILABLE ->
          new Phrase(
              StatusSign.WARNING,
              "The relay cannot store",
              "What you write reaches the others"
                  + (isStoring(status) ? " and is kept on this device" : "")
                  + "; the relay cannot save it at the moment, and tries again by itself.");
      case STORE_UNAVAILABLE ->
          new Phrase(
              StatusSign.WARNING,
              "This device cannot store",
              because(notStored(status, hasRelay), status.storeProblem()));
      case READ_ONLY ->
          new Phrase(
              StatusSign.WARNING,
              "Read-only",
              "You may read this text and not edit it."
                  + (isStoring(status)
                      ? " What you wrote before that was known stays on this device."
                      : ""));
      case OUTBOX_NEARLY_FULL ->
          new Phrase(
              StatusSign.WARNING,
              "Outbox nearly full",
              changesAre(status.unsentChanges())
                  + " waiting to be sent, nearly as many as may: connect, or soon nothing more is"
                  + " taken.");
      case OUTBOX_FULL ->
          new Phrase(
              StatusSign.WARNING,
              "Outbox full",
              "As much waits to be sent as may: "
                  + (isStoring(status) ? "nothing is lost, and " : "")
                  + "nothing more is taken until the relay has some of it.");
    };
  }

  private static String notStored(SyncStatus status, boolean hasRelay) {
    long endangered = endangered(status, hasRelay);
    if (endangered > 0) {
      return changes(endangered) + " would not survive a crash of the editor";
    }
    return status.unstoredChanges() == 0
        ? "All that was written until now is stored on this device, but not all is well with its"
            + " store"
        : changesAre(status.unstoredChanges())
            + " kept nowhere but at the relay, if they were not lost on the way there";
  }

  // --- Words ---

  static String changes(long count) {
    return count == 1 ? "1 change" : String.format(Locale.ENGLISH, "%,d changes", count);
  }

  static String changesAre(long count) {
    return changes(count) + (count == 1 ? " is" : " are");
  }

  private static String because(String what, String reason) {
    return reason.isEmpty() ? what + "." : what + ": " + unstopped(reason) + ".";
  }

  /** A reason may be a sentence or the beginning of one. */
  private static String unstopped(String reason) {
    return reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason;
  }
}
