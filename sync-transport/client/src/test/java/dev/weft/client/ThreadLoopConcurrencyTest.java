package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.store.Together;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A loop that is closed while tasks are handed over runs those before, in order, none after, and
 * throws at nobody.
 *
 * <p>Found when broken: with {@code shutdownNow}, tasks of before the end that did not run; without
 * a handler of rejected tasks, or with the pool's own, an exception in {@code execute}; with two
 * threads, tasks out of order and two at once.
 */
class ThreadLoopConcurrencyTest {
  private static final int ROUNDS = 100;

  @Test
  void shouldRunWhatWasHandedOverBeforeItIsClosed() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      closeWhileTasksComeIn(round);
    }
  }

  private static void closeWhileTasksComeIn(int before) throws InterruptedException {
    ThreadLoop loop = new ThreadLoop("test-loop");
    BlockingQueue<Thread> thread = new ArrayBlockingQueue<>(1);
    loop.execute(() -> thread.add(Thread.currentThread()));
    Hand one = new Hand(loop);
    Hand other = new Hand(loop);
    AtomicInteger timers = new AtomicInteger();
    Together.run(
        one::handOver,
        other::handOver,
        () -> {
          while (one.handedOver < before) {
            Thread.onSpinWait();
          }
          one.close();
          other.close();
          loop.close();
          one.closed = true;
          other.closed = true;
          Loop.Timer unused = loop.schedule(0, timers::incrementAndGet);
        });
    Thread ran = Objects.requireNonNull(thread.poll(10, TimeUnit.SECONDS), "nothing runs");
    ran.join(TimeUnit.SECONDS.toMillis(10));
    assertThat(ran.isAlive()).as("loop goes on").isFalse();

    one.check();
    other.check();
    assertThat(timers).hasValue(0);
  }

  /** A thread that hands over tasks until the loop is closed. */
  private static final class Hand {
    private final Loop loop;
    private volatile int handedOver;
    private volatile boolean closed;
    private int before;
    private int after;

    // Written by the loop.
    private int ran;
    private boolean outOfOrder;

    Hand(Loop loop) {
      this.loop = loop;
    }

    void handOver() {
      for (int i = 1; !closed; i++) {
        int number = i;
        loop.execute(() -> run(number));
        handedOver = number;
      }
      after = handedOver;
      loop.execute(() -> run(after + 1));
    }

    private void run(int number) {
      outOfOrder |= number != ++ran;
    }

    /** The loop is about to be closed: what it has now it must run. */
    void close() {
      before = handedOver;
    }

    void check() {
      assertThat(outOfOrder).as("out of order").isFalse();
      assertThat(ran).isBetween(before, after);
    }
  }
}
