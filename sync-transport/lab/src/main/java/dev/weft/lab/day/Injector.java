package dev.weft.lab.day;

import dev.weft.client.FaultyProxy;
import dev.weft.lab.day.Plan.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Does what the plan says, each lane on a thread of its own, and notes what it did. */
final class Injector {
  private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  private final Relay relay;
  private final @Nullable SmallDisk relayDisk;
  private final Map<String, Person> people;
  private final @Nullable SmallDisk clientDisk;
  private final Queue<Span> spans = new ConcurrentLinkedQueue<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  /** What was done to whom, from when to when, until it was put right again. */
  record Span(String lane, FaultKind kind, long fromMicros, long toMicros) {}

  Injector(
      Relay relay,
      @Nullable SmallDisk relayDisk,
      Map<String, Person> people,
      @Nullable SmallDisk clientDisk) {
    this.relay = relay;
    this.relayDisk = relayDisk;
    this.people = people;
    this.clientDisk = clientDisk;
  }

  /** Plays a plan; returns when all is healed. */
  void play(Plan plan) throws InterruptedException {
    long began = System.nanoTime();
    List<Thread> lanes = new ArrayList<>();
    plan.lanes()
        .forEach(
            (lane, faults) -> {
              Thread thread = new Thread(() -> play(began, lane, faults), lane);
              thread.setDaemon(true);
              thread.start();
              lanes.add(thread);
            });
    for (Thread lane : lanes) {
      lane.join();
    }
  }

  private void play(long began, String lane, List<Fault> faults) {
    try {
      for (Fault fault : faults) {
        long at = began + TimeUnit.MILLISECONDS.toNanos(fault.atMillis());
        TimeUnit.NANOSECONDS.sleep(at - System.nanoTime());
        long from = Line.nowMicros();
        try {
          inflict(lane, fault);
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
          failures.add(lane + ", " + fault.kind().words + ": " + e);
        }
        spans.add(new Span(lane, fault.kind(), from, Line.nowMicros()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void inflict(String lane, Fault fault) throws IOException, InterruptedException {
    switch (fault.kind()) {
      case RELAY_KILL -> {
        relay.kill();
        last(fault);
        relay.start();
      }
      case RELAY_FREEZE -> {
        relay.freeze(true);
        last(fault);
        relay.freeze(false);
      }
      case RELAY_UPGRADE -> {
        relay.stop();
        relay.start();
      }
      case RELAY_DISK -> fill(relayDisk, fault);
      case CLIENT_DISK -> fill(clientDisk, fault);
      case CLIENT_KILL -> {
        Person person = person(lane);
        person.kill();
        last(fault);
        person.start();
      }
      case CLIENT_FREEZE -> {
        Person person = person(lane);
        person.freeze(true);
        last(fault);
        person.freeze(false);
      }
      case CUT -> link(lane).cut();
      case DELAY -> {
        link(lane).delay(DELAY_NANOS);
        spoil(link(lane), FaultyProxy.Fault.DELAY, fault);
      }
      case THROTTLE -> spoil(link(lane), FaultyProxy.Fault.THROTTLE, fault);
      case BLACK_HOLE -> spoil(link(lane), FaultyProxy.Fault.BLACKHOLE, fault);
      case REFUSE -> {
        FaultyProxy link = link(lane);
        link.inflict(FaultyProxy.Fault.REFUSE);
        link.cut();
        last(fault);
        link.inflict(FaultyProxy.Fault.NONE);
      }
    }
  }

  private static void fill(@Nullable SmallDisk disk, Fault fault)
      throws IOException, InterruptedException {
    if (disk == null) {
      throw new IOException("there is no small disk");
    }
    disk.fill();
    last(fault);
    disk.free();
  }

  private static void spoil(FaultyProxy link, FaultyProxy.Fault how, Fault fault)
      throws InterruptedException {
    link.inflict(how);
    last(fault);
    link.inflict(FaultyProxy.Fault.NONE);
  }

  private static void last(Fault fault) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(fault.millis());
  }

  private Person person(String lane) {
    Person person = people.get(lane);
    if (person == null) {
      throw new IllegalStateException("there is no " + lane);
    }
    return person;
  }

  private FaultyProxy link(String lane) {
    for (Person person : people.values()) {
      if (Plan.linkOf(person.name()).equals(lane)) {
        return person.link();
      }
    }
    throw new IllegalStateException("there is no " + lane);
  }

  List<Span> spans() {
    return List.copyOf(spans);
  }

  /** Returns what could not be done or healed. */
  List<String> failures() {
    return List.copyOf(failures);
  }
}
