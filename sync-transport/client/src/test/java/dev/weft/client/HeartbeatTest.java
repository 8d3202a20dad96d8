package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** When what is shown is called stale, in virtual time, with a bound of 5 s. */
class HeartbeatTest {
  private final VirtualTime time = new VirtualTime(new SplittableRandom(1));
  private final Heartbeat heartbeat = heartbeat();
  private Duration roundTrip = Duration.ofMillis(100);
  private boolean answers = true;
  private int changes;

  private Heartbeat heartbeat() {
    VirtualTime.Line loop = time.line(0);
    return new Heartbeat(
        new Environment(
            loop,
            loop,
            loop,
            loop,
            loop,
            loop,
            time::nanos,
            InstantSource.fixed(Workshop.NOW),
            new SplittableRandom(2),
            new HeartbeatConcurrencyTest.NoLinks()),
        Duration.ofSeconds(5),
        new Relay());
  }

  private boolean isStale() {
    return heartbeat.isStale(heartbeat.sinceHeard());
  }

  private void run(Duration duration) {
    time.runFor(duration.toNanos());
  }

  @Test
  void shouldBeStaleFromBoundUntilNextAnswer() {
    assertThat(isStale()).isTrue();
    heartbeat.start(60_000);
    run(Duration.ofMinutes(1));
    assertThat(isStale()).isFalse();
    assertThat(changes).isOne();

    answers = false;
    run(Duration.ofMillis(3_300));
    assertThat(isStale()).isFalse();
    run(Duration.ofMillis(1_900));
    assertThat(isStale()).isTrue();
    assertThat(changes).isEqualTo(2);

    answers = true;
    run(Duration.ofSeconds(2));
    assertThat(isStale()).isFalse();
    assertThat(changes).isEqualTo(3);
  }

  @Test
  void shouldStayStaleWhileAnswersAreTooSlowForTheBound() {
    roundTrip = Duration.ofSeconds(4);
    heartbeat.start(60_000);
    run(Duration.ofSeconds(10));
    int changesBefore = changes;
    for (int i = 0; i < 1_000; i++) {
      run(Duration.ofMillis(100));
      assertThat(isStale()).isTrue();
    }
    assertThat(changes).isEqualTo(changesBefore);

    roundTrip = Duration.ofSeconds(3);
    run(Duration.ofSeconds(10));
    for (int i = 0; i < 1_000; i++) {
      run(Duration.ofMillis(100));
      assertThat(isStale()).isFalse();
    }
    assertThat(changes).isEqualTo(changesBefore + 1);
  }

  /** Answers after a round trip. */
  private final class Relay implements Heartbeat.Pulse {
    @Override
    public void ask(long nonce) {
      if (answers) {
        time.at(
            roundTrip.toNanos(),
            () -> {
              heartbeat.heard();
              heartbeat.pong(nonce);
            });
      }
    }

    @Override
    public void roundTrip(long nanos) {
      assertThat(nanos).isPositive();
    }

    @Override
    public void freshnessChanged() {
      changes++;
    }

    @Override
    public void dead(String reason) {
      throw new AssertionError(reason);
    }
  }
}
