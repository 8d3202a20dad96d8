package dev.weft.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutageTest {
  private static final Duration ATTEMPT = Duration.ofSeconds(2);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000);
  private final Outage outage = new Outage(now::get, new Random(1), ATTEMPT);

  @Test
  void shouldLetEverybodyTryWhenThereIsNoOutage() {
    assertThat(outage.reason()).isEmpty();
    assertThat(outage.reason()).isEmpty();
  }

  @Test
  void shouldLetOneAtATimeTryWhenPauseIsOver() {
    outage.began("refused");
    assertThat(outage.reason()).contains("refused");

    advance(Duration.ofMillis(50));
    assertThat(outage.reason()).isEmpty();
    assertThat(outage.reason()).contains("refused");

    // Who tried has not come back in time.
    advance(ATTEMPT);
    assertThat(outage.reason()).isEmpty();
  }

  @Test
  void shouldPauseEverLongerUpToBound() {
    Duration[] longest = {
      Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400)
    };
    for (Duration pause : longest) {
      outage.began("refused");
      advance(pause.dividedBy(2).minusNanos(1));
      assertThat(outage.reason()).isPresent();
      advance(pause.dividedBy(2).plusNanos(1));
      assertThat(outage.reason()).isEmpty();
    }
    for (int i = 0; i < 20; i++) {
      outage.began("refused");
    }
    advance(Duration.ofSeconds(2));
    assertThat(outage.reason()).isEmpty();
  }

  @Test
  void shouldForgetOutageWhenItIsOver() {
    for (int i = 0; i < 20; i++) {
      outage.began("refused");
    }
    outage.ended();
    assertThat(outage.reason()).isEmpty();

    outage.began("refused");
    advance(Duration.ofMillis(50));
    assertThat(outage.reason()).isEmpty();
  }

  private void advance(Duration duration) {
    now.addAndGet(duration.toNanos());
  }
}
