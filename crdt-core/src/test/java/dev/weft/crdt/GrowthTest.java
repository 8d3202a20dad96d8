package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever arrives, {@code n} of it takes time in {@code n log n}, not in {@code n}². The bounds
 * are generous and on processor time, so that a busy machine does not fail them; four times as much
 * would take sixteen times as long if anything were quadratic.
 */
class GrowthTest {
  private static final ReplicaId READER = new ReplicaId(42);
  private static final int GROWTH = 4;
  private static final double MOST = 9;
  private static final int ATTEMPTS = 4;

  @ParameterizedTest
  @EnumSource
  void shouldTakeInACrowd(Crowd.Shape shape) throws Exception {
    byte[] small = new Crowd(shape, 8_000, 1).update();
    byte[] large = new Crowd(shape, GROWTH * 8_000, 1).update();
    requireNearlyLinear(() -> applied(small), () -> applied(large));
  }

  @Test
  void shouldMergeAHundredThousandReplicasAtOnePlace() throws Exception {
    byte[] update = new Crowd(Crowd.Shape.ONE_PLACE_RANDOM, 100_000, 1).update();
    assertThat(secondsOf(() -> applied(update))).isLessThan(20);
  }

  @Test
  void shouldDeleteTheSameUnitsAgainAndAgain() throws Exception {
    byte[] small = deletedAgain(4_000);
    byte[] large = deletedAgain(GROWTH * 4_000);
    requireNearlyLinear(() -> applied(small), () -> applied(large));
    requireNearlyLinear(() -> observed(small), () -> observed(large));

    TextDocument few = applied(small);
    TextDocument many = applied(large);
    requireNearlyLinear(
        () -> few.changesSince(VersionVector.EMPTY), () -> many.changesSince(VersionVector.EMPTY));
  }

  /** Returns the insertion of units, each a span of its own, and as many deletions of all. */
  private static byte[] deletedAgain(int count) {
    long author = 1;
    UpdateWriter update = new UpdateWriter(64);
    update.change(author, 0, new EventList(), 0);
    for (int unit = 0; unit < count; unit++) {
      int right = unit == 0 ? ChangeSink.NO_EVENT : unit - 1;
      update.insert(0, ChangeSink.NO_EVENT, author, right, new char[] {'x'}, 0, 1, 0);
    }
    for (int i = 0; i < count; i++) {
      update.delete(author, 0, count, false, 0);
    }
    update.endChange(0);
    return update.toBytes();
  }

  private static TextDocument applied(byte[] update) throws MalformedUpdateException {
    TextDocument document = TextDocument.create(READER);
    ApplyResult result = document.apply(update);
    assertThat(result.isComplete()).isTrue();
    return document;
  }

  private static TextDocument observed(byte[] update) throws MalformedUpdateException {
    TextDocument document = TextDocument.create(READER);
    Subscription unused = document.observe(change -> {});
    ApplyResult result = document.apply(update);
    assertThat(result.isComplete()).isTrue();
    return document;
  }

  private static void requireNearlyLinear(Callable<?> small, Callable<?> large) throws Exception {
    double ratio = Double.MAX_VALUE;
    double smallest = Double.MAX_VALUE;
    // The first runs are slow, before they are compiled.
    for (int attempt = 0; attempt < ATTEMPTS && ratio > MOST; attempt++) {
      smallest = Math.min(smallest, secondsOf(small));
      ratio = secondsOf(large) / smallest;
    }
    assertThat(ratio).as("times as long for %d times as much", GROWTH).isLessThan(MOST);
  }

  private static double secondsOf(Callable<?> work) throws Exception {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    work.call();
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e9;
  }
}
