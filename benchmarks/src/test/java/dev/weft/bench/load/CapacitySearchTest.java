package dev.weft.bench.load;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.bench.load.CapacitySearch.Trial;
import java.util.List;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapacitySearchTest {
  private static final int ENOUGH = 100;

  private final CapacitySearch search = new CapacitySearch(1_000, 50);

  @ParameterizedTest
  @ValueSource(doubles = {60, 730, 1_000, 1_499, 4_100, 33_333})
  void shouldFindTheRateToATenth(double capacity) {
    run(rate -> rate <= capacity, rate -> rate <= capacity);

    Trial confirmed = requireNonNull(search.confirmed());
    assertThat(confirmed.longer()).isTrue();
    assertThat(confirmed.rate()).isBetween(capacity / 1.1 - 50, capacity);
    assertThat(search.trials()).hasSizeLessThan(25);
  }

  @Test
  void shouldTryAgainWhatDoesNotHoldOnce() {
    boolean[] disturbed = {false};
    run(
        rate -> {
          boolean now = rate == 2_000 && !disturbed[0];
          disturbed[0] |= now;
          return rate <= 4_000 && !now;
        },
        rate -> rate <= 4_000);

    assertThat(search.trials().stream().filter(trial -> trial.rate() == 2_000).map(Trial::held))
        .containsExactly(false, true);
    assertThat(search.confirmed()).isNotNull().extracting(Trial::rate).isEqualTo(4_000.0);
  }

  @Test
  void shouldGoLowerWhenWhatHeldForAMomentDoesNotHoldForLonger() {
    run(rate -> rate <= 4_000, rate -> rate <= 3_300);

    Trial confirmed = requireNonNull(search.confirmed());
    assertThat(confirmed.rate()).isBetween(2_800.0, 3_300.0);
    Trial before = requireNonNull(search.before(confirmed));
    Trial after = requireNonNull(search.after(confirmed));
    assertThat(before.rate()).isLessThan(confirmed.rate());
    assertThat(after.rate()).isGreaterThan(confirmed.rate());
    assertThat(search.trials())
        .noneMatch(trial -> trial.rate() > before.rate() && trial.rate() < confirmed.rate())
        .noneMatch(trial -> trial.rate() > confirmed.rate() && trial.rate() < after.rate());
  }

  @Test
  void shouldEndWithNothingWhereNothingHolds() {
    run(rate -> false, rate -> false);

    assertThat(search.confirmed()).isNull();
    assertThat(search.trials()).extracting(Trial::held).containsOnly(false);
  }

  @Test
  void shouldEndWhereEverythingHolds() {
    run(rate -> true, rate -> true);

    assertThat(search.confirmed()).isNotNull();
    assertThat(search.trials()).hasSizeLessThan(15);
  }

  private void run(DoublePredicate holds, DoublePredicate holdsLonger) {
    for (int trial = 0; !search.isDone(); trial++) {
      assertThat(trial).as("trials, of %s", rates()).isLessThan(ENOUGH);
      double rate = search.next();
      boolean longer = search.isConfirming();
      boolean held = longer ? holdsLonger.test(rate) : holds.test(rate);
      search.tried(new Trial(rate, held, longer, null, held ? "" : "too late", false));
    }
  }

  private List<Double> rates() {
    return search.trials().stream().map(Trial::rate).toList();
  }

  @Test
  void shouldNotBelieveSoonWhatTheMachineHasDisturbed() {
    CapacitySearch search = new CapacitySearch(1_000, 50);
    for (int i = 0; i < 5; i++) {
      search.tried(new Trial(1_000, false, false, null, "too late", true));
      assertThat(search.next()).isEqualTo(1_000);
    }

    search.tried(new Trial(1_000, false, false, null, "too late", true));
    assertThat(search.next()).isLessThan(1_000);
  }
}
