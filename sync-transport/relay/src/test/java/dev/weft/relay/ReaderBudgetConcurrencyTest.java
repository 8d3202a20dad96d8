package dev.weft.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.crdt.VersionVector;
import dev.weft.store.Together;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * What several threads take together is never more than there is, and all of it comes back; so of
 * what connections leave.
 *
 * <p>Found when broken: with {@code take} or {@code giveBack} not synchronized, in either class,
 * some that is never given back; with {@code take} looking for room and counting in as two steps
 * under the lock, more used than there is; with {@code Rendering.letGo} or {@code hold} not under
 * the budget's lock, what is used twice or never given back.
 */
class ReaderBudgetConcurrencyTest {
  private static final int SCHEDULES = 200;
  private static final int MAX_BYTES = 10;

  @Test
  void shouldNeverGiveMoreThanThereIs() {
    Lincheck.runConcurrentTest(SCHEDULES, ReaderBudgetConcurrencyTest::takeAndGiveBack);
  }

  private static void takeAndGiveBack() {
    ReaderBudget budget = new ReaderBudget(MAX_BYTES);
    LeftBehind left = new LeftBehind(MAX_BYTES);
    Together.run(
        () -> use(budget, left, 6), () -> use(budget, left, 4), () -> use(budget, left, 4));

    assertEquals(0, budget.used());
    assertTrue(left.take(MAX_BYTES) && !left.take(1), "all is left that there is");
  }

  @Test
  void shouldCountEachRenderingOnceWhoeverUsesForgetsOrDisplacesIt() {
    Lincheck.runConcurrentTest(SCHEDULES, ReaderBudgetConcurrencyTest::keepAndMakeWay);
  }

  private static void keepAndMakeWay() {
    ReaderBudget budget = new ReaderBudget(MAX_BYTES);
    Rendering rendering = written(budget);
    Together.run(
        () -> {
          rendering.letGo();
          if (rendering.hold()) {
            assertEquals(6, rendering.view().remaining());
            rendering.letGo();
          }
        },
        () -> take(budget, 7),
        rendering::forget);

    assertEquals(0, budget.used());
    assertEquals(0, budget.spareBytes());
    assertFalse(rendering.hold());
  }

  private static Rendering written(ReaderBudget budget) {
    try {
      return new Rendering(VersionVector.EMPTY, new byte[6], budget);
    } catch (RefusedException e) {
      throw new AssertionError("the first is let in", e);
    }
  }

  private static void use(ReaderBudget budget, LeftBehind left, int bytes) {
    if (left.take(bytes)) {
      left.giveBack(bytes);
    }
    take(budget, bytes);
  }

  private static void take(ReaderBudget budget, int bytes) {
    try {
      budget.take(bytes);
    } catch (RefusedException e) {
      return;
    }
    long used = budget.used();
    assertTrue(used >= bytes && used <= MAX_BYTES, "used " + used);
    budget.giveBack(bytes);
  }
}
