package dev.weft.lab.day;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.day.Plan.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final List<String> PEOPLE = List.of("ann", "bob");

  @Test
  void shouldFollowFromSeedAlone() {
    Duration day = Duration.ofMinutes(5);

    assertThat(Plan.draw(1, day, PEOPLE, "bob")).isEqualTo(Plan.draw(1, day, PEOPLE, "bob"));
    assertThat(Plan.draw(1, day, PEOPLE, "bob")).isNotEqualTo(Plan.draw(2, day, PEOPLE, "bob"));
  }

  @Test
  void shouldHealEachFaultBeforeNextOfItsLaneAndWithinDay() {
    for (int seed = 0; seed < 200; seed++) {
      Duration day = Duration.ofSeconds(20 + seed);
      for (List<Fault> lane : Plan.draw(seed, day, PEOPLE, "bob").lanes().values()) {
        long free = 0;
        for (Fault fault : lane) {
          assertThat(fault.atMillis()).as("seed %d", seed).isGreaterThanOrEqualTo(free);
          free = fault.atMillis() + fault.millis();
        }
        assertThat(free).as("seed %d", seed).isLessThanOrEqualTo(day.toMillis());
      }
    }
  }

  @Test
  void shouldFillNoDiskWhereThereIsNone() {
    Plan plan = Plan.draw(1, Duration.ofMinutes(30), PEOPLE, "");

    assertThat(plan.lanes().values())
        .allSatisfy(
            lane -> assertThat(lane).isNotEmpty().noneMatch(each -> each.kind().needsSmallDisk()));
  }
}
