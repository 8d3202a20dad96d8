package dev.weft.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lab can fail: each defect is found by what it breaks, within so many seeds. */
class MutantsTest {
  private static final int SEEDS = 300;

  /**
   * A seed that finds a defect which most do not find: it is played first, to be quick. Where it
   * finds nothing any more, since schedules have changed, the others are played as ever.
   */
  private static final Map<Mutant, Integer> PLAYED_FIRST =
      Map.of(
          Mutant.REUSES_REPLICA_ID, 97,
          Mutant.OVERLOOKS_FORKS, 135,
          Mutant.FORGETS_WHAT_SAVES_JOIN, 22,
          Mutant.LEAVES_GAPS, 35,
          Mutant.LEAVES_THE_STORE_ALONE_FOR_EVER, 26,
          Mutant.KEEPS_TO_ITSELF_THAT_THE_STORE_IS_WELL, 26,
          Mutant.COMPACTS_A_ROW_AWAY, 36);

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
      PrimitiveIterator.OfInt seeds = seeds(mutant);
      while (caughtBy == 0 && seeds.hasNext()) {
        int seed = seeds.nextInt();
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

  private static PrimitiveIterator.OfInt seeds(Mutant mutant) {
    IntStream all = IntStream.rangeClosed(1, SEEDS);
    Integer first = PLAYED_FIRST.get(mutant);
    return (first == null ? all : IntStream.concat(IntStream.of(first), all)).iterator();
  }
}
