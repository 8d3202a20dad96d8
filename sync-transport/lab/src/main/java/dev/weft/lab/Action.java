package dev.weft.lab;

import dev.weft.client.Guarantee;
import dev.weft.client.SharedText;
import dev.weft.crdt.Selection;
import dev.weft.lab.Device.OpenText;
import dev.weft.lab.Tally.Event;
import dev.weft.store.DocumentId;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** What can happen at a moment: to somebody, as chance has it. */
enum Action {
  TYPE(30) {
    @Override
    void play(World world, RandomGenerator random) {
      withText(
          world,
          random,
          each -> {
            SharedText text = each.text;
            String typed = "abcdefgh".substring(0, 1 + random.nextInt(8));
            int index = random.nextInt(text.length() + 1);
            note(world, each, "types \"" + typed + "\" at " + index);
            text.insert(index, typed);
            world.tally().count(Event.EDITS);
          });
    }
  },
  PASTE(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withText(
          world,
          random,
          each -> {
            String pasted = "lorem ipsum ".repeat(20 + random.nextInt(1_000));
            int index = random.nextInt(each.text.length() + 1);
            note(world, each, "pastes " + pasted.length() + " units at " + index);
            each.text.insert(index, pasted);
            world.tally().count(Event.EDITS);
          });
    }
  },
  DELETE(6) {
    @Override
    void play(World world, RandomGenerator random) {
      withText(
          world,
          random,
          each -> {
            int length = each.text.length();
            if (length > 0) {
              int start = random.nextInt(length);
              int end = start + 1 + random.nextInt(Math.min(length - start, 20));
              note(world, each, "deletes from " + start + " to " + end);
              each.text.delete(start, end);
              world.tally().count(Event.EDITS);
            }
          });
    }
  },
  UNDO(3) {
    @Override
    void play(World world, RandomGenerator random) {
      withText(
          world,
          random,
          each -> {
            boolean redo = random.nextInt(3) == 0;
            note(world, each, redo ? "redoes" : "undoes");
            boolean unused = (redo ? each.undo.redo() : each.undo.undo()).isPresent();
          });
    }
  },
  POINT(3) {
    @Override
    void play(World world, RandomGenerator random) {
      withText(
          world,
          random,
          each -> {
            int at = random.nextInt(each.text.length() + 1);
            note(world, each, "points at " + at);
            each.text.presence().select(Selection.caret(at));
          });
    }
  },
  SAVE(10) {
    @Override
    void play(World world, RandomGenerator random) {
      withText(
          world,
          random,
          each -> {
            note(world, each, "saves at " + each.text.version());
            each.save(null, null);
          });
    }
  },
  SAVE_WITH_DEADLINE(3) {
    @Override
    void play(World world, RandomGenerator random) {
      withText(
          world,
          random,
          each -> {
            Duration deadline = Duration.ofMillis(1 + random.nextInt(5_000));
            note(world, each, "saves within " + deadline.toMillis() + " ms");
            each.save(null, deadline);
          });
    }
  },
  SAVE_HERE(3) {
    @Override
    void play(World world, RandomGenerator random) {
      withText(
          world,
          random,
          each -> {
            note(world, each, "saves on this device");
            each.save(Guarantee.DEVICE, null);
          });
    }
  },
  SAVE_SAFER(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withText(
          world,
          random,
          each -> {
            note(world, each, "saves on two machines");
            each.save(Guarantee.replicated(2), null);
          });
    }
  },
  CUT(4) {
    @Override
    void play(World world, RandomGenerator random) {
      Device device = anyOf(world.devices(), random);
      note(world, device, "is cut off");
      world.network().cut(device.port());
    }
  },
  PARTITION(3) {
    @Override
    void play(World world, RandomGenerator random) {
      Device device = anyOf(world.devices(), random);
      Port port = device.port();
      port.reachable = !port.reachable;
      note(world, device, port.reachable ? "reaches the relay again" : "cannot reach the relay");
      if (!port.reachable) {
        world.tally().count(Event.PARTITIONS);
        world.network().cut(port);
      }
    }
  },
  BAR_WEBSOCKETS(2) {
    @Override
    void play(World world, RandomGenerator random) {
      Device device = anyOf(world.devices(), random);
      Port port = device.port();
      port.bar(port.barrier() == Barrier.NONE ? Barrier.any(random) : Barrier.NONE);
      note(world, device, "is where something " + port.barrier());
      if (port.barrier() != Barrier.NONE) {
        world.tally().count(Event.BARRIERS);
        if (random.nextBoolean()) {
          world.network().cut(port);
        }
      }
    }
  },
  BLACK_HOLE(3) {
    @Override
    void play(World world, RandomGenerator random) {
      Device device = anyOf(world.devices(), random);
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
    }
  },
  SLOW_LINK(2) {
    @Override
    void play(World world, RandomGenerator random) {
      Device device = anyOf(world.devices(), random);
      if (device.port().bytesPerSecond > 0) {
        note(world, device, "has a quick link again");
        device.port().bytesPerSecond = 0;
      } else {
        note(world, device, "has a link of 2 kB/s");
        world.tally().count(Event.SLOW_LINKS);
        device.port().bytesPerSecond = 2_000;
      }
    }
  },
  NETWORK_CHANGE(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withDevice(
          world,
          random,
          device -> {
            note(world, device, "changes its network");
            if (random.nextBoolean()) {
              world.network().cut(device.port());
            }
            device.process().client().networkChanged();
          });
    }
  },
  OFFLINE(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withDevice(
          world,
          random,
          device -> {
            note(world, device, "goes offline on purpose");
            device.goOffline(true);
          });
    }
  },
  ONLINE(3) {
    @Override
    void play(World world, RandomGenerator random) {
      withDevice(
          world,
          random,
          device -> {
            note(world, device, "connects");
            device.goOffline(false);
          });
    }
  },
  CLOSE_TEXT(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withText(
          world,
          random,
          each -> {
            note(world, each, "closes it");
            each.device().close(each);
          });
    }
  },
  OPEN_TEXT(3) {
    @Override
    void play(World world, RandomGenerator random) {
      withDevice(
          world,
          random,
          device -> {
            DocumentId document = anyOf(world.documents(), random);
            note(world, device, "opens " + document);
            device.open(document);
          });
    }
  },
  RESTART_DEVICE(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withDevice(
          world,
          random,
          device -> {
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
          });
    }
  },
  ROLL_BACK(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withOneOf(
          world.devices().stream().filter(each -> each.isUsable() && each.hasImage()).toList(),
          random,
          device -> {
            note(world, device, "is put back to its image");
            world.tally().count(Event.ROLL_BACKS);
            device.rollBack();
          });
    }
  },
  KILL_DEVICE(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withDevice(
          world,
          random,
          device -> {
            note(world, device, "is killed");
            world.tally().count(Event.DEVICE_KILLS);
            device.die(false);
          });
    }
  },
  CUT_POWER_OF_DEVICE(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withDevice(
          world,
          random,
          device -> {
            note(world, device, "loses its power");
            world.tally().count(Event.DEVICE_POWER_CUTS);
            device.die(true);
          });
    }
  },
  FREEZE_DEVICE(2) {
    @Override
    void play(World world, RandomGenerator random) {
      Device device = anyOf(world.devices(), random);
      if (device.isFrozen()) {
        note(world, device, "goes on");
        device.freeze(false);
      } else if (device.isUsable()) {
        note(world, device, "stands still");
        world.tally().count(Event.FREEZES);
        device.freeze(true);
      }
    }
  },
  OCCUPY_EDITOR(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withDevice(
          world,
          random,
          device -> {
            note(world, device, device.isBusy() ? "listens again" : "is busy");
            world.tally().count(Event.BUSY_EDITORS);
            device.occupy(!device.isBusy());
          });
    }
  },
  REJECT(1) {
    @Override
    void play(World world, RandomGenerator random) {
      withDevice(
          world,
          random,
          device -> {
            note(world, device, device.isRejecting() ? "takes tasks again" : "rejects tasks");
            world.tally().count(Event.REJECTING_EDITORS);
            device.reject(!device.isRejecting());
          });
    }
  },
  COPY_DEVICE(1) {
    @Override
    void play(World world, RandomGenerator random) {
      withDevice(
          world,
          random,
          device -> {
            if (world.devices().size() < MAX_DEVICES) {
              note(world, device, "is copied, disk and all");
              world.tally().count(Event.COPIES);
              world.copy(device);
            }
          });
    }
  },
  BACK_UP(1) {
    @Override
    void play(World world, RandomGenerator random) {
      withDevice(
          world,
          random,
          device -> {
            note(world, device, "is backed up");
            device.backUp();
          });
    }
  },
  RESTORE(1) {
    @Override
    void play(World world, RandomGenerator random) {
      withDevice(
          world,
          random,
          device -> {
            if (device.hasBackup()) {
              note(world, device, "is put back to its backup");
              world.tally().count(Event.COPIES);
              device.restore();
            }
          });
    }
  },
  ROT(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withDevice(
          world,
          random,
          device -> {
            note(world, device, "is switched off, and bits of its disk flip");
            world.tally().count(Event.ROTTEN);
            device.switchOff(device::rot);
          });
    }
  },
  SET_CLOCK(1) {
    @Override
    void play(World world, RandomGenerator random) {
      Device device = anyOf(world.devices(), random);
      long seconds = random.nextLong(-100_000_000, 100_000_000);
      note(world, device, "has its clock set by " + seconds + " s");
      world.tally().count(Event.CLOCK_JUMPS);
      device.setClock(seconds);
    }
  },
  FILL_DISK(2) {
    @Override
    void play(World world, RandomGenerator random) {
      Disk disk = anyDisk(world, random);
      disk.fill(!disk.isFull(), world.time().nanos());
      world.chronicle().note("disk", disk + (disk.isFull() ? " is full" : " has room again"));
      if (disk.isFull()) {
        world.tally().count(Event.DISKS_FULL);
      }
    }
  },
  BREAK_DISK(2) {
    @Override
    void play(World world, RandomGenerator random) {
      Disk disk = anyDisk(world, random);
      disk.fail(!disk.isFailing(), world.time().nanos());
      world.chronicle().note("disk", disk + (disk.isFailing() ? " fails" : " works again"));
      if (disk.isFailing()) {
        world.tally().count(Event.DISK_ERRORS);
      }
    }
  },
  KILL_RELAY(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withRelay(world, random, Event.RELAY_KILLS, "is killed", host -> die(host, false, random));
    }
  },
  CUT_POWER_OF_RELAY(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withRelay(
          world,
          random,
          Event.RELAY_POWER_CUTS,
          "loses its power",
          host -> die(host, true, random));
    }
  },
  DRAIN_RELAY(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withRelay(world, random, Event.DRAINS, "is about to stop", RelayHost::drain);
    }
  },
  UPGRADE_RELAY(1) {
    @Override
    void play(World world, RandomGenerator random) {
      withRelay(
          world,
          random,
          Event.UPGRADES,
          "is about to stop, for another version",
          host -> {
            host.changeVersion();
            host.drain();
          });
    }
  },
  TURN_AWAY(1) {
    @Override
    void play(World world, RandomGenerator random) {
      Device device = anyOf(world.devices(), random);
      boolean let = world.doorkeeper().turnAway(device);
      world.tally().count(Event.REFUSALS);
      note(world, device, let ? "is let in again" : "is to be let in no more");
    }
  },
  LET_READ(1) {
    @Override
    void play(World world, RandomGenerator random) {
      Device device = anyOf(world.devices(), random);
      boolean let = world.doorkeeper().letRead(device);
      world.tally().count(Event.REFUSALS);
      note(world, device, let ? "may write again" : "may only read");
    }
  },
  HOSTILE_VISIT(2) {
    @Override
    void play(World world, RandomGenerator random) {
      withRelay(
          world,
          random,
          Event.HOSTILE_CLIENTS,
          "is visited by somebody hostile",
          host -> Hostile.visit(world, host, random));
    }
  },
  FREEZE_RELAY(1) {
    @Override
    void play(World world, RandomGenerator random) {
      RelayHost host = anyOf(world.hosts(), random);
      if (host.isFrozen()) {
        world.chronicle().note(host.toString(), "goes on");
        host.freeze(false);
      } else if (host.accepts()) {
        world.chronicle().note(host.toString(), "stands still");
        world.tally().count(Event.FREEZES);
        host.freeze(true);
      }
    }
  },
  TYPE_ON(1) {
    @Override
    void play(World world, RandomGenerator random) {
      withText(
          world,
          random,
          each -> {
            note(world, each, "types on and on");
            typeOn(world, each, 80 + random.nextInt(80));
          });
    }
  };

  private static final int MAX_DEVICES = 6;

  /** Longer than a relay gathers what it writes. */
  private static final long KEY_NANOS = Duration.ofMillis(110).toNanos();

  private final int weight;

  Action(int weight) {
    this.weight = weight;
  }

  /** Does it. */
  abstract void play(World world, RandomGenerator random);

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

  /** Somebody who uses a device. */
  private interface Use<T> {
    void by(T user);
  }

  private static void withDevice(World world, RandomGenerator random, Use<Device> use) {
    withOneOf(world.devices().stream().filter(Device::isUsable).toList(), random, use);
  }

  private static <T> void withOneOf(List<T> some, RandomGenerator random, Use<T> use) {
    if (!some.isEmpty()) {
      use.by(anyOf(some, random));
    }
  }

  private static void withText(World world, RandomGenerator random, Use<OpenText> use) {
    withDevice(world, random, device -> withOneOf(device.texts(), random, use));
  }

  private static void withRelay(
      World world, RandomGenerator random, Event event, String what, Use<RelayHost> use) {
    RelayHost host = anyOf(world.hosts(), random);
    if (host.accepts() && !host.isFrozen()) {
      world.chronicle().note(host.toString(), what);
      world.tally().count(event);
      use.by(host);
    }
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
