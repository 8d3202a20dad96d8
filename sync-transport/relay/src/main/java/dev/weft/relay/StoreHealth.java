package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.RelayMessage;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the store takes what it is given: a circuit breaker around its writes. After some in a
 * row have failed it is left alone for a while, and everybody is told; then one try shows whether
 * it can be written again. A write that takes long counts as well: it is told of while it lasts.
 * Thread-safe.
 *
 * <pre>
 *  CLOSED --three failed in a row--> OPEN --the wait is over--> HALF OPEN --written--> CLOSED
 *                                     ^___________failed____________|
 * </pre>
 */
final class StoreHealth {
  private static final Logger log = LoggerFactory.getLogger(StoreHealth.class);

  private static final int FAILURES_IN_A_ROW = 3;

  private static final RelayMessage.StoreState FAILING =
      new RelayMessage.StoreState(
          false,
          Codes.STORE_UNAVAILABLE,
          "The relay's store cannot be written at the moment; it is tried again by itself.");

  private static final RelayMessage.StoreState SLOW =
      new RelayMessage.StoreState(
          false, Codes.STORE_SLOW, "The relay's store has not answered for some time.");

  private final CircuitBreaker breaker;
  private final Timer timer;
  private final LongSupplier ticker;
  private final Duration slow;
  private final Duration wait;
  private final RelayMetrics metrics;
  private final Consumer<RelayMessage.StoreState> listener;
  private Runnable tryAgain = () -> {};

  // One thread tells at a time; whoever comes meanwhile leaves it to that one.
  private final AtomicInteger tellings = new AtomicInteger();
  private RelayMessage.StoreState told = RelayMessage.StoreState.AVAILABLE;

  // Guarded by this.
  private boolean open;
  private long openedNanos;
  private Timer.@Nullable Scheduled watch;
  private boolean isSlow;

  /**
   * Creates the health of a store that is well.
   *
   * @param ticker monotonic time in nanoseconds
   * @param slow after how long a write that goes on is told of
   * @param wait for how long a store that fails is left alone
   * @param listener is told what clients are to be told, on any thread, in order
   */
  StoreHealth(
      Timer timer,
      LongSupplier ticker,
      Duration slow,
      Duration wait,
      RelayMetrics metrics,
      Consumer<RelayMessage.StoreState> listener) {
    this.timer = timer;
    this.ticker = ticker;
    this.slow = slow;
    this.wait = wait;
    this.metrics = metrics;
    this.listener = listener;
    this.breaker =
        CircuitBreaker.of(
            "store",
            CircuitBreakerConfig.custom()
                .slidingWindow(
                    FAILURES_IN_A_ROW,
                    FAILURES_IN_A_ROW,
                    CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(100)
                // What is slow is told of, and is still the only way to be sure of anything.
                .slowCallDurationThreshold(Duration.ofDays(1))
                // It lets nobody in before more than that is over.
                .waitDurationInOpenState(wait.minusMillis(1))
                .permittedNumberOfCallsInHalfOpenState(1)
                .clock(new Monotonic(ticker))
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(event -> changed(event.getStateTransition().getToState()));
  }

  /** The breaker's clock: nobody's wall clock decides when the store is tried again. */
  private static final class Monotonic extends Clock {
    private final LongSupplier ticker;

    Monotonic(LongSupplier ticker) {
      this.ticker = ticker;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(ticker.getAsLong());
    }
  }

  /** Sets what tries the store when it has been left alone for long enough. Called once, first. */
  void whenToTryAgain(Runnable task) {
    tryAgain = task;
  }

  /**
   * Returns for how long the store is left alone yet, so that preparing a write for it would be in
   * vain; zero if it is not.
   */
  synchronized Duration leftAloneFor() {
    long left = open ? openedNanos + wait.toNanos() - ticker.getAsLong() : 0;
    return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
  }

  /** Begins a write, one at a time; returns null if the store is to be left alone. */
  @Nullable Attempt begin() {
    if (!breaker.tryAcquirePermission()) {
      return null;
    }
    synchronized (this) {
      watch = timer.schedule(slow.toNanos(), this::takesLong);
    }
    return new Attempt(ticker.getAsLong());
  }

  /**
   * Runs what is done beside writing, and tells of it if it takes long: a store that hangs there
   * confirms no more than one that hangs elsewhere. Not during an attempt.
   */
  void watch(Runnable chores) {
    synchronized (this) {
      watch = timer.schedule(slow.toNanos(), this::takesLong);
    }
    try {
      chores.run();
    } finally {
      end();
    }
  }

  /** A write that goes on, of which one of these is told once. */
  final class Attempt {
    private final long begunNanos;

    private Attempt(long begunNanos) {
      this.begunNanos = begunNanos;
    }

    private long nanos() {
      return ticker.getAsLong() - begunNanos;
    }

    /** The store has confirmed. */
    void written() {
      end();
      metrics.storeWrite(true, nanos());
      breaker.onSuccess(nanos(), TimeUnit.NANOSECONDS);
    }

    /** It has failed. */
    void failed(Throwable reason) {
      end();
      metrics.storeWrite(false, nanos());
      breaker.onError(nanos(), TimeUnit.NANOSECONDS, reason);
    }

    /** Nothing is known of it: what was to be written was at fault. */
    void undecided() {
      end();
      breaker.releasePermission();
    }
  }

  private void takesLong() {
    synchronized (this) {
      if (watch == null) {
        return;
      }
      isSlow = true;
    }
    log.warn("the store has not answered for {}", Sentences.of(slow));
    tell();
  }

  private void end() {
    synchronized (this) {
      if (watch != null) {
        watch.cancel();
        watch = null;
      }
      isSlow = false;
    }
    tell();
  }

  private void changed(CircuitBreaker.State state) {
    boolean news;
    synchronized (this) {
      news = !open;
      open = state != CircuitBreaker.State.CLOSED;
      if (state == CircuitBreaker.State.OPEN) {
        openedNanos = ticker.getAsLong();
      }
    }
    if (state == CircuitBreaker.State.OPEN) {
      var unused = timer.schedule(wait.toNanos(), () -> tryAgain.run());
      if (news) {
        log.warn(
            "the store is left alone for {} at a time until it can be written", Sentences.of(wait));
      }
    }
    tell();
  }

  // --- What is said of it ---

  /** Returns what is to be said to clients. */
  synchronized RelayMessage.StoreState state() {
    if (open) {
      return FAILING;
    }
    return isSlow ? SLOW : RelayMessage.StoreState.AVAILABLE;
  }

  private void tell() {
    if (tellings.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      RelayMessage.StoreState now = state();
      if (!now.equals(told)) {
        told = now;
        listener.accept(now);
      }
      seen = tellings.addAndGet(-seen);
    } while (seen != 0);
  }
}
