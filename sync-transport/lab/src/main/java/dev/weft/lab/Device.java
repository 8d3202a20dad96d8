package dev.weft.lab;

import dev.weft.client.ClientProcess;
import dev.weft.client.Guarantee;
import dev.weft.client.Participant;
import dev.weft.client.SaveReceipt;
import dev.weft.client.SaveRefusedException;
import dev.weft.client.SharedText;
import dev.weft.client.SharedUndo;
import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.crdt.EventId;
import dev.weft.client.Transport;
import dev.weft.crdt.Subscription;
import dev.weft.crdt.VersionVector;
import dev.weft.lab.Tally.Event;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.store.DocumentId;
import dev.weft.store.RepairReport;
import dev.weft.store.StoreDamagedException;
import dev.weft.store.StoreException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private long clockAheadSeconds;

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
    private final List<PendingSave> saves = new ArrayList<>();
    private @Nullable SyncStatus told;
    private boolean closed;
    private long disturbedAtNanos;

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
    }

    private boolean isForked() {
      Refusal refusal = text.status().refusal();
      return (refusal != null && refusal.code().equals(Codes.FORKED_IDENTITY))
          || text.deadLetters().stream()
              .anyMatch(letter -> letter.code().equals(Codes.FORKED_IDENTITY));
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
          && port.silentNanos() > STALE_AFTER.toNanos()) {
        throw new Falsehood(
            Promise.FRESH_IS_FRESH,
            Device.this + " shows " + status + " and has heard nothing for " + port.silentNanos());
      }
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
          && disk.wellForNanos(now) > STORED_WITHIN_NANOS
          && saves.stream().anyMatch(save -> save.waitsForRelay(now))
          && store().isEveryPendingSaveGone(document)) {
        throw new Falsehood(
            Promise.WAITING_SAVE_IS_KEPT,
            Device.this + " waits for a save that is not in its store, and shows " + status);
      }
      for (PendingSave save : saves) {
        if (!save.future.isDone() && !frozen && now > Math.max(save.endsNanos, awakeAtNanos)) {
          throw new Falsehood(
              Promise.SAVE_IS_ANSWERED, Device.this + " waits for a save past its deadline");
        }
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
      PendingSave save =
          new PendingSave(
              future,
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

    /** Returns whether who listens was told how it stands. */
    boolean isTold() {
      SyncStatus status = text.status();
      SyncStatus last = told;
      return last != null
          && last.connection() == status.connection()
          && last.saves() == status.saves();
    }

    /** Requires, once all is well and quiet, that nothing is left open. */
    void checkAtRest() {
      for (PendingSave save : saves) {
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

  private record PendingSave(
      CompletableFuture<SaveReceipt> future,
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

  /** Whether it polls where no WebSocket passes, or if it is to, and else goes by one. */
  boolean goesByItsWay() {
    boolean polls = transport == Transport.POLLING || port.barrier() != Barrier.NONE;
    return isPolling() == polls;
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
    DiskStore lost = store();
    Map<DocumentId, VersionVector> least = new HashMap<>();
    for (DocumentId document : world.documents()) {
      least.put(document, power ? lost.durable(document) : lost.written(document));
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
    } else if (port.silentNanos() < world.time().nanos() - frozenAtNanos) {
      // What came meanwhile is heard now.
      port.heard();
    }
    frozen = on;
    process().freeze(on);
  }

  /** Does what a person does who finds the device in trouble when all is well again. */
  void recover() {
    process().client().disconnect();
    process().client().reconnect();
    texts().forEach(each -> each.text.retryRefused());
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
