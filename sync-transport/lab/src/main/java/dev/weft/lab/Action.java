package dev.weft.lab;

import dev.weft.client.Guarantee;
import dev.weft.client.SharedText;
import dev.weft.crdt.Selection;
import dev.weft.lab.Tally.Event;
import dev.weft.store.DocumentId;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** What can happen at a moment: to somebody, as chance has it. */
enum Action {
  TYPE(
      30,
      onText(
          (world, random, each) -> {
            SharedText text = each.text;
            String typed = "abcdefgh".substring(0, 1 + random.nextInt(8));
            int index = random.nextInt(text.length() + 1);
            note(world, each, "types \"" + typed + "\" at " + index);
            text.insert(index, typed);
            world.tally().count(Event.EDITS);
          })),
  PASTE(
      2,
      onText(
          (world, random, each) -> {
            String pasted = "lorem ipsum ".repeat(20 + random.nextInt(1_000));
            int index = random.nextInt(each.text.length() + 1);
            note(world, each, "pastes " + pasted.length() + " units at " + index);
            each.text.insert(index, pasted);
            world.tally().count(Event.EDITS);
          })),
  DELETE(
      6,
      onText(
          (world, random, each) -> {
            int length = each.text.length();
            if (length > 0) {
              int start = random.nextInt(length);
              int end = start + 1 + random.nextInt(Math.min(length - start, 20));
              note(world, each, "deletes from " + start + " to " + end);
              each.text.delete(start, end);
              world.tally().count(Event.EDITS);
            }
          })),
  UNDO(
      3,
      onText(
          (world, random, each) -> {
            boolean redo = random.nextInt(3) == 0;
            note(world, each, redo ? "redoes" : "undoes");
            boolean unused = (redo ? each.undo.redo() : each.undo.undo()).isPresent();
          })),
  POINT(
      3,
      onText(
          (world, random, each) -> {
            int at = random.nextInt(each.text.length() + 1);
            note(world, each, "points at " + at);
            each.text.presence().select(Selection.caret(at));
          })),
  SAVE(
      10,
      onText(
          (world, random, each) -> {
            note(world, each, "saves {" + each.text.version() + "}");
            each.save(null, null);
          })),
  SAVE_WITH_DEADLINE(
      3,
      onText(
          (world, random, each) -> {
            Duration deadline = Duration.ofMillis(1 + random.nextInt(5_000));
            note(world, each, "saves within " + deadline.toMillis() + " ms");
            each.save(null, deadline);
          })),
  SAVE_HERE(
      3,
      onText(
          (world, random, each) -> {
            note(world, each, "saves on this device");
            each.save(Guarantee.DEVICE, null);
          })),
  SAVE_SAFER(
      2,
      onText(
          (world, random, each) -> {
            note(world, each, "saves on two machines");
            each.save(Guarantee.replicated(2), null);
          })),
  CUT(
      4,
      onAnyDevice(
          (world, random, device) -> {
            note(world, device, "is cut off");
            world.network().cut(device.port());
          })),
  PARTITION(
      3,
      onAnyDevice(
          (world, random, device) -> {
            Port port = device.port();
            port.reachable = !port.reachable;
            note(
                world,
                device,
                port.reachable ? "reaches the relay again" : "cannot reach the relay");
            if (!port.reachable) {
              world.tally().count(Event.PARTITIONS);
              world.network().cut(port);
            }
          })),
  BAR_WEBSOCKETS(
      2,
      onAnyDevice(
          (world, random, device) -> {
            Port port = device.port();
            port.bar(port.barrier() == Barrier.NONE ? Barrier.any(random) : Barrier.NONE);
            note(world, device, "is where something " + port.barrier());
            if (port.barrier() != Barrier.NONE) {
              world.tally().count(Event.BARRIERS);
              if (random.nextBoolean()) {
                world.network().cut(port);
              }
            }
          })),
  BLACK_HOLE(
      3,
      onAnyDevice(
          (world, random, device) -> {
            if (device.port().isBlocked()) {
              boolean lost = random.nextBoolean();
              note(world, device, "is out of the black hole" + (lost ? ", with nothing" : ""));
              if (lost) {
                world.network().cut(device.port());
              }
              world.network().unblock(device.port());
            } else {
              note(world, device, "is in a black hole");
              world.tally().count(Event.BLACK_HOLES);
              device.port().block(true);
            }
          })),
  SLOW_LINK(
      2,
      onAnyDevice(
          (world, random, device) -> {
            if (device.port().bytesPerSecond > 0) {
              note(world, device, "has a quick link again");
              device.port().bytesPerSecond = 0;
            } else {
              note(world, device, "has a link of 2 kB/s");
              world.tally().count(Event.SLOW_LINKS);
              device.port().bytesPerSecond = 2_000;
            }
          })),
  NETWORK_CHANGE(
      2,
      onDevice(
          (world, random, device) -> {
            note(world, device, "changes its network");
            if (random.nextBoolean()) {
              world.network().cut(device.port());
            }
            device.process().client().networkChanged();
          })),
  OFFLINE(
      2,
      onDevice(
          (world, random, device) -> {
            note(world, device, "goes offline on purpose");
            device.goOffline(true);
          })),
  ONLINE(
      3,
      onDevice(
          (world, random, device) -> {
            note(world, device, "connects");
            device.goOffline(false);
          })),
  CLOSE_TEXT(
      2,
      onText(
          (world, random, each) -> {
            note(world, each, "closes it");
            each.device().close(each);
          })),
  OPEN_TEXT(
      3,
      onDevice(
          (world, random, device) -> {
            DocumentId document = anyOf(world.documents(), random);
            note(world, device, "opens " + document);
            device.open(document);
          })),
  RESTART_DEVICE(
      2,
      onDevice(
          (world, random, device) -> {
            note(world, device, "is switched off and on");
            world.tally().count(Event.DEVICE_RESTARTS);
            device.switchOff(
                () -> {
                  if (random.nextBoolean()) {
                    note(world, device, "has an image taken of it");
                    device.takeImage();
                  }
                  device.switchOn();
                });
          })),
  ROLL_BACK(
      2,
      onDeviceThat(
          Device::hasImage,
          (world, random, device) -> {
            note(world, device, "is put back to its image");
            world.tally().count(Event.ROLL_BACKS);
            device.rollBack();
          })),
  KILL_DEVICE(
      2,
      onDevice(
          (world, random, device) -> {
            note(world, device, "is killed");
            world.tally().count(Event.DEVICE_KILLS);
            device.die(false);
          })),
  CUT_POWER_OF_DEVICE(
      2,
      onDevice(
          (world, random, device) -> {
            note(world, device, "loses its power");
            world.tally().count(Event.DEVICE_POWER_CUTS);
            device.die(true);
          })),
  FREEZE_DEVICE(
      2,
      onAnyDevice(
          (world, random, device) -> {
            if (device.isFrozen()) {
              note(world, device, "goes on");
              device.freeze(false);
            } else if (device.isUsable()) {
              note(world, device, "stands still");
              world.tally().count(Event.FREEZES);
              device.freeze(true);
            }
          })),
  OCCUPY_EDITOR(
      2,
      onDevice(
          (world, random, device) -> {
            note(world, device, device.isBusy() ? "listens again" : "is busy");
            world.tally().count(Event.BUSY_EDITORS);
            device.occupy(!device.isBusy());
          })),
  REJECT(
      1,
      onDevice(
          (world, random, device) -> {
            note(world, device, device.isRejecting() ? "takes tasks again" : "rejects tasks");
            world.tally().count(Event.REJECTING_EDITORS);
            device.reject(!device.isRejecting());
          })),
  COPY_DEVICE(
      1,
      onDevice(
          (world, random, device) -> {
            if (world.devices().size() < Action.MAX_DEVICES) {
              note(world, device, "is copied, disk and all");
              world.tally().count(Event.COPIES);
              world.copy(device);
            }
          })),
  BACK_UP(
      1,
      onDevice(
          (world, random, device) -> {
            note(world, device, "is backed up");
            device.backUp();
          })),
  RESTORE(
      1,
      onDevice(
          (world, random, device) -> {
            if (device.hasBackup()) {
              note(world, device, "is put back to its backup");
              world.tally().count(Event.COPIES);
              device.restore();
            }
          })),
  ROT(
      2,
      onDevice(
          (world, random, device) -> {
            note(world, device, "is switched off, and bits of its disk flip");
            world.tally().count(Event.ROTTEN);
            device.switchOff(device::rot);
          })),
  SET_CLOCK(
      1,
      onAnyDevice(
          (world, random, device) -> {
            long seconds = random.nextLong(-100_000_000, 100_000_000);
            note(world, device, "has its clock set by " + seconds + " s");
            world.tally().count(Event.CLOCK_JUMPS);
            device.setClock(seconds);
          })),
  FILL_DISK(
      2,
      (world, random) -> {
        Disk disk = anyDisk(world, random);
        disk.fill(!disk.isFull(), world.time().nanos());
        world.chronicle().note("disk", disk + (disk.isFull() ? " is full" : " has room again"));
        if (disk.isFull()) {
          world.tally().count(Event.DISKS_FULL);
        }
      }),
  BREAK_DISK(
      2,
      (world, random) -> {
        Disk disk = anyDisk(world, random);
        disk.fail(!disk.isFailing(), world.time().nanos());
        world.chronicle().note("disk", disk + (disk.isFailing() ? " fails" : " works again"));
        if (disk.isFailing()) {
          world.tally().count(Event.DISK_ERRORS);
        }
      }),
  KILL_RELAY(
      2,
      onRelay(Event.RELAY_KILLS, "is killed", (world, random, host) -> die(host, false, random))),
  CUT_POWER_OF_RELAY(
      2,
      onRelay(
          Event.RELAY_POWER_CUTS,
          "loses its power",
          (world, random, host) -> die(host, true, random))),
  DRAIN_RELAY(2, onRelay(Event.DRAINS, "is about to stop", (world, random, host) -> host.drain())),
  UPGRADE_RELAY(
      1,
      onRelay(
          Event.UPGRADES,
          "is about to stop, for another version",
          (world, random, host) -> {
            host.changeVersion();
            host.drain();
          })),
  TURN_AWAY(
      1,
      onAnyDevice(
          (world, random, device) -> {
            boolean let = world.doorkeeper().turnAway(device);
            world.tally().count(Event.REFUSALS);
            note(world, device, let ? "is let in again" : "is to be let in no more");
          })),
  LET_READ(
      1,
      onAnyDevice(
          (world, random, device) -> {
            boolean let = world.doorkeeper().letRead(device);
            world.tally().count(Event.REFUSALS);
            note(world, device, let ? "may write again" : "may only read");
          })),
  HOSTILE_VISIT(
      2,
      onRelay(
          Event.HOSTILE_CLIENTS,
          "is visited by somebody hostile",
          (world, random, host) -> world.visit(host, random))),
  FREEZE_RELAY(
      1,
      (world, random) -> {
        RelayHost host = anyOf(world.hosts(), random);
        if (host.isFrozen()) {
          world.chronicle().note(host.toString(), "goes on");
          host.freeze(false);
        } else if (host.accepts()) {
          world.chronicle().note(host.toString(), "stands still");
          world.tally().count(Event.FREEZES);
          host.freeze(true);
        }
      }),
  TYPE_ON(
      1,
      onText(
          (world, random, each) -> {
            note(world, each, "types on and on");
            typeOn(world, each, 80 + random.nextInt(80));
          }));

  private static final int MAX_DEVICES = 6;

  /** Longer than a relay gathers what it writes. */
  private static final long KEY_NANOS = Duration.ofMillis(110).toNanos();

  private final int weight;

  @SuppressWarnings("ImmutableEnumChecker") // None of them holds anything.
  private final Play play;

  Action(int weight, Play play) {
    this.weight = weight;
    this.play = play;
  }

  /** What happens. */
  private interface Play {
    void in(World world, RandomGenerator random);
  }

  /** What happens to somebody. */
  private interface Use<T> {
    void of(World world, RandomGenerator random, T user);
  }

  /** Does it. */
  void play(World world, RandomGenerator random) {
    play.in(world, random);
  }

  /** Returns one of all, by their weights. */
  static Action any(RandomGenerator random) {
    int sum = 0;
    for (Action each : values()) {
      sum += each.weight;
    }
    int draw = random.nextInt(sum);
    for (Action each : values()) {
      draw -= each.weight;
      if (draw < 0) {
        return each;
      }
    }
    throw new AssertionError(draw);
  }

  private static <T> T anyOf(List<T> all, RandomGenerator random) {
    return all.get(random.nextInt(all.size()));
  }

  private static Disk anyDisk(World world, RandomGenerator random) {
    int draw = random.nextInt(world.devices().size() + 1);
    return draw == 0 ? world.vault().disk : world.devices().get(draw - 1).disk();
  }

  private static void note(World world, Device device, String what) {
    world.chronicle().note(device.toString(), what);
  }

  private static void note(World world, OpenText each, String what) {
    world.chronicle().note(each.device().toString(), what + " in " + each.text.documentId());
  }

  /** To a text that is open on a device that is on. */
  private static Play onText(Use<OpenText> use) {
    return onDevice(
        (world, random, device) -> {
          List<OpenText> texts = device.texts();
          if (!texts.isEmpty()) {
            use.of(world, random, anyOf(texts, random));
          }
        });
  }

  /** To a device that is on. */
  private static Play onDevice(Use<Device> use) {
    return onDeviceThat(device -> true, use);
  }

  /** To a device that is on and something else. */
  private static Play onDeviceThat(Predicate<Device> is, Use<Device> use) {
    return (world, random) -> {
      List<Device> some = world.devices().stream().filter(Device::isUsable).filter(is).toList();
      if (!some.isEmpty()) {
        use.of(world, random, anyOf(some, random));
      }
    };
  }

  /** To a device, whether it is on or not. */
  private static Play onAnyDevice(Use<Device> use) {
    return (world, random) -> use.of(world, random, anyOf(world.devices(), random));
  }

  /** To a relay that is on. */
  private static Play onRelay(Event event, String what, Use<RelayHost> use) {
    return (world, random) -> {
      RelayHost host = anyOf(world.hosts(), random);
      if (host.accepts() && !host.isFrozen()) {
        world.chronicle().note(host.toString(), what);
        world.tally().count(event);
        use.of(world, random, host);
      }
    };
  }

  /** Types key by key, each of which is stored and sent alone, as long as it can. */
  private static void typeOn(World world, OpenText each, int keys) {
    Device device = each.device();
    if (keys > 0 && !world.isHealing() && device.isUsable() && device.texts().contains(each)) {
      each.text.insert(each.text.length(), "k");
      world.tally().count(Event.EDITS);
      world.time().at(KEY_NANOS, () -> typeOn(world, each, keys - 1));
    }
  }

  private static void die(RelayHost host, boolean power, RandomGenerator random) {
    long[] pauses = {1, Duration.ofSeconds(1).toNanos(), Duration.ofSeconds(20).toNanos()};
    host.die(power, pauses[random.nextInt(pauses.length)]);
  }
}
