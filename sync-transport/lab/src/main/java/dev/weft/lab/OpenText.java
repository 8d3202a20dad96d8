package dev.weft.lab;

import dev.weft.client.ClientProcess;
import dev.weft.client.Guarantee;
import dev.weft.client.Participant;
import dev.weft.client.SharedText;
import dev.weft.client.SharedUndo;
import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.crdt.EventId;
import dev.weft.crdt.Subscription;
import dev.weft.crdt.VersionVector;
import dev.weft.lab.Tally.Event;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.store.DeadLetter;
import dev.weft.store.DocumentId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text that is open on a device: holds what it shows, and what its listeners are told, to what is
 * so. Confined to the simulation's thread.
 */
final class OpenText {
  /** How long it may take, beside the bound, that what one saves is shown to the others. */
  private static final long IN_STEP_WITHIN_NANOS = Duration.ofSeconds(8).toNanos();

  /** How soon who listens hears of a status that stays. */
  private static final long TOLD_WITHIN_NANOS = Duration.ofSeconds(1).toNanos();

  final SharedText text;
  final SharedUndo undo;
  private final World world;
  private final Device device;
  private final SavesOfText saves;
  private @Nullable SyncStatus told;
  private boolean closed;
  private long disturbedAtNanos;

  /** What nobody was told when it was seen first, and stays so. */
  private @Nullable SyncStatus untold;

  private long untoldSinceNanos;

  OpenText(World world, Device device, SharedText text) {
    this.world = world;
    this.device = device;
    this.text = text;
    this.undo = text.undoHistory(steps -> steps);
    this.saves = new SavesOfText(world, device, text);
    text.presence().show(device.toString(), device.toString().hashCode() & 0xffffff);
    if (device.isRolledBack()) {
      long next = text.version().next(text.replica());
      world.namesakes().add(text.documentId(), new EventId(text.replica(), next));
    }
    Subscription unused =
        text.onStatus(
            status -> {
              told = status;
              if (status.connection() != Connection.LIVE) {
                disturbedAtNanos = world.time().nanos();
              }
              check();
            });
    requireLetters();
  }

  /** Requires that the dead letters of an earlier run are there. */
  private void requireLetters() {
    if (device.disk().isRotten()) {
      return;
    }
    List<Long> kept = device.store().keptLetters(text.documentId());
    List<Long> letters = text.deadLetters().stream().map(DeadLetter::number).toList();
    if (!letters.equals(kept)) {
      throw new Falsehood(
          Promise.STORED_IS_KEPT, device + " opens with dead letters " + letters + " of " + kept);
    }
  }

  Device device() {
    return device;
  }

  /** Tells that it is being closed. */
  void isClosing() {
    closed = true;
  }

  boolean isOpen() {
    return !closed;
  }

  /** Whether it was not live at any time since then. */
  boolean wasDisturbedSince(long nanos) {
    return disturbedAtNanos - nanos > 0;
  }

  boolean shows(Degradation degradation) {
    return text.status().degradations().contains(degradation);
  }

  boolean isForked() {
    Refusal refusal = text.status().refusal();
    return (refusal != null && refusal.code().equals(Codes.FORKED_IDENTITY))
        || text.deadLetters().stream()
            .anyMatch(letter -> letter.code().equals(Codes.FORKED_IDENTITY));
  }

  /** Whether it is refused, or an edit of it, until somebody asks to try again. */
  boolean isRefused() {
    return text.status().connection() == Connection.REFUSED || !text.deadLetters().isEmpty();
  }

  /** Returns whom the text shows beside its own device. */
  List<String> shown() {
    return text.presence().others().stream().map(Participant::name).toList();
  }

  /** Saves, and holds whoever acknowledges that to it. */
  void save(@Nullable Guarantee atLeast, @Nullable Duration deadline) {
    saves.ask(atLeast, deadline);
  }

  /** Whether the store has no save that waits. */
  boolean keepsNoSave() {
    return device.store().pendingSaves(text.documentId()).isEmpty();
  }

  /** Requires that what the text says of itself is so. */
  void check() {
    if (!device.isOn()) {
      return;
    }
    SyncStatus status = text.status();
    world.tally().count(Event.STATUSES);
    if (shows(Degradation.RELAY_STORE_UNAVAILABLE)) {
      world.tally().count(Event.STORE_SHOWN);
    }
    requireSafe(status);
    requireFresh(status);
    requireTold(status);
    requireCaughtUp(status);
    saves.check(status);
  }

  /** Requires that what counts as safe somewhere is there. */
  private void requireSafe(SyncStatus status) {
    VersionVector version = text.version();
    DocumentId document = text.documentId();
    if (status.saves() == Saves.SAVED || status.undurableChanges() == 0) {
      requireHeld(world.vault().store().durable(document), version, status, "on the relay's disk");
    }
    if (status.unstoredChanges() == 0) {
      requireHeld(device.store().written(document), version, status, "in the device's store");
    }
  }

  private void requireHeld(
      VersionVector held, VersionVector version, SyncStatus status, String where) {
    if (!held.includes(version)) {
      throw new Falsehood(
          Promise.STATUS_IS_TRUE,
          "%s has %s of %s and shows %s, but %s is %s"
              .formatted(device, version, text.documentId(), status, where, held));
    }
  }

  /** Requires that what is shown as fresh has a sign of life, and what there was long ago. */
  private void requireFresh(SyncStatus status) {
    if (status.freshness() != Freshness.FRESH) {
      return;
    }
    long sinceSignNanos = device.port().sinceSignNanos();
    if (!device.isFrozen() && sinceSignNanos > Device.STALE_AFTER.toNanos()) {
      throw new Falsehood(
          Promise.FRESH_IS_FRESH,
          "%s shows %s, and the last sign of life was asked for %s ago"
              .formatted(device, status, Duration.ofNanos(sinceSignNanos)));
    }
    long now = world.time().nanos();
    Duration sinceHeard = status.sinceHeard();
    if (status.connection() == Connection.LIVE
        && sinceHeard != null
        && !device.isBusy()
        && now > device.awakeAtNanos()
        && now > world.relaysAwakeAtNanos()) {
      VersionVector then =
          world
              .vault()
              .durableAt(text.documentId(), now - sinceHeard.toNanos() - IN_STEP_WITHIN_NANOS);
      VersionVector version = text.version();
      if (!version.includes(then)) {
        throw new Falsehood(
            Promise.FRESH_IS_FRESH,
            "%s has %s of %s and shows %s, but long ago there was %s"
                .formatted(device, version, text.documentId(), status, then));
      }
    }
  }

  /** Requires that who has caught up is in step. */
  private void requireCaughtUp(SyncStatus status) {
    if (text.caughtUp().isDone()
        && !text.caughtUp().isCompletedExceptionally()
        && status.connection() != Connection.LIVE
        && status.connection() != Connection.DRAINING) {
      throw new Falsehood(
          Promise.CAUGHT_UP_IS_IN_STEP, device + " has caught up, and shows " + status);
    }
  }

  /** Requires that who listens hears soon of a status that stays. */
  private void requireTold(SyncStatus status) {
    long now = world.time().nanos();
    SyncStatus last = told;
    if (!device.listens() || (last != null && isToldBy(last, status))) {
      untold = null;
    } else if (untold == null || !ClientProcess.saySame(untold, status)) {
      untold = status;
      untoldSinceNanos = now;
    } else if (now - untoldSinceNanos > TOLD_WITHIN_NANOS) {
      throw new Falsehood(
          Promise.LISTENERS_ARE_TOLD,
          device + " was told " + last + " last, and is for long " + status);
    }
  }

  /**
   * Returns whether one status tells of another. How much is not stored while nothing can be is
   * counted anew when that is tried again.
   */
  private static boolean isToldBy(SyncStatus last, SyncStatus status) {
    return status.degradations().contains(Degradation.STORE_UNAVAILABLE)
        ? last.connection() == status.connection()
            && last.freshness() == status.freshness()
            && last.saves() == status.saves()
            && last.degradations().equals(status.degradations())
        : ClientProcess.saySame(last, status);
  }

  /** Returns whether who listens knows how it is. */
  boolean isTold() {
    return told != null && ClientProcess.saySame(told, text.status()) && saves.areTold();
  }

  /** Requires, once all is well and quiet, that nothing is left open. */
  void checkAtRest() {
    SyncStatus status = text.status();
    if (!isTold()) {
      throw new Falsehood(
          Promise.LISTENERS_ARE_TOLD,
          "%s was told %s last, and is %s; of its saves: %s"
              .formatted(device, told, status, saves));
    }
    if ((status.undurableChanges() == 0 && !text.unsavedRanges().isEmpty())
        || (status.unstoredChanges() == 0 && !text.unstoredRanges().isEmpty())) {
      throw new Falsehood(
          Promise.STATUS_IS_TRUE, device + " is " + status + " and shows places that are not safe");
    }
    saves.checkAtRest();
  }

  @Override
  public String toString() {
    String last = isTold() ? "" : ", was told " + told;
    return device + ": " + text.documentId() + " " + text.version() + " " + text.status() + last;
  }
}
