package dev.weft.lab;

import dev.weft.client.ClientProcess;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.Transport;
import dev.weft.crdt.VersionVector;
import dev.weft.lab.Tally.Event;
import dev.weft.store.DocumentId;
import dev.weft.store.PendingSave;
import dev.weft.store.RepairReport;
import dev.weft.store.StoreDamagedException;
import dev.weft.store.StoreException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A device of a person: a disk, a place in the network, a wall clock, and, while it is on, a
 * process that has texts open. Confined to the simulation's thread.
 */
final class Device {
  private static final URI RELAY = URI.create("ws://relay.example/v1/sync");
  static final Duration STALE_AFTER = Duration.ofSeconds(5);

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

  DiskStore store() {
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

  boolean isOn() {
    return process != null;
  }

  boolean isFrozen() {
    return frozen;
  }

  /** Whether it was put back to where it was, and cannot know. */
  boolean isRolledBack() {
    return isRolledBack;
  }

  /** Returns when it knows what went on while it stood still or had something else to do. */
  long awakeAtNanos() {
    return awakeAtNanos;
  }

  /** Whether who listens on it can be told of what changes. */
  boolean listens() {
    long now = world.time().nanos();
    return !busy && !frozen && !rejecting && now > awakeAtNanos && now > tellsAtNanos;
  }

  /** Whether it polls, as its texts show. */
  boolean isPolling() {
    return shows(Degradation.POLLING);
  }

  private boolean shows(Degradation degradation) {
    return texts().stream().anyMatch(each -> each.shows(degradation));
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
    return texts().stream().anyMatch(each -> each.wasDisturbedSince(nanos));
  }

  /** Returns the texts that are open, and not about to be closed. */
  List<OpenText> texts() {
    return texts.values().stream().filter(OpenText::isOpen).toList();
  }

  ClientProcess process() {
    if (process == null) {
      throw new AssertionError(name + " is off");
    }
    return process;
  }

  void note(String what) {
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
      texts.put(document, new OpenText(world, this, process().client().open(document)));
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
    text.isClosing();
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
    } else if (shows(Degradation.READ_ONLY)) {
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
    return disk.isRotten() && (isDamaged || isForked() || shows(Degradation.STORE_UNAVAILABLE));
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
