package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lab can fail: each defect is found by what it breaks, within so many seeds. */
class MutantsTest {
  private static final int SEEDS = 300;

  @BeforeAll
  static void attach() {
    ByteBuddyAgent.install();
  }

  @ParameterizedTest
  @EnumSource
  void shouldBeCaught(Mutant mutant) throws Exception {
    Map<Promise, Integer> broken = new EnumMap<>(Promise.class);
    int caughtBy = 0;
    Mutant.Installed installed = mutant.install();
    try (Laboratory laboratory = new Laboratory()) {
      for (int seed = 1; seed <= SEEDS && caughtBy == 0; seed++) {
        Falsehood failure = laboratory.simulation().play(Schedule.of(seed), null).failure();
        if (failure != null) {
          broken.merge(failure.promise(), 1, Integer::sum);
          caughtBy = mutant.breaks(failure.promise()) ? seed : 0;
        }
      }
    } finally {
      installed.takeOut();
    }
    assertThat(caughtBy).as("%s; broken: %s", mutant, broken).isPositive();
    try (Laboratory laboratory = new Laboratory()) {
      assertThat(laboratory.simulation().play(Schedule.of(caughtBy), null).failure()).isNull();
    }
    System.out.println(mutant + ": caught by seed " + caughtBy);
  }
}
