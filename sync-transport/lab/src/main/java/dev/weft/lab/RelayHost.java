package dev.weft.lab;

import dev.weft.lab.Tally.Event;
import dev.weft.relay.FanOut;
import dev.weft.relay.RelayProcess;
import dev.weft.relay.RelayProcess.Figure;
import java.util.Locale;

/** A machine on which a relay runs, or does not. Confined to the simulation's thread. */
final class RelayHost {
  private final World world;
  private final String name;
  private RelayProcess process;
  private News.Relay news;
  private boolean up;
  private boolean draining;
  private boolean frozen;
  private long awakeAtNanos;

  /** Whether it speaks the next version of the protocol, once it is started anew. */
  private boolean next;

  RelayHost(World world, int number) {
    this.world = world;
    this.name = String.format(Locale.ROOT, "relay%d", number);
    start();
  }

  private void start() {
    Climate climate = world.climate();
    news = world.news().relay();
    process =
        new RelayProcess(
            world.time(),
            world.fork(),
            world.vault().store(),
            climate.relayDiskNanos(),
            climate.relays() > 1 ? news : FanOut.none(),
            world.doorkeeper(),
            next,
            climate.tight());
    up = true;
    draining = false;
    frozen = false;
  }

  /** The process is over: what it has counted counts. */
  private void end() {
    process.kill();
    news.die();
    up = false;
    tally();
  }

  /** Counts what the process has counted. Called once for each. */
  void tally() {
    Tally tally = world.tally();
    tally.count(Event.THROTTLES, process.count(Figure.THROTTLES));
    tally.count(Event.CONFLATIONS, process.count(Figure.CONFLATIONS));
    tally.count(Event.SHED, process.count(Figure.SHED));
    tally.count(Event.RELAY_SAVES_REFUSED, process.count(Figure.SAVES_REFUSED));
    tally.count(Event.FAILED_WRITES, process.count(Figure.FAILED_WRITES));
  }

  /** Is to speak the next version of the protocol when it comes back, or no more. */
  void changeVersion() {
    next = !next;
  }

  RelayProcess process() {
    return process;
  }

  boolean isUp() {
    return up;
  }

  boolean accepts() {
    return up && !draining;
  }

  /** Ends the process; the machine too, if {@code power}. It comes back after {@code nanos}. */
  void die(boolean power, long nanos) {
    end();
    world.network().relayDied(this);
    if (world.climate().relays() == 1) {
      // Nobody else has the store.
      world.vault().crash(power);
    }
    world.time().at(nanos, this::comeBack);
  }

  private void comeBack() {
    if (!up) {
      world.chronicle().note(name, "is up");
      start();
    }
  }

  /** Stops in good order, and comes back a little later. */
  void drain() {
    draining = true;
    RelayProcess drained = process;
    World.whenDone(
        drained.drain(),
        (done, failure) -> {
          if (failure != null) {
            throw new Falsehood(Promise.NOTHING_IS_THROWN, name + " cannot drain", failure);
          }
          if (process == drained && up) {
            world.chronicle().note(name, "is drained");
            end();
            world.network().relayDied(this);
            world.time().at(1, this::comeBack);
          }
        });
  }

  /** Returns when it knows what went on while it stood still. */
  long awakeAtNanos() {
    return awakeAtNanos;
  }

  boolean isFrozen() {
    return frozen;
  }

  void freeze(boolean on) {
    if (up) {
      frozen = on;
      awakeAtNanos = world.time().nanos() + Device.STALE_AFTER.toNanos();
      process.freeze(on);
    }
  }

  /** Comes back at once, whatever was to be waited for. */
  void heal() {
    if (frozen) {
      freeze(false);
    }
    comeBack();
  }

  @Override
  public String toString() {
    return name;
  }
}
