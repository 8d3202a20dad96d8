package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What {@code n} replicas do takes time in {@code n log n}, not in {@code n}². The bounds are
 * generous and on processor time, so that a busy machine does not fail them; four times as much
 * would take sixteen times as long if anything were quadratic.
 */
class CrowdGrowthTest {
  private static final int SMALL = 8_000;
  private static final int GROWTH = 4;
  private static final double MOST = 9;
  private static final int ATTEMPTS = 4;

  @ParameterizedTest
  @EnumSource
  void shouldTakeACrowdInNearlyLinearTime(Crowd.Shape shape) throws Exception {
    byte[] small = new Crowd(shape, SMALL, 1).update();
    byte[] large = new Crowd(shape, GROWTH * SMALL, 1).update();
    requireNearlyLinear(() -> applied(small), () -> applied(large));
  }

  @Test
  void shouldMergeAHundredThousandReplicasAtOnePlace() throws Exception {
    byte[] update = new Crowd(Crowd.Shape.ONE_PLACE_RANDOM, 100_000, 1).update();
    assertThat(secondsOf(() -> applied(update))).isLessThan(20);
  }

  private static TextDocument applied(byte[] update) throws MalformedUpdateException {
    TextDocument document = TextDocument.create(new ReplicaId(42));
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
