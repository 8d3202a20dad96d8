package dev.weft.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.store.Together;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whoever asks when the relay was heard, while it is heard for the first time and again, is told
 * nothing, or a time since then: none before it, none that is still to come.
 *
 * <p>Found when broken: with {@code known} written before {@code knownAtNanos}, that it was heard
 * long before there was a connection; without the 0 that is the least, a time to come. That the two
 * are volatile no schedule shows, for in all of them each thread sees at once what another has
 * written.
 */
class HeartbeatConcurrencyTest {
  private static final int SCHEDULES = 150;
  private static final long BEGUN_NANOS = 1_000_000_000_000L;

  @Test
  void shouldTellNothingOrTimeSinceRelayWasHeard() {
    Lincheck.runConcurrentTest(SCHEDULES, HeartbeatConcurrencyTest::hearAndAsk);
  }

  private static void hearAndAsk() {
    AtomicLong nanos = new AtomicLong(BEGUN_NANOS);
    Loop loop = new TimelessLoop();
    Environment environment =
        new Environment(
            loop,
            loop,
            loop,
            loop,
            loop,
            loop,
            nanos::incrementAndGet,
            InstantSource.system(),
            new SplittableRandom(1),
            new NoLinks());
    Asker asker = new Asker();
    Heartbeat heartbeat = new Heartbeat(environment, Duration.ofSeconds(5), asker);
    Together.run(
        () -> {
          heartbeat.start(1_000);
          heartbeat.pong(asker.nonce);
        },
        () -> {
          Duration first = heartbeat.sinceHeard();
          Duration second = heartbeat.sinceHeard();
          requireSinceBegun(first, nanos);
          requireSinceBegun(second, nanos);
          assertTrue(first == null || second != null, "heard once, and then never");
        });
  }

  private static void requireSinceBegun(@Nullable Duration heard, AtomicLong nanos) {
    if (heard != null) {
      long most = nanos.get() - BEGUN_NANOS;
      assertTrue(heard.toNanos() >= 0 && heard.toNanos() <= most, "heard " + heard);
    }
  }

  /** Keeps the number of the last question. */
  private static final class Asker implements Heartbeat.Pulse {
    private long nonce;

    @Override
    public void ask(long asked) {
      nonce = asked;
    }

    @Override
    public void roundTrip(long nanos) {}

    @Override
    public void freshnessChanged() {}

    @Override
    public void dead(String reason) {}
  }

  /** A loop on which no time passes, so that no timer ends. */
  private static final class TimelessLoop implements Loop {
    @Override
    public void execute(Runnable task) {
      throw new AssertionError("nothing is to be handed over");
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
      return () -> {};
    }

    @Override
    public void close() {}
  }

  static final class NoLinks implements Links {
    @Override
    public Link connect(URI relay, Link.Listener listener) {
      throw new AssertionError("nobody connects");
    }

    @Override
    public void close() {}
  }
}
