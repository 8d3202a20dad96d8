package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Saves;
import dev.weft.client.Workshop.Device;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Edits that are refused for good at any moment, and sent again at any moment, while disks are
 * full, connections end and processes die. Once nothing is refused any more, all that was typed and
 * stored is at the relay once, no letter is left, and no status claimed anything else.
 *
 * <p>{@code -Dweft.seed=S} plays one schedule, which a failure names.
 */
class RefusalSimulation {
  private static final int SEEDS = 80;
  private static final int STEPS = 25;
  private static final List<String> CODES =
      List.of(Codes.MALFORMED, Codes.TOO_LARGE, Codes.READ_ONLY);

  @TempDir Path directory;

  @Test
  void shouldKeepRefusedEditsUntilTheyAreTaken() {
    Seeds.play(
        RefusalSimulation.class,
        SEEDS,
        seed -> new Schedule(directory.resolve("seed" + seed), seed).play());
  }

  /** One schedule of refusals, faults and edits. */
  private static final class Schedule {
    private final Workshop workshop;
    private final RandomGenerator random;
    private final Device ben;
    private Device ann;
    private int typed;

    Schedule(Path directory, long seed) {
      if (!directory.toFile().mkdirs()) {
        throw new AssertionError("not created: " + directory);
      }
      workshop = new Workshop(directory, seed);
      random = workshop.random;
      ben = workshop.device("ben");
      ann = workshop.device("ann");
    }

    void play() {
      for (int i = 0; i < STEPS; i++) {
        step();
        workshop.run(Duration.ofMillis(random.nextInt(400)));
        SyncStatus status = ann.text.status();
        if (status.saves() == Saves.SAVED) {
          assertThat(workshop.relay.durable("notes").includes(ann.text.version()))
              .as("shows %s", status)
              .isTrue();
        }
      }
      heal();
      check();
    }

    private void step() {
      switch (random.nextInt(11)) {
        case 0, 1, 2 -> {
          ann.text.insert(ann.text.length(), "a");
          typed++;
        }
        case 3 -> ben.text.insert(0, "b");
        case 4 -> workshop.relay.refuseEdits = null;
        case 5 -> refuse();
        case 6 -> ann.text.retryRefused();
        case 7 -> {
          ann.client.disconnect();
          workshop.run(Duration.ofMillis(random.nextInt(300)));
          ann.client.reconnect();
        }
        case 8 -> restart();
        case 9 -> {
          ann.store.full = random.nextBoolean();
          workshop.run(Duration.ofMillis(random.nextInt(1_500)));
          ann.store.full = false;
        }
        default -> {
          CompletableFuture<SaveReceipt> unused = ann.text.save();
        }
      }
    }

    private void refuse() {
      String code = CODES.get(random.nextInt(CODES.size()));
      workshop.relay.refuseEdits = Refusal.forGood(code, "no");
      workshop.relay.refuseByChannel = random.nextBoolean();
      boolean told = code.equals(Codes.READ_ONLY) && random.nextBoolean();
      workshop.relay.access = told ? RelayMessage.Access.READ : RelayMessage.Access.WRITE;
    }

    /** What is not stored yet, a crash loses: here all of it is. */
    private void restart() {
      workshop.run(Duration.ofSeconds(1));
      if (random.nextBoolean()) {
        ann.close();
      } else {
        ann.crash();
      }
      ann = workshop.device("ann");
    }

    private void heal() {
      workshop.relay.refuseEdits = null;
      workshop.relay.access = RelayMessage.Access.WRITE;
      for (Device device : List.of(ann, ben)) {
        device.client.disconnect();
        device.client.reconnect();
        workshop.run(Duration.ofSeconds(2));
        device.text.retryRefused();
      }
      workshop.await(
          () ->
              ann
                  + " and "
                  + ben
                  + " in step and saved, relay at "
                  + workshop.relay.durable("notes"),
          () -> isSaved(ann) && isSaved(ben) && ann.text.version().equals(ben.text.version()));
      workshop.await("noted", () -> ann.store.pendingSaves(Workshop.DOCUMENT).isEmpty());
      workshop.await("forgotten", () -> ann.store.deadLetters(Workshop.DOCUMENT).isEmpty());
    }

    private boolean isSaved(Device device) {
      return device.text.status().saves() == Saves.SAVED && device.text.deadLetters().isEmpty();
    }

    private void check() {
      assertThat(ann.text.status().degradations()).isEmpty();
      assertThat(ann.text.text()).isEqualTo(ben.text.text());
      assertThat(ann.text.text().chars().filter(unit -> unit == 'a').count()).isEqualTo(typed);
      ann.close();
      ben.close();
    }
  }
}
