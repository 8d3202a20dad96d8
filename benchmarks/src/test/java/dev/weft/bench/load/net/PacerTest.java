package dev.weft.bench.load.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int RATE = 2_000;

  @Test
  void shouldLetNothingPassInAdvance() {
    Pacer pacer = new Pacer(RATE, 0);

    assertThat(pacer.allowed(0)).isZero();
    assertThat(pacer.allowed(SECOND / RATE)).isEqualTo(1);
  }

  @Test
  void shouldLetPassExactlyAsManyAsTheRateHoweverOftenItIsAsked() {
    Random random = new Random(1);
    Pacer pacer = new Pacer(RATE, 0);
    long passed = 0;
    long now = 0;
    while (now < 60 * SECOND) {
      now += random.nextInt((int) TimeUnit.MILLISECONDS.toNanos(20));
      int allowed = pacer.allowed(now);
      passed += allowed;
      pacer.passed(allowed);

      assertThat(passed).isLessThanOrEqualTo(RATE * now / SECOND);
    }
    assertThat(passed).isGreaterThanOrEqualTo(RATE * now / SECOND - 2);
  }

  @Test
  void shouldNotSaveUpMoreThanATwentiethOfASecond() {
    Pacer pacer = new Pacer(RATE, 0);

    assertThat(pacer.allowed(10 * SECOND)).isEqualTo(RATE / 20);
  }

  @Test
  void shouldTellWhenAsMuchMayPassAsMayAtOnce() {
    Pacer pacer = new Pacer(RATE, 0);
    int allowed = pacer.allowed(SECOND);
    pacer.passed(allowed);

    assertThat(pacer.fullAtNanos()).isEqualTo(SECOND + SECOND / 20);
    assertThat(pacer.allowed(pacer.fullAtNanos())).isEqualTo(allowed);
  }
}
