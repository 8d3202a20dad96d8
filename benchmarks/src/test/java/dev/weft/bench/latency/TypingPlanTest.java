package dev.weft.bench.latency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.bench.latency.TypingPlan.Event;
import dev.weft.bench.latency.TypingPlan.Kind;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class TypingPlanTest {
  private static final TypingPlan PLAN =
      TypingPlan.of(20, 5, Duration.ofSeconds(2), Duration.ofSeconds(100), 7);

  @Test
  void shouldKeepThePaceOnAverage() {
    assertThat(count(Kind.KEYSTROKE)).isBetween(9_500L, 10_500L);
    assertThat(count(Kind.SAVE)).isBetween(900L, 1_100L);
  }

  @Test
  void shouldBeInTheOrderInWhichItIsDueAndEndInTime() {
    assertThat(PLAN.events()).isSortedAccordingTo(Comparator.comparingLong(Event::dueNanos));
    assertThat(PLAN.events().get(PLAN.events().size() - 1).dueNanos())
        .isLessThan(Duration.ofSeconds(100).toNanos());
  }

  @Test
  void shouldNumberEachWritersKeystrokesFromZero() {
    List<Integer> numbers =
        PLAN.events().stream()
            .filter(event -> event.writer() == 3 && event.kind() == Kind.KEYSTROKE)
            .map(Event::number)
            .toList();

    assertThat(numbers).hasSize(PLAN.keystrokes(20)[3]).startsWith(0, 1, 2).isSorted();
  }

  private static long count(Kind kind) {
    return PLAN.events().stream().filter(event -> event.kind() == kind).count();
  }
}
