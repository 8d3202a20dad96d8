package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Schedules, their files, and how they are made smaller. */
class ScheduleTest {
  @Test
  void shouldBeReadAsItWasWritten() {
    for (int seed = 0; seed < 100; seed++) {
      Schedule schedule = Schedule.of(seed);

      assertThat(ScheduleFile.parse("# one\n\n" + ScheduleFile.write(schedule)))
          .isEqualTo(schedule);
    }
  }

  @Test
  void shouldSayWhichLineIsNone() {
    assertThatThrownBy(() -> ScheduleFile.parse("seed 1\n7 DANCE seed=1 pauseNanos=2\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7 DANCE seed=1 pauseNanos=2");
    assertThatThrownBy(() -> ScheduleFile.parse("seed 1\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("climate");
  }

  @Test
  void shouldSayWhatIsWrongWithALine() {
    String good = ScheduleFile.write(Schedule.of(1));
    String steps = good.substring(good.indexOf('\n', good.indexOf("climate")) + 1);
    String first = steps.substring(0, steps.indexOf('\n') + 1);

    assertThatThrownBy(() -> ScheduleFile.parse(good + first))
        .hasMessageContaining("there is a step 0 already");
    assertThatThrownBy(() -> ScheduleFile.parse(good.replaceFirst("devices=\\d", "devices=0")))
        .hasMessageContaining("line 2: devices must be from 1 to 4, is 0");
    assertThatThrownBy(() -> ScheduleFile.parse(good.replaceFirst(" next=\\d", "")))
        .hasMessageContaining("line 2: there is no next");
  }

  @Test
  void shouldShrinkToTheStepsThatAFailureNeeds() {
    Schedule schedule = longOne();
    int first = schedule.steps().get(3).number();
    int second = schedule.steps().get(schedule.steps().size() - 2).number();
    AtomicInteger tries = new AtomicInteger();

    Schedule smallest =
        new Shrinker(
                each -> {
                  tries.incrementAndGet();
                  return numbers(each).containsAll(List.of(first, second));
                },
                1_000)
            .shrink(schedule);

    assertThat(numbers(smallest)).containsExactly(first, second);
    assertThat(tries.get()).isLessThan(150);
  }

  @Test
  void shouldShrinkNoLongerThanItMay() {
    AtomicInteger tries = new AtomicInteger();

    Schedule smallest =
        new Shrinker(
                each -> {
                  tries.incrementAndGet();
                  return false;
                },
                10)
            .shrink(longOne());

    assertThat(smallest).isEqualTo(longOne());
    assertThat(tries.get()).isEqualTo(10);
  }

  private static Schedule longOne() {
    int seed = 0;
    while (Schedule.of(seed).steps().size() < 60) {
      seed++;
    }
    return Schedule.of(seed);
  }

  private static List<Integer> numbers(Schedule schedule) {
    return schedule.steps().stream().map(Schedule.Step::number).toList();
  }
}
