package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** When a connection is read on, and when not. */
class ReadGateTest {
  private static final int MAX_WAITING_BYTES = 100;

  private final Deque<Runnable> timers = new ArrayDeque<>();
  private boolean congested;
  private long nowNanos;
  private int demands;

  private final ReadGate gate =
      new ReadGate(
          new DeafOutlet() {
            @Override
            public void demand() {
              demands++;
            }
          },
          MAX_WAITING_BYTES,
          () -> congested,
          () -> nowNanos,
          (delay, task) -> {
            timers.add(task);
            return () -> timers.remove(task);
          });

  @Test
  void shouldReadAtOnceWhereNothingStandsAgainstIt() {
    gate.next();

    assertThat(demands).isEqualTo(1);
    assertThat(gate.isHeld()).isFalse();
  }

  @Test
  void shouldReadOnOnceLessWaitsForWorkers() {
    gate.enter(MAX_WAITING_BYTES + 1);
    gate.next();

    assertThat(demands).isZero();
    assertThat(gate.isHeld()).isTrue();

    gate.leave(1);

    assertThat(demands).isEqualTo(1);
  }

  @Test
  void shouldReadOnByItselfWhenTheWhileIsOver() {
    gate.holdFor(10);
    gate.next();

    assertThat(demands).isZero();
    assertThat(timers).hasSize(1);

    nowNanos = 10;
    timers.remove().run();

    assertThat(demands).isEqualTo(1);
    assertThat(timers).isEmpty();
  }

  @Test
  void shouldWaitForTheLongestWhile() {
    gate.holdFor(10);
    gate.next();
    gate.holdFor(30);
    gate.holdFor(20);

    nowNanos = 10;
    timers.remove().run();
    assertThat(demands).isZero();

    nowNanos = 30;
    timers.remove().run();
    assertThat(demands).isEqualTo(1);
  }

  @Test
  void shouldReadFrameThatHasBegunToItsEndWhateverWaits() {
    congested = true;
    gate.enter(MAX_WAITING_BYTES + 1);

    gate.again(true);

    assertThat(demands).isEqualTo(1);
  }

  /** But its allowance: who says a frame in pieces does not say it faster for that. */
  @Test
  void shouldHoldFrameThatHasBegunForItsAllowance() {
    gate.holdFor(10);

    gate.again(true);

    assertThat(demands).isZero();
  }

  @Test
  void shouldReadNoFurtherFrameOnceShut() {
    gate.shut();

    gate.next();

    assertThat(demands).isZero();
  }

  /** What was asked for may have the client's leave behind it, which nobody would notice else. */
  @Test
  void shouldReadWhatWasAskedForBeforeItWasShut() {
    gate.pause();
    gate.again(false);
    assertThat(demands).isZero();

    gate.shut();

    assertThat(demands).isEqualTo(1);
  }

  @Test
  void shouldLeaveNoTimerBehindOnceShut() {
    gate.holdFor(10);
    gate.next();

    gate.shut();

    assertThat(timers).isEmpty();
    assertThat(demands).isZero();
  }
}
