package dev.weft.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.store.Together;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * What several threads take together is never more than there is, and all of it comes back; so of
 * what connections leave.
 *
 * <p>Found when broken: with {@code take} or {@code giveBack} not synchronized, in either class,
 * some that is never given back; with {@code take} looking for room and counting in as two steps
 * under the lock, more used than there is.
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

  private static void use(ReaderBudget budget, LeftBehind left, int bytes) {
    if (left.take(bytes)) {
      left.giveBack(bytes);
    }
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
