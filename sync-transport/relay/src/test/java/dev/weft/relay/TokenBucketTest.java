package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long START = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();

  private final TokenBucket bucket = new TokenBucket(10, 2, START);

  @Test
  void shouldLetABurstPassAndThenAsMuchASecondAsIsAllowed() {
    assertThat(bucket.spend(20, START)).isZero();
    assertThat(bucket.spend(1, START)).isEqualTo(Duration.ofMillis(100).toNanos());
    assertThat(bucket.spend(4, START)).isEqualTo(Duration.ofMillis(500).toNanos());

    long later = START + Duration.ofMillis(600).toNanos();
    assertThat(bucket.spend(1, later)).isZero();
    assertThat(bucket.spend(1, later)).isEqualTo(Duration.ofMillis(100).toNanos());
  }

  /** The clock may have any value, and pass the greatest. */
  @Test
  void shouldSaveUpNoMoreThanABurstHoweverLongNothingIsSpent() {
    long later = START + Duration.ofDays(1).toNanos();
    assertThat(later).isNegative();

    assertThat(bucket.spend(20, later)).isZero();
    assertThat(bucket.spend(1, later)).isPositive();
  }
}
