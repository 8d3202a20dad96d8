package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How long pauses between attempts are. */
class BackoffTest {
  private static final Duration BASE = Duration.ofMillis(100);
  private static final Duration CAP = Duration.ofSeconds(10);

  @Test
  void shouldStayWithinABoundThatGrowsByHalfUntilTheCap() {
    for (long seed = 0; seed < 200; seed++) {
      Backoff backoff = new Backoff(BASE, CAP, new SplittableRandom(seed));
      long bound = BASE.toNanos();
      for (int attempt = 0; attempt < 20; attempt++) {
        assertThat(backoff.nextDelayNanos()).isBetween(1L, bound);
        bound = Math.min(bound + bound / 2, CAP.toNanos());
      }
    }
  }

  @Test
  void shouldBeSpreadOverTheWholeBound() {
    long sum = 0;
    for (long seed = 0; seed < 1_000; seed++) {
      sum += new Backoff(BASE, CAP, new SplittableRandom(seed)).nextDelayNanos();
    }
    assertThat(sum / 1_000).isBetween(BASE.toNanos() * 2 / 5, BASE.toNanos() * 3 / 5);
  }

  /** On average; of what is away for longer than the cap, within half the cap. */
  @Test
  void shouldFindAgainWhatWasAwayAfterHalfAsLong() {
    for (long awaySeconds : new long[] {1, 5, 20, 300}) {
      long away = Duration.ofSeconds(awaySeconds).toNanos();
      long late = 0;
      for (long seed = 0; seed < 1_000; seed++) {
        Backoff backoff = new Backoff(BASE, CAP, new SplittableRandom(seed));
        long now = 0;
        while (now < away) {
          now += backoff.nextDelayNanos();
        }
        late += now - away;
      }
      assertThat(late / 1_000)
          .as("%d s", awaySeconds)
          .isLessThan(Math.min(away, CAP.toNanos()) / 2);
    }
  }

  @Test
  void shouldBeginAgainWhenReset() {
    Backoff backoff = new Backoff(BASE, CAP, new SplittableRandom(1));
    for (int attempt = 0; attempt < 20; attempt++) {
      backoff.nextDelayNanos();
    }
    backoff.reset();
    assertThat(backoff.nextDelayNanos()).isLessThanOrEqualTo(BASE.toNanos());
  }

  @Test
  void shouldNotOverflowWhenTheCapIsHuge() {
    Backoff backoff = new Backoff(BASE, Duration.ofDays(100_000), new SplittableRandom(1));
    for (int attempt = 0; attempt < 100; attempt++) {
      assertThat(backoff.nextDelayNanos()).isPositive();
    }
  }

  @Test
  void shouldRefuseBoundsThatMakeNoSense() {
    assertThatThrownBy(() -> new Backoff(/* base= */ CAP, /* cap= */ BASE, new SplittableRandom(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("base=PT10S");
  }
}
