package dev.weft.lab;

import dev.weft.client.ClientProcess;
import dev.weft.client.Guarantee;
import dev.weft.client.Participant;
import dev.weft.client.SaveProgress;
import dev.weft.client.SaveReceipt;
import dev.weft.client.SaveRefusedException;
import dev.weft.client.SharedText;
import dev.weft.client.SharedUndo;
import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.client.Transport;
import dev.weft.crdt.EventId;
import dev.weft.crdt.Subscription;
import dev.weft.crdt.VersionVector;
import dev.weft.lab.Tally.Event;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.store.DeadLetter;
import dev.weft.store.DocumentId;
import dev.weft.store.PendingSave;
import dev.weft.store.RepairReport;
import dev.weft.store.StoreDamagedException;
import dev.weft.store.StoreException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A device of a person: a disk, a place in the network, a wall clock, and, while it is on, a
 * process that has texts open. Watches what the process says. Confined to the simulation's thread.
 */
final class Device {
  private static final URI RELAY = URI.create("ws://relay.example/v1/sync");
  static final Duration STALE_AFTER = Duration.ofSeconds(5);

  /** How long a device may take to store what is asked of it, while its disk is well. */
  private static final long STORED_WITHIN_NANOS = Duration.ofSeconds(5).toNanos();

  /** How long it may take, beside the bound, that what one saves is shown to the others. */
  private static final long IN_STEP_WITHIN_NANOS = Duration.ofSeconds(8).toNanos();

  /** How soon who listens hears of a status that stays. */
  private static final long TOLD_WITHIN_NANOS = Duration.ofSeconds(1).toNanos();

  private final World world;
  private final String name;
  private final Transport transport;
  private final Port port;
  private final Map<DocumentId, OpenText> texts = new LinkedHashMap<>();
  private Disk disk;
  private @Nullable Disk backup;
  private @Nullable Disk image;
  private @Nullable DiskStore store;
  private @Nullable ClientProcess process;
  private boolean frozen;
  private boolean busy;
  private boolean rejecting;
  private long frozenAtNanos;
  private long awakeAtNanos;
  private boolean closing;
  private boolean isRolledBack;

  /** Whether a document could not be opened. */
  private boolean isDamaged;

  private boolean owes;
  private boolean offline;
  private long clockAheadSeconds;
  private long tellsAtNanos;

  Device(World world, String name, Disk disk, Transport transport, boolean next) {
    this.world = world;
    this.name = name;
    this.disk = disk;
    this.transport = transport;
    this.port = new Port(world.network(), name, next);
  }

  /** A text that is open, and what is expected of it. */
  final class OpenText {
    final SharedText text;
    final SharedUndo undo;
    private final List<AskedSave> saves = new ArrayList<>();
    private @Nullable SyncStatus told;
    private boolean closed;
    private long disturbedAtNanos;

    /** What nobody was told when it was seen first, and stays so. */
    private @Nullable SyncStatus untold;

    private long untoldSinceNanos;

    /** Saves that were told to be pending and not what they came to. */
    private final Set<String> pendingIds = new LinkedHashSet<>();

    /** What those asked for that an earlier run left in the store. */
    private final Map<String, PendingSave> left = new HashMap<>();

    private OpenText(SharedText text) {
      this.text = text;
      this.undo = text.undoHistory(steps -> steps);
      text.presence().show(name, name.hashCode() & 0xffffff);
      if (isRolledBack) {
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
      Subscription unusedToo = text.onSave(this::progressed);
      requireLeft();
    }

    /** Requires that what an earlier run left is there. */
    private void requireLeft() {
      DocumentId document = text.documentId();
      if (disk.isRotten()) {
        return;
      }
      store().keptSaves(document).forEach(save -> left.put(save.saveId(), save));
      List<Long> letters = text.deadLetters().stream().map(DeadLetter::number).toList();
      if (!letters.equals(store().keptLetters(document))) {
        throw new Falsehood(
            Promise.STORED_IS_KEPT,
            Device.this
                + " opens with dead letters "
                + letters
                + " of "
                + store().keptLetters(document));
      }
    }

    /** A listener is told what a save came to, one of an earlier run perhaps. */
    private void progressed(SaveProgress progress) {
      if (progress.state() == SaveProgress.State.PENDING) {
        pendingIds.add(progress.saveId());
        return;
      }
      pendingIds.remove(progress.saveId());
      PendingSave asked = left.remove(progress.saveId());
      SaveReceipt receipt = progress.receipt();
      if (receipt == null) {
        return;
      }
      if (asked != null
          && (!receipt.version().includes(asked.version())
              || receipt.guarantee().copies() < asked.copies())) {
        throw new Falsehood(
            Promise.SAVE_IS_WHOLE, Device.this + " was left " + asked + " and got " + receipt);
      }
      if (receipt.guarantee().level() != Guarantee.Level.DEVICE) {
        world.vault().promised(text.documentId(), receipt.version());
      }
    }

    private boolean isForked() {
      Refusal refusal = text.status().refusal();
      return (refusal != null && refusal.code().equals(Codes.FORKED_IDENTITY))
          || text.deadLetters().stream()
              .anyMatch(letter -> letter.code().equals(Codes.FORKED_IDENTITY));
    }

    /** Whether it is refused, or an edit of it, until somebody asks to try again. */
    private boolean isRefused() {
      return text.status().connection() == Connection.REFUSED || !text.deadLetters().isEmpty();
    }

    private boolean mayOnlyRead() {
      return text.status().degradations().contains(Degradation.READ_ONLY);
    }

    /** Returns whom the text shows beside its own device. */
    List<String> shown() {
      return text.presence().others().stream().map(Participant::name).toList();
    }

    Device device() {
      return Device.this;
    }

    /** Requires that what the text says of itself is so. */
    void check() {
      if (process == null) {
        return;
      }
      SyncStatus status = text.status();
      VersionVector version = text.version();
      world.tally().count(Event.STATUSES);
      DocumentId document = text.documentId();
      if (status.saves() == Saves.SAVED || status.undurableChanges() == 0) {
        require(world.vault().store().durable(document), version, status, "on the relay's disk");
      }
      if (status.unstoredChanges() == 0) {
        require(store().written(document), version, status, "in the device's store");
      }
      if (status.freshness() == Freshness.FRESH
          && !frozen
          && port.sinceSignNanos() > STALE_AFTER.toNanos()) {
        throw new Falsehood(
            Promise.FRESH_IS_FRESH,
            Device.this
                + " shows "
                + status
                + ", and the last sign of life was asked for "
                + Duration.ofNanos(port.sinceSignNanos())
                + " ago");
      }
      requireTold(status);
      long now = world.time().nanos();
      Duration sinceHeard = status.sinceHeard();
      if (status.connection() == Connection.LIVE
          && status.freshness() == Freshness.FRESH
          && sinceHeard != null
          && !busy
          && now > awakeAtNanos
          && now > world.relaysAwakeAtNanos()) {
        VersionVector then =
            world.vault().durableAt(document, now - sinceHeard.toNanos() - IN_STEP_WITHIN_NANOS);
        require(then, version, status);
      }
      if (text.caughtUp().isDone()
          && !text.caughtUp().isCompletedExceptionally()
          && status.connection() != Connection.LIVE
          && status.connection() != Connection.DRAINING) {
        throw new Falsehood(
            Promise.CAUGHT_UP_IS_IN_STEP, Device.this + " has caught up, and shows " + status);
      }
      if (!status.degradations().contains(Degradation.STORE_UNAVAILABLE)
          && now > awakeAtNanos
          && !frozen
          && !disk.isRotten()
          && disk.wellForNanos(now) > STORED_WITHIN_NANOS
          && saves.stream().anyMatch(save -> save.waitsForRelay(now))) {
        VersionVector kept = keptSaves();
        for (AskedSave save : saves) {
          if (save.waitsForRelay(now) && (kept == null || !kept.includes(save.version))) {
            throw new Falsehood(
                Promise.WAITING_SAVE_IS_KEPT,
                Device.this
                    + " waits for a save of "
                    + save.version
                    + ", its store keeps one of "
                    + kept
                    + ", and it shows "
                    + status);
          }
        }
      }
      for (AskedSave save : saves) {
        if (!save.future.isDone() && !frozen && now > Math.max(save.endsNanos, awakeAtNanos)) {
          throw new Falsehood(
              Promise.SAVE_IS_ANSWERED, Device.this + " waits for a save past its deadline");
        }
      }
    }

    /** Returns what the saves cover together that the store keeps; null if it keeps none. */
    private @Nullable VersionVector keptSaves() {
      VersionVector kept = null;
      for (PendingSave each : store().keptSaves(text.documentId())) {
        kept = kept == null ? each.version() : kept.merge(each.version());
      }
      return kept;
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

    /** Requires that who listens hears soon of a status that stays. */
    private void requireTold(SyncStatus status) {
      long now = world.time().nanos();
      SyncStatus last = told;
      if (busy
          || frozen
          || rejecting
          || now <= awakeAtNanos
          || now <= tellsAtNanos
          || (last != null && isToldBy(last, status))) {
        untold = null;
      } else if (untold == null || !ClientProcess.saySame(untold, status)) {
        untold = status;
        untoldSinceNanos = now;
      } else if (now - untoldSinceNanos > TOLD_WITHIN_NANOS) {
        throw new Falsehood(
            Promise.LISTENERS_ARE_TOLD,
            Device.this + " was told " + last + " last, and is for long " + status);
      }
    }

    private void require(VersionVector then, VersionVector version, SyncStatus status) {
      if (!version.includes(then)) {
        throw new Falsehood(
            Promise.FRESH_IS_FRESH,
            Device.this
                + " has "
                + version
                + " of "
                + text.documentId()
                + " and shows "
                + status
                + ", but long ago there was "
                + then);
      }
    }

    private void require(
        VersionVector held, VersionVector version, SyncStatus status, String where) {
      if (!held.includes(version)) {
        throw new Falsehood(
            Promise.STATUS_IS_TRUE,
            Device.this
                + " has "
                + version
                + " of "
                + text.documentId()
                + " and shows "
                + status
                + ", but "
                + where
                + " is "
                + held);
      }
    }

    /** Saves, and holds whoever acknowledges that to it. */
    void save(@Nullable Guarantee atLeast, @Nullable Duration deadline) {
      world.tally().count(Event.SAVES_ASKED);
      VersionVector version = text.version();
      CompletableFuture<SaveReceipt> future;
      if (deadline == null) {
        future = atLeast == null ? text.save() : text.save(atLeast);
      } else {
        future = atLeast == null ? text.save(deadline) : text.save(atLeast, deadline);
      }
      AskedSave save =
          new AskedSave(
              future,
              version,
              atLeast,
              world.time().nanos(),
              deadline == null
                  ? Long.MAX_VALUE
                  : world.time().nanos() + deadline.toNanos() + 1_000_000);
      saves.add(save);
      World.whenDone(
          future,
          (receipt, failure) -> {
            if (receipt != null) {
              acknowledged(receipt, version, atLeast);
            } else if (failure != null) {
              notSaved(failure);
            }
          });
    }

    private void acknowledged(
        SaveReceipt receipt, VersionVector version, @Nullable Guarantee atLeast) {
      world.tally().count(Event.SAVES_ACKNOWLEDGED);
      note("has a receipt for " + text.documentId() + ": " + receipt.guarantee());
      if (!receipt.version().includes(version)) {
        throw new Falsehood(
            Promise.SAVE_IS_WHOLE,
            Device.this + " saved " + version + " and got a receipt for " + receipt.version());
      }
      if (atLeast != null && receipt.guarantee().copies() < atLeast.copies()) {
        throw new Falsehood(
            Promise.SAVE_IS_WHOLE, Device.this + " asked for " + atLeast + " and got " + receipt);
      }
      if (receipt.guarantee().level() == Guarantee.Level.DEVICE) {
        VersionVector durable = store().durable(text.documentId());
        if (!durable.includes(receipt.version())) {
          throw new Falsehood(
              Promise.SAVED_IS_SAFE, Device.this + " has " + receipt + ", its disk " + durable);
        }
      } else {
        world.vault().promised(text.documentId(), receipt.version());
      }
    }

    private void notSaved(Throwable failure) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      if (cause instanceof TimeoutException) {
        world.tally().count(Event.SAVES_LATE);
      } else if (cause instanceof SaveRefusedException) {
        world.tally().count(Event.SAVES_REFUSED);
        note("is refused a save: " + cause.getMessage());
      } else if (!(cause instanceof IllegalStateException)) {
        throw new Falsehood(Promise.SAVE_IS_ANSWERED, Device.this + " got for a save", failure);
      }
    }

    /** Returns whether who listens knows how it is. */
    boolean isTold() {
      return told != null && ClientProcess.saySame(told, text.status()) && pendingIds.isEmpty();
    }

    /** Requires, once all is well and quiet, that nothing is left open. */
    void checkAtRest() {
      SyncStatus status = text.status();
      SyncStatus last = told;
      if (!isTold() || last == null) {
        throw new Falsehood(
            Promise.LISTENERS_ARE_TOLD,
            Device.this
                + " was told "
                + last
                + " last, and is "
                + status
                + "; not how these ended: "
                + pendingIds);
      }
      if ((status.undurableChanges() == 0 && !text.unsavedRanges().isEmpty())
          || (status.unstoredChanges() == 0 && !text.unstoredRanges().isEmpty())) {
        throw new Falsehood(
            Promise.STATUS_IS_TRUE,
            Device.this + " is " + status + " and shows places that are not safe");
      }
      for (AskedSave save : saves) {
        if (!save.future.isDone()) {
          throw new Falsehood(Promise.SAVE_IS_ANSWERED, Device.this + " never heard of a save");
        }
      }
    }

    /** Whether the store has no save that waits. */
    boolean keepsNoSave() {
      return store().pendingSaves(text.documentId()).isEmpty();
    }

    @Override
    public String toString() {
      String last = isTold() ? "" : ", was told " + told;
      return name + ": " + text.documentId() + " " + text.version() + " " + text.status() + last;
    }
  }

  private record AskedSave(
      CompletableFuture<SaveReceipt> future,
      VersionVector version,
      @Nullable Guarantee atLeast,
      long askedNanos,
      long endsNanos) {

    boolean waitsForRelay(long now) {
      return !future.isDone()
          && !Guarantee.DEVICE.equals(atLeast)
          && now - askedNanos > STORED_WITHIN_NANOS;
    }
  }

  // --- What it is ---

  Transport transport() {
    return transport;
  }

  Port port() {
    return port;
  }

  Disk disk() {
    return disk;
  }

  private DiskStore store() {
    if (store == null) {
      throw new AssertionError(name + " is off");
    }
    return store;
  }

  /** Whether the disk has to take what a text left that was closed while it could not. */
  boolean owes() {
    return owes;
  }

  /** Whether a person can use it. */
  boolean isUsable() {
    return process != null && !closing && !frozen;
  }

  boolean isFrozen() {
    return frozen;
  }

  /** Whether it polls, as its texts show. */
  boolean isPolling() {
    return texts().stream()
        .anyMatch(each -> each.text.status().degradations().contains(Degradation.POLLING));
  }

  /**
   * Whether it polls if it is to, and does not where WebSockets pass. Where they do not, one may be
   * open from before.
   */
  boolean goesByItsWay() {
    return transport == Transport.POLLING ? isPolling() : isBarred() || !isPolling();
  }

  private boolean isBarred() {
    return port.barrier() != Barrier.NONE;
  }

  /** Whether a text was not live at any time since then. */
  boolean wasDisturbedSince(long nanos) {
    return texts().stream().anyMatch(each -> each.disturbedAtNanos - nanos > 0);
  }

  /** Returns the texts that are open, and not about to be closed. */
  List<OpenText> texts() {
    return texts.values().stream().filter(each -> !each.closed).toList();
  }

  ClientProcess process() {
    if (process == null) {
      throw new AssertionError(name + " is off");
    }
    return process;
  }

  private void note(String what) {
    world.chronicle().note(name, world.withoutPlace(what));
  }

  void check() {
    texts().forEach(OpenText::check);
  }

  // --- On and off ---

  /** Switches it on, with all documents open. */
  void switchOn() {
    DiskStore opened = openStore();
    store = opened;
    closing = false;
    offline = false;
    owes = false;
    frozen = false;
    busy = false;
    rejecting = false;
    ClientProcess started =
        new ClientProcess(
            world.time(),
            world.fork(),
            opened,
            world.climate().deviceDiskNanos(),
            () -> Instant.EPOCH.plusSeconds(clockAheadSeconds).plusNanos(world.time().nanos()),
            port,
            transport,
            builder ->
                builder
                    .relay(RELAY)
                    .staleAfter(STALE_AFTER)
                    .token(() -> name)
                    .agent("lab/" + name));
    process = started;
    world.documents().forEach(this::open);
  }

  /** Opens the store; where it says that it is damaged, it is repaired, as it says. */
  private DiskStore openStore() {
    try {
      return disk.open();
    } catch (StoreException e) {
      note("cannot open its store: " + e.getMessage());
      if (!disk.isRotten()) {
        throw e;
      }
      repair();
      return disk.open();
    }
  }

  /** Opens a document, if it is not open and the disk can be read. */
  void open(DocumentId document) {
    if (closing || texts.containsKey(document)) {
      return;
    }
    try {
      texts.put(document, new OpenText(process().client().open(document)));
    } catch (StoreException e) {
      note("cannot open " + document + ": " + e.getMessage());
      if (!disk.isFull() && !disk.isFailing()) {
        requireNamed(e);
        isDamaged = true;
      }
    }
  }

  private void requireNamed(StoreException e) {
    if (!disk.isRotten() || !(e instanceof StoreDamagedException)) {
      throw new Falsehood(Promise.DAMAGE_IS_NAMED, name + " cannot read its store", e);
    }
  }

  /** Closes a text in good order. */
  void close(OpenText text) {
    text.closed = true;
    World.whenDone(
        process().close(text.text),
        (done, failure) -> {
          // What could not be stored then is stored later, and found by who opens next.
          owes |= failure != null;
          boolean unused = texts.remove(text.text.documentId(), text);
        });
  }

  /** Kills the process where it stands; the power of the machine goes with it, or not. */
  void die(boolean power) {
    boolean isRotten = disk.isRotten();
    DiskStore lost = store();
    Map<DocumentId, VersionVector> least = new HashMap<>();
    Map<DocumentId, List<PendingSave>> saves = new HashMap<>();
    Map<DocumentId, List<Long>> letters = new HashMap<>();
    for (DocumentId document : isRotten ? List.<DocumentId>of() : world.documents()) {
      least.put(document, power ? lost.durable(document) : lost.written(document));
      saves.put(document, lost.keptSaves(document));
      letters.put(document, lost.keptLetters(document));
    }
    end();
    if (power) {
      disk.losePower();
    } else {
      disk.loseProcess();
    }
    world.network().deviceDied(port);
    switchOn();
    least.forEach(
        (document, version) -> {
          if (!store().written(document).includes(version)) {
            throw new Falsehood(
                Promise.STORED_IS_KEPT,
                name
                    + " lost what was stored: "
                    + version
                    + ", it has "
                    + store().written(document));
          }
        });
    for (DocumentId document : least.keySet()) {
      if (!store().keptSaves(document).containsAll(saves.get(document))
          || !store().keptLetters(document).containsAll(letters.get(document))) {
        throw new Falsehood(
            Promise.STORED_IS_KEPT,
            name
                + " lost a save or a dead letter: "
                + saves
                + letters
                + ", it has "
                + store().keptSaves(document)
                + store().keptLetters(document));
      }
    }
  }

  private void end() {
    process().kill();
    process = null;
    store = null;
    texts.clear();
  }

  /** Closes everything in good order, and then does what is next. */
  void switchOff(Runnable next) {
    closing = true;
    ClientProcess closed = process();
    World.whenDone(
        closed.close(),
        (done, failure) -> {
          if (process == closed) {
            note(failure == null ? "is off" : "is off: " + failure);
            DiskStore open = store();
            end();
            closeStore(open);
            next.run();
          }
        });
  }

  private void closeStore(DiskStore open) {
    try {
      open.close();
    } catch (StoreException e) {
      note("closed its store: " + e.getMessage());
      requireNamed(e);
    }
  }

  /** Has the process stand still, or go on. */
  void freeze(boolean on) {
    awakeAtNanos = world.time().nanos() + STALE_AFTER.toNanos();
    if (on) {
      frozenAtNanos = world.time().nanos();
    } else {
      port.goesOn(frozenAtNanos);
    }
    frozen = on;
    process().freeze(on);
  }

  /** Goes offline on purpose, or connects. */
  void goOffline(boolean on) {
    offline = on;
    if (on) {
      process().client().disconnect();
    } else {
      process().client().reconnect();
    }
  }

  /**
   * Does what a person does when all is well again, and nothing else: connects what was offline on
   * purpose, and tries again what was refused for good. The rest is the device's own to do.
   */
  void lookAfter() {
    if (offline) {
      goOffline(false);
    } else if (texts().stream().anyMatch(OpenText::mayOnlyRead)) {
      // What it may do is asked on each connection; the edits then go out by themselves.
      process().client().disconnect();
      process().client().reconnect();
    } else if (texts().stream().anyMatch(OpenText::isRefused)) {
      process().client().reconnect();
      texts().forEach(each -> each.text.retryRefused());
    }
  }

  boolean isBusy() {
    return busy;
  }

  /** Has the editor do something else, or listen again. */
  void occupy(boolean on) {
    busy = on;
    awakeAtNanos = world.time().nanos() + STALE_AFTER.toNanos();
    process().occupy(on);
  }

  /** Has the editor refuse to listen, or do so again. */
  void reject(boolean on) {
    rejecting = on;
    tellsAtNanos = world.time().nanos() + World.TOLD_WITHIN.toNanos();
    process().reject(on);
  }

  boolean isRejecting() {
    return rejecting;
  }

  /** Is on again after bits of its disk flipped. */
  void rot() {
    disk.rot();
    switchOn();
  }

  /**
   * Whether it shows that its store is damaged. A row that an index no longer names is found out
   * only by the relay, which has it, or by who checks the store.
   */
  boolean showsDamage() {
    return disk.isRotten()
        && (isDamaged
            || isForked()
            || texts().stream()
                .anyMatch(
                    each ->
                        each.text.status().degradations().contains(Degradation.STORE_UNAVAILABLE)));
  }

  /** Recovers what can be read of what is on the disk, which nobody has open. */
  void repair() {
    isDamaged = false;
    try {
      RepairReport report = disk.repair();
      note("is repaired: " + report.problems());
      world.tally().count(Event.REPAIRS);
    } catch (StoreException e) {
      note("is beyond repair: " + e.getMessage());
      world.tally().count(Event.BEYOND_REPAIR);
      disk = world.newDisk(name + "-fresh" + world.nextNumber());
    }
  }

  /** Keeps a copy of the disk, for later. */
  void backUp() {
    backup = disk.copy(name + "-backup" + world.nextNumber());
  }

  /** Is put back to where it was when it was backed up; what came since is gone from here. */
  void restore() {
    Disk old = backup;
    if (old != null) {
      backup = null;
      changeDisk(old);
    }
  }

  /** Keeps an image of the whole machine, which is off. */
  void takeImage() {
    image = disk.copy(name + "-image" + world.nextNumber());
  }

  boolean hasImage() {
    return image != null;
  }

  /** Is put back to its image, and cannot know. */
  void rollBack() {
    Disk old = image;
    if (old != null) {
      image = null;
      isRolledBack = true;
      old.passForOriginal();
      changeDisk(old);
    }
  }

  /** Is set up anew, with nothing on it. */
  void startAfresh() {
    isRolledBack = false;
    changeDisk(world.newDisk(name + "-fresh" + world.nextNumber()));
  }

  private void changeDisk(Disk other) {
    end();
    disk.loseProcess();
    disk = other;
    world.network().deviceDied(port);
    switchOn();
  }

  /** Takes on what befell the one of which this is a copy. */
  void isCopyOf(Device original) {
    isRolledBack = original.isRolledBack;
  }

  /**
   * Returns whether it may be taken for a copy: it is one and cannot know, or has read a change of
   * which there is another under the same name.
   */
  boolean mayBeForked() {
    return isRolledBack
        || texts().stream()
            .anyMatch(each -> world.namesakes().areIn(each.text.documentId(), each.text.version()));
  }

  /** Returns whether what it wrote is refused, for another has written under its name. */
  boolean isForked() {
    return texts().stream().anyMatch(OpenText::isForked);
  }

  boolean hasBackup() {
    return backup != null;
  }

  void setClock(long aheadSeconds) {
    clockAheadSeconds = aheadSeconds;
  }

  @Override
  public String toString() {
    return name;
  }
}
