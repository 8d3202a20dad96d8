package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every promise is kept under any schedule of faults; a failure says how to see it. */
class LabSimulation {
  private static final int SEEDS = Integer.getInteger("weft.labSeeds", 300);
  private static final Path KNOWN = Path.of("src/test/schedules");

  private Laboratory laboratory;

  @BeforeEach
  void open() throws IOException {
    laboratory = new Laboratory();
  }

  @AfterEach
  void close() throws IOException {
    laboratory.close();
  }

  @Test
  @Timeout(3_600)
  void shouldKeepEveryPromiseUnderAnySchedule() throws InterruptedException {
    Campaign.Result result =
        new Campaign(laboratory.simulation(), Runtime.getRuntime().availableProcessors())
            .play(1, SEEDS);

    System.out.println(SEEDS + " schedules: " + result.tally());
    assertThat(result.failures()).as(() -> Campaign.describe(result)).isEmpty();
  }

  static List<Path> known() throws IOException {
    try (Stream<Path> files = Files.list(KNOWN)) {
      return files.sorted().toList();
    }
  }

  /** What was found once, each with a line that says what it was. */
  @ParameterizedTest
  @MethodSource("known")
  void shouldNotComeBack(Path file) throws IOException {
    Simulation.Outcome outcome = laboratory.simulation().play(ScheduleFile.read(file), null);

    assertThat(outcome.failure()).isNull();
  }

  @Test
  void shouldPlayEqualSeedsEqually() {
    for (int seed = 1; seed <= 20; seed++) {
      Simulation.Outcome once = laboratory.simulation().play(Schedule.of(seed), null);
      Simulation.Outcome again = laboratory.simulation().play(Schedule.of(seed), null);

      assertThat(again.digest()).as("seed %d", seed).isEqualTo(once.digest());
    }
  }
}
