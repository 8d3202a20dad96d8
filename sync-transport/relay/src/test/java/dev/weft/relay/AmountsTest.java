package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AmountsTest {
  @Test
  void shouldSayDurationsInTheUnitThatFits() {
    assertThat(Amounts.millis(0.25)).isEqualTo("0.3\u00a0ms");
    assertThat(Amounts.millis(3.44)).isEqualTo("3.4\u00a0ms");
    assertThat(Amounts.millis(9.97)).isEqualTo("10\u00a0ms");
    assertThat(Amounts.millis(999.4)).isEqualTo("999\u00a0ms");
    assertThat(Amounts.millis(1_500)).isEqualTo("1.5\u00a0s");
    assertThat(Amounts.millis(30_000)).isEqualTo("30\u00a0s");
  }

  @Test
  void shouldSayBytesInTheUnitThatFits() {
    assertThat(Amounts.bytes(0)).isEqualTo("0\u00a0B");
    assertThat(Amounts.bytes(1_023)).isEqualTo("1023\u00a0B");
    assertThat(Amounts.bytes(1_536)).isEqualTo("1.5\u00a0KiB");
    assertThat(Amounts.bytes(256L << 20)).isEqualTo("256\u00a0MiB");
    assertThat(Amounts.bytes(Long.MAX_VALUE)).isEqualTo("8,388,608\u00a0TiB");
    assertThat(Amounts.bytesPerSecond(2_048.4)).isEqualTo("2\u00a0KiB/s");
  }

  @Test
  void shouldSayOneOfAThingInTheSingular() {
    assertThat(Amounts.count(0, "time")).isEqualTo("0 times");
    assertThat(Amounts.count(1, "time")).isEqualTo("1 time");
    assertThat(Amounts.count(12_345, "time")).isEqualTo("12,345 times");
  }

  /** What happens seldom is not said to happen never. */
  @Test
  void shouldNotRoundToZeroWhatIsNot() {
    assertThat(Amounts.perSecond(0)).isEqualTo("0/s");
    assertThat(Amounts.perSecond(0.01)).isEqualTo("under 0.1/s");
    assertThat(Amounts.perSecond(0.06)).isEqualTo("0.1/s");
    assertThat(Amounts.perSecond(4_000)).isEqualTo("4,000/s");
  }

  @Test
  void shouldSayForHowLongSomethingHasGoneOn() {
    assertThat(Amounts.elapsed(59)).isEqualTo("59\u00a0s");
    assertThat(Amounts.elapsed(3_599)).isEqualTo("59\u00a0min");
    assertThat(Amounts.elapsed(2 * 3_600 + 5 * 60 + 9)).isEqualTo("2\u00a0h 5\u00a0min");
    assertThat(Amounts.elapsed(3 * 86_400 + 3_600)).isEqualTo("3\u00a0d 1\u00a0h");
  }
}
