package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.client.Workshop.Device;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Devices that type, save, go offline, crash and come back, against a relay that loses messages,
 * crashes and is cut off, all by one seed. After every schedule the network heals, and then all
 * must be equal, with nothing lost that was safe and nothing there twice; and every status shown on
 * the way must have been true.
 */
class ClientSimulation {
  private static final int SEEDS = Integer.getInteger("weft.seeds", 20);
  private static final int STEPS = 60;

  @TempDir Path directory;

  private final List<Throwable> unhandled = new ArrayList<>();

  @BeforeEach
  void listen() {
    Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> unhandled.add(thrown));
  }

  @AfterEach
  void stopListening() {
    Thread.currentThread().setUncaughtExceptionHandler(null);
  }

  @Test
  void shouldConvergeAndKeepItsWordUnderAnySchedule() {
    Seeds.play(
        ClientSimulation.class,
        SEEDS,
        seed -> {
          new Schedule(directory.resolve("seed" + seed), seed).play();
          assertThat(unhandled).isEmpty();
        });
  }

  /** One schedule of faults and edits. */
  private static final class Schedule {
    private static final List<String> NAMES = List.of("ann", "bob", "cat");

    private final RandomGenerator random;
    private final Workshop workshop;
    private final List<Device> devices = new ArrayList<>();
    private final List<CompletableFuture<Void>> saves = new ArrayList<>();
    private final List<SaveReceipt> brokenPromises = new ArrayList<>();
    private final List<String> typed = new ArrayList<>();
    private VersionVector safe = VersionVector.EMPTY;
    private boolean crashed;
    private int words;

    Schedule(Path directory, long seed) {
      if (!directory.toFile().mkdirs()) {
        throw new AssertionError("not created: " + directory);
      }
      workshop = new Workshop(directory, seed);
      random = workshop.random;
    }

    void play() {
      workshop.relay.lossOfEdits = random.nextInt(3) == 0 ? 0.2 : 0;
      workshop.relay.maxDelayNanos = Duration.ofMillis(random.nextBoolean() ? 2 : 300).toNanos();
      for (String name : NAMES) {
        switchOn(name);
      }
      for (int i = 0; i < STEPS; i++) {
        step();
        workshop.run(
            Duration.ofMillis(random.nextInt(4) == 0 ? random.nextInt(8_000) : random.nextInt(60)));
      }
      heal();
      check();
      devices.forEach(Device::close);
    }

    private void switchOn(String name) {
      Device device = workshop.device(name);
      devices.add(device);
      device.text.onStatus(status -> checkTrue(device, status));
    }

    /** What the status claims, the model knows. */
    private void checkTrue(Device device, SyncStatus status) {
      if (!devices.contains(device)) {
        return;
      }
      if (status.saves() == Saves.SAVED) {
        assertThat(workshop.relay.durable("notes").includes(device.text.version()))
            .as("%s shows %s", device.name, status)
            .isTrue();
      }
      if (status.unstoredChanges() == 0) {
        assertThat(device.store.version(Workshop.DOCUMENT).includes(device.text.version()))
            .as("%s shows %s", device.name, status)
            .isTrue();
      }
    }

    private void step() {
      Device device = devices.get(random.nextInt(devices.size()));
      switch (random.nextInt(14)) {
        case 0 -> workshop.relay.cut("the connection was cut");
        case 1 -> workshop.relay.crash();
        case 2 -> workshop.relay.reachable = random.nextInt(3) > 0;
        case 3 -> workshop.relay.silent = random.nextInt(4) == 0;
        case 4 -> device.client.disconnect();
        case 5 -> device.client.reconnect();
        case 6 -> restart(device);
        case 7, 8 -> save(device);
        default -> type(device);
      }
    }

    private void type(Device device) {
      String word = "<" + device.name + words++ + ">";
      device.text.insert(random.nextInt(device.text.length() + 1), word.substring(0, 1));
      // Inside the word, so that it stays together: others' words come between, not into it.
      int at = device.text.read(document -> document.text().lastIndexOf('<', document.length()));
      typed.add(word);
      device.text.insert(at + 1, word.substring(1));
    }

    private void save(Device device) {
      saves.add(
          device
              .text
              .save()
              .thenAccept(
                  receipt -> {
                    safe = safe.merge(receipt.version());
                    if (!workshop.relay.durable("notes").includes(receipt.version())) {
                      brokenPromises.add(receipt);
                    }
                  }));
    }

    private void restart(Device device) {
      if (random.nextBoolean()) {
        device.close();
      } else {
        crashed = true;
        device.crash();
      }
      devices.remove(device);
      switchOn(device.name);
      Device again = devices.get(devices.size() - 1);
      safe = safe.merge(again.text.version());
    }

    private void heal() {
      workshop.relay.reachable = true;
      workshop.relay.silent = false;
      workshop.relay.lossOfEdits = 0;
      for (Device device : devices) {
        device.client.reconnect();
        safe = safe.merge(device.text.version());
      }
      workshop.await(
          () ->
              "all in step and saved: " + devices + ", relay at " + workshop.relay.durable("notes"),
          () -> devices.stream().allMatch(this::isInStepAndSaved));
    }

    private boolean isInStepAndSaved(Device device) {
      SyncStatus status = device.text.status();
      return status.connection() == Connection.LIVE
          && status.saves() == Saves.SAVED
          && device.text.version().equals(workshop.relay.durable("notes"));
    }

    private void check() {
      workshop.await(
          "no save waits",
          () ->
              devices.stream()
                  .allMatch(device -> device.store.pendingSaves(Workshop.DOCUMENT).isEmpty()));
      assertThat(brokenPromises).isEmpty();
      assertThat(saves).allMatch(save -> crashed || save.isDone());
      String text = devices.get(0).text.text();
      VersionVector version = devices.get(0).text.version();
      for (Device device : devices) {
        assertThat(device.text.text()).isEqualTo(text);
        assertThat(device.text.version()).isEqualTo(version);
      }
      assertThat(version.includes(safe)).as("%s includes %s", version, safe).isTrue();
      long units = 0;
      for (ReplicaId replica : version.replicas()) {
        units += version.next(replica);
      }
      assertThat(text).as("each unit is there once").hasSize(Math.toIntExact(units));
      if (!crashed) {
        assertThat(text).hasSize(String.join("", typed).length());
      }
    }
  }
}
