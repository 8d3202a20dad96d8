package dev.weft.lab;

import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.client.Transport;
import dev.weft.client.VirtualTime;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.lab.Tally.Event;
import dev.weft.store.DocumentId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Everything there is in one run: devices, relays, disks and the network between them, in one
 * virtual time. Confined to the simulation's thread.
 */
final class World {
  static final List<DocumentId> DOCUMENTS =
      List.of(new DocumentId("letter"), new DocumentId("notes"));

  private static final List<String> NAMES = List.of("ann", "bob", "cat", "dan");

  /** How long it may take until all is well again, once nothing is broken any more. */
  private static final Duration HEALED_WITHIN = Duration.ofMinutes(10);

  /** How often somebody looks after a device when all is well again. */
  private static final Duration LOOKED_AFTER_EVERY = Duration.ofSeconds(20);

  private static final Duration SEEN_WITHIN = Duration.ofMinutes(2);

  private static final Duration HEARD_WITHIN = Duration.ofSeconds(1);

  /** How long a client leaves an executor alone, at most, that took no task. */
  static final Duration TOLD_WITHIN = Duration.ofSeconds(31);

  /** How long it may take until who polls has tried a WebSocket, however often in vain before. */
  private static final Duration TRIED_WITHIN = Duration.ofMinutes(40);

  /** How long it may take until a request is given up to which no answer comes. */
  private static final Duration MISSED_WITHIN = Duration.ofSeconds(30);

  /** How long it is watched whether who polls is disturbed. */
  private static final Duration WATCHED_FOR = Duration.ofMinutes(2);

  /** How long what nobody needs any more may be kept. */
  private static final Duration FORGOTTEN_WITHIN = Duration.ofMinutes(10);

  private final Path directory;
  private final SplittableRandom random;
  private final Climate climate;
  private final Tally tally;
  private final VirtualTime time;
  private final Chronicle chronicle;
  private final Network network;
  private final News news;
  private final Vault vault;
  private final Doorkeeper doorkeeper;
  private final Namesakes namesakes = new Namesakes();
  private final List<RelayHost> hosts = new ArrayList<>();
  private final List<Device> devices = new ArrayList<>();
  private final List<Hostile> visitors = new ArrayList<>();
  private int lastNumber;
  private boolean healing;
  private boolean rested;

  World(
      Path directory,
      long seed,
      Climate climate,
      Tally tally,
      VirtualTime time,
      Chronicle chronicle) {
    this.directory = directory;
    this.random = new SplittableRandom(seed);
    this.climate = climate;
    this.tally = tally;
    this.time = time;
    this.chronicle = chronicle;
    this.network = new Network(time, fork(), climate, tally, chronicle);
    this.doorkeeper = new Doorkeeper(climate.tokenLife());
    this.news = new News(time, fork(), tally);
    this.vault = new Vault(new Disk(directory, "vault", fork(), tally), time);
    for (int i = 0; i < climate.relays(); i++) {
      RelayHost host = new RelayHost(this, i + 1);
      hosts.add(host);
      network.add(host);
    }
    for (int i = 0; i < climate.devices(); i++) {
      String name = NAMES.get(i);
      Disk disk = newDisk(name);
      boolean next = i >= climate.devices() - climate.next();
      Barrier barrier = i < climate.polling() ? climate.barrier() : Barrier.NONE;
      boolean isTold = i < climate.polling() && barrier == Barrier.NONE;
      Transport transport = isTold ? Transport.POLLING : Transport.AUTOMATIC;
      add(new Device(this, name, disk, transport, next), barrier);
    }
  }

  Disk newDisk(String name) {
    return new Disk(directory, name, fork(), tally);
  }

  private void add(Device device, Barrier barrier) {
    device.port().bar(barrier);
    devices.add(device);
    device.switchOn();
  }

  /** Returns a source of chance of its own. */
  RandomGenerator fork() {
    return random.split();
  }

  Climate climate() {
    return climate;
  }

  Tally tally() {
    return tally;
  }

  VirtualTime time() {
    return time;
  }

  Chronicle chronicle() {
    return chronicle;
  }

  Network network() {
    return network;
  }

  News news() {
    return news;
  }

  Vault vault() {
    return vault;
  }

  Doorkeeper doorkeeper() {
    return doorkeeper;
  }

  Namesakes namesakes() {
    return namesakes;
  }

  List<DocumentId> documents() {
    return DOCUMENTS.subList(0, climate.documents());
  }

  List<Device> devices() {
    return devices;
  }

  List<RelayHost> hosts() {
    return hosts;
  }

  /** Returns when all relays know what went on while they stood still, or could not read it. */
  long relaysAwakeAtNanos() {
    long awake = hosts.stream().mapToLong(RelayHost::awakeAtNanos).max().orElse(0);
    long readable = vault.disk.readableAtNanos();
    if (hosts.size() == 1 || readable == 0) {
      return awake;
    }
    return readable == Long.MAX_VALUE
        ? readable
        : Math.max(awake, readable + Device.STALE_AFTER.toNanos());
  }

  /** Whether all is repaired, and nobody does anything any more. */
  boolean isHealing() {
    return healing;
  }

  /** Has a hostile client come to a relay. */
  void visit(RelayHost host, RandomGenerator chance) {
    visitors.add(Hostile.visit(this, host, chance));
  }

  int nextNumber() {
    return ++lastNumber;
  }

  /** Adds a device with a copy of another's disk. */
  void copy(Device original) {
    String name = original + "-copy" + nextNumber();
    Disk disk = original.disk().copy(name);
    Device copy = new Device(this, name, disk, original.transport(), false);
    copy.isCopyOf(original);
    add(copy, original.port().barrier());
  }

  /** Returns the same but for where the world is kept, which is another place in each run. */
  String withoutPlace(String text) {
    return text.replace(directory.toString(), "");
  }

  /** Does something once a future is done. What it throws fails the run, and is not lost. */
  static <T> void whenDone(
      CompletableFuture<T> future, BiConsumer<@Nullable T, @Nullable Throwable> next) {
    CompletableFuture<?> unused =
        future.handle(
            (result, failure) -> {
              try {
                next.accept(result, failure);
              } catch (RuntimeException | Error e) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
              }
              return null;
            });
  }

  /** Requires that everything that is shown and promised anywhere is so. */
  void check() {
    vault.check();
    devices.forEach(Device::check);
  }

  // --- The end ---

  /** Repairs everything, and requires that all come to the same end by themselves. */
  void heal() {
    healing = true;
    network.lossy = false;
    doorkeeper.relent();
    // A relay that reads slowly would hear what they have to say for a while yet.
    visitors.forEach(Hostile::end);
    news.lossy = false;
    vault.disk.fill(false, time.nanos());
    vault.disk.fail(false, time.nanos());
    hosts.forEach(RelayHost::heal);
    for (Device device : devices) {
      device.disk().fill(false, time.nanos());
      device.disk().fail(false, time.nanos());
      device.port().reachable = true;
      device.port().bytesPerSecond = 0;
      if (device.port().barrier() == Barrier.CUTS) {
        // Else all would never be well at the same moment.
        device.port().bar(Barrier.NONE);
      }
      network.unblock(device.port());
      if (device.isFrozen()) {
        device.freeze(false);
      }
      if (device.isUsable()) {
        device.occupy(false);
        device.reject(false);
      }
    }
    boolean usable =
        time.runUntil(HEALED_WITHIN.toNanos(), () -> devices.stream().allMatch(Device::isUsable));
    if (!usable) {
      throw new Falsehood(Promise.ALL_RECOVER, "not all devices are on: " + devices);
    }
    time.runFor(HEARD_WITHIN.toNanos());
    for (Device device : devices) {
      if (device.owes()) {
        device.switchOff(device::switchOn);
      } else {
        documents().forEach(device::open);
      }
    }
    lookAfterDevices();
    if (!time.runUntil(HEALED_WITHIN.toNanos(), this::isAtRest)) {
      throw new Falsehood(
          Promise.ALL_RECOVER,
          "not at rest after " + HEALED_WITHIN.toMinutes() + " min: " + describe());
    }
    checkWays();
    rested = true;
    // Until those who listen have heard of it.
    time.runFor(HEARD_WITHIN.toNanos());
    if (!time.runUntil(TOLD_WITHIN.toNanos(), this::areListenersTold)) {
      throw new Falsehood(Promise.LISTENERS_ARE_TOLD, "not of the last: " + describeDevices());
    }
    check();
    devices.forEach(device -> device.texts().forEach(OpenText::checkAtRest));
    documents().forEach(this::checkEqual);
    boolean seen =
        time.runUntil(
            SEEN_WITHIN.toNanos(),
            () ->
                devices.stream()
                    .allMatch(each -> each.texts().stream().allMatch(this::seesAllOthers)));
    if (!seen) {
      throw new Falsehood(Promise.ALL_ARE_SEEN, "others are shown: " + describePresence());
    }
  }

  /** Requires that who can have a WebSocket comes to it, and who cannot has peace. */
  private void checkWays() {
    if (!time.runUntil(
        TRIED_WITHIN.toNanos(),
        () -> devices.stream().allMatch(Device::goesByItsWay) && isAtRest())) {
      throw new Falsehood(Promise.WAYS_ARE_FOUND, "by another way: " + describeDevices());
    }
    List<Device> polling = devices.stream().filter(Device::isPolling).toList();
    if (!polling.isEmpty()) {
      // Until it is known which requests were lost before.
      time.runFor(MISSED_WITHIN.toNanos());
      long sinceNanos = time.nanos();
      time.runFor(WATCHED_FOR.toNanos());
      for (Device device : polling) {
        if (device.wasDisturbedSince(sinceNanos)) {
          throw new Falsehood(Promise.WAYS_ARE_FOUND, device + " was disturbed while it polled");
        }
      }
    }
  }

  private String describeDevices() {
    StringBuilder text = new StringBuilder();
    for (Device device : devices) {
      device.texts().forEach(each -> text.append("\n  ").append(each));
    }
    return text.toString();
  }

  private boolean areListenersTold() {
    return devices.stream().allMatch(each -> each.texts().stream().allMatch(OpenText::isTold));
  }

  /** Somebody looks after each device now and then until all is well. */
  private void lookAfterDevices() {
    if (!rested) {
      devices.stream().filter(Device::isUsable).forEach(Device::lookAfter);
      time.at(LOOKED_AFTER_EVERY.toNanos(), this::lookAfterDevices);
    }
  }

  private boolean seesAllOthers(OpenText text) {
    List<String> shown = text.shown();
    List<Device> others = devices.stream().filter(each -> each != text.device()).toList();
    // Presence is of one relay: who is known to be at the same one is shown.
    List<String> least =
        others.stream()
            .filter(each -> isSeenBy(text.device(), each))
            .map(Device::toString)
            .toList();
    List<String> most = others.stream().map(Device::toString).toList();
    return shown.size() <= most.size() && most.containsAll(shown) && shown.containsAll(least);
  }

  private boolean isSeenBy(Device device, Device other) {
    RelayHost host = network.hostOf(device.port());
    return hosts.size() == 1 || (host != null && host == network.hostOf(other.port()));
  }

  private String describePresence() {
    StringBuilder text = new StringBuilder();
    for (Device device : devices) {
      device
          .texts()
          .forEach(
              each ->
                  text.append("\n  ")
                      .append(device)
                      .append(", ")
                      .append(each.text.documentId())
                      .append(": ")
                      .append(each.shown()));
    }
    return text.toString();
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    for (Device device : devices) {
      device.texts().stream()
          .filter(each -> !isAtRest(each))
          .forEach(each -> text.append("\n  ").append(each));
    }
    documents()
        .forEach(
            document ->
                text.append("\n  stored: ")
                    .append(document)
                    .append(' ')
                    .append(vault.store().durable(document)));
    return text.toString();
  }

  private boolean isAtRest() {
    if (network.hasLastWords()) {
      return false;
    }
    for (Device device : devices) {
      if (!device.isUsable()) {
        return false;
      }
      if (device.showsDamage()) {
        device.switchOff(
            () -> {
              device.repair();
              device.switchOn();
            });
        return false;
      }
      if (device.isForked()) {
        if (!device.mayBeForked()) {
          throw new Falsehood(Promise.NAMES_ARE_ONES_OWN, device + " is taken for a copy");
        }
        chronicle.note(device.toString(), "is set up anew, since it was copied");
        tally.count(Event.FORKS);
        device.startAfresh();
        return false;
      }
      if (device.texts().size() < documents().size()) {
        // One was still being closed, or its device is new.
        documents().forEach(device::open);
        return false;
      }
      if (!device.texts().stream().allMatch(this::isAtRest)) {
        return false;
      }
    }
    return true;
  }

  private boolean isAtRest(OpenText each) {
    SyncStatus status = each.text.status();
    return status.connection() == Connection.LIVE
        && status.saves() == Saves.SAVED
        && status.freshness() == Freshness.FRESH
        && status.unstoredChanges() == 0
        && !status.degradations().contains(Degradation.RELAY_STORE_UNAVAILABLE)
        && each.keepsNoSave()
        && each.text.version().equals(vault.store().durable(each.text.documentId()));
  }

  private void checkEqual(DocumentId document) {
    TextDocument stored = TextDocument.create(new ReplicaId(-1));
    try {
      vault
          .store()
          .readSince(document, VersionVector.EMPTY)
          .forEach(
              change -> {
                try {
                  stored.apply(change.toBytes());
                } catch (MalformedUpdateException e) {
                  throw new Falsehood(
                      Promise.ALL_CONVERGE, "the relay stored what cannot be read", e);
                }
              });
    } finally {
      chronicle.note("all", document + " has " + stored.length() + " units");
    }
    for (Device device : devices) {
      for (OpenText each : device.texts()) {
        if (each.text.documentId().equals(document) && !each.text.text().equals(stored.text())) {
          throw new Falsehood(
              Promise.ALL_CONVERGE,
              device
                  + " has another "
                  + document
                  + ": \""
                  + each.text.text()
                  + "\" than \""
                  + stored.text()
                  + "\"");
        }
      }
    }
  }

  /** Closes everything, and requires that nothing of it is left. */
  void close() {
    for (Device device : List.copyOf(devices)) {
      device.switchOff(() -> devices.remove(device));
    }
    if (!time.runUntil(HEALED_WITHIN.toNanos(), devices::isEmpty)) {
      throw new Falsehood(Promise.ALL_RECOVER, "cannot be closed: " + devices);
    }
    time.runFor(FORGOTTEN_WITHIN.toNanos());
    hosts.forEach(RelayHost::tally);
    for (RelayHost host : hosts) {
      if (host.process().connections() > 0) {
        throw new Falsehood(
            Promise.NOTHING_IS_LEFT,
            host + " keeps " + host.process().connections() + " connections");
      }
      for (DocumentId document : documents()) {
        if (host.process().hasOpen(document)) {
          throw new Falsehood(
              Promise.NOTHING_IS_LEFT, host + " keeps " + document + " that nobody has open");
        }
      }
    }
    if (time.waiting() > 0) {
      throw new Falsehood(
          Promise.NOTHING_IS_LEFT, time.waiting() + " tasks wait though everything is closed");
    }
    vault.store().close();
  }

  @Override
  public String toString() {
    return "world in " + directory;
  }
}
