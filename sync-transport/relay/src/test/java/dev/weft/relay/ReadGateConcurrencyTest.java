package dev.weft.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weft.store.Together;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * One frame comes in for one that is asked for, in whatever order the reasons end why it may not
 * come.
 *
 * <p>Found when broken: with what waits counted in without the lock, or {@code leave} or {@code
 * resume} not looking again, a connection that is never read again. That {@code held} is cleared
 * under the lock it does not find in these schedules.
 */
class ReadGateConcurrencyTest {
  private static final int SCHEDULES = 200;

  @Test
  void shouldLetOneFrameInForOneAskedFor() {
    Lincheck.runConcurrentTest(SCHEDULES, ReadGateConcurrencyTest::askAndMakeRoom);
  }

  private static void askAndMakeRoom() {
    AtomicInteger demands = new AtomicInteger();
    AtomicBoolean congested = new AtomicBoolean(true);
    DeafOutlet outlet =
        new DeafOutlet() {
          @Override
          public void demand() {
            demands.incrementAndGet();
          }
        };
    ReadGate gate = new ReadGate(outlet, 0, congested::get, () -> 0, (delay, task) -> () -> {});
    gate.pause();
    Together.run(
        () -> {
          gate.enter(1);
          gate.next();
          gate.leave(1);
        },
        () -> {
          gate.enter(1);
          congested.set(false);
          gate.recheck();
          gate.leave(1);
        },
        gate::resume);

    assertEquals(1, demands.get());
    assertFalse(gate.isHeld());
  }
}
