package dev.weft.lab;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Under what conditions a run is made: what is there, and what is bad all the time. Immutable.
 *
 * @param devices how many devices there are at first
 * @param documents how many documents
 * @param relays how many relays share one store
 * @param maxLatencyNanos how late what is sent arrives, at most
 * @param windowBytes how many bytes a connection takes that nobody reads
 * @param deviceDiskNanos how late a device's disk is, at most
 * @param relayDiskNanos how late the relays' is
 * @param tight whether the relays have room for so little that queues overflow
 * @param lossy whether frames are lost and doubled that may be
 * @param polling how many of the devices poll at first
 * @param barrier what keeps WebSockets from them; none if they are told to poll, for ever
 * @param next how many of the devices, from the last on, speak the next version of the protocol
 * @param tokenLife for how long a token is good; null: for ever
 */
record Climate(
    int devices,
    int documents,
    int relays,
    long maxLatencyNanos,
    int windowBytes,
    long deviceDiskNanos,
    long relayDiskNanos,
    boolean tight,
    boolean lossy,
    int polling,
    Barrier barrier,
    int next,
    @Nullable Duration tokenLife) {

  static Climate of(RandomGenerator random) {
    int devices = 2 + random.nextInt(3);
    return new Climate(
        devices,
        1 + random.nextInt(2),
        random.nextInt(3) == 0 ? 2 : 1,
        Duration.ofMillis(random.nextBoolean() ? 2 : 300).toNanos(),
        random.nextBoolean() ? 1_000 : 64 << 10,
        Duration.ofMillis(2).toNanos(),
        Duration.ofMillis(random.nextBoolean() ? 2 : 50).toNanos(),
        random.nextInt(3) == 0,
        random.nextInt(3) == 0,
        random.nextInt(3) == 0 ? 1 + random.nextInt(devices) : 0,
        random.nextInt(3) == 0 ? Barrier.NONE : Barrier.any(random),
        random.nextInt(devices + 1),
        random.nextInt(4) == 0 ? Duration.ofSeconds(2 + random.nextInt(20)) : null);
  }
}
