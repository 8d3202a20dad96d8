package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** For how long keystrokes are gathered. */
class SendWindowTest {
  private static final long NOW = 1_000_000_000L;

  private SendWindow window;

  @BeforeEach
  void setUp() {
    window = new SendWindow();
  }

  @Test
  void shouldSendAtOnceWhenNothingWasSentBefore() {
    window.roundTrip(millis(100));
    assertThat(window.delayNanos(NOW)).isZero();
  }

  @Test
  void shouldGatherForHalfARoundTripAfterAMessage() {
    window.roundTrip(millis(100));
    window.sent(NOW);
    assertThat(window.delayNanos(NOW + millis(10))).isEqualTo(millis(40));
    assertThat(window.delayNanos(NOW + millis(50))).isZero();
  }

  @Test
  void shouldGoByTheLinkAndNotByNoise() {
    window.roundTrip(millis(90));
    window.roundTrip(millis(2));
    window.roundTrip(millis(70));
    assertThat(window.windowNanos()).isEqualTo(millis(1));
  }

  @Test
  void shouldNoticeWhenTheLinkBecomesSlow() {
    window.roundTrip(millis(2));
    for (int i = 0; i < 8; i++) {
      window.roundTrip(millis(120));
    }
    assertThat(window.windowNanos()).isEqualTo(millis(60));
  }

  @Test
  void shouldNeverGatherForLongerThanItsBoundByItself() {
    window.roundTrip(Duration.ofSeconds(5).toNanos());
    assertThat(window.windowNanos()).isEqualTo(SendWindow.MAX_WINDOW_NANOS);
  }

  @Test
  void shouldGatherForAsLongAsTheRelayAsks() {
    window.sent(NOW);
    window.throttle(millis(700));
    assertThat(window.delayNanos(NOW)).isEqualTo(millis(700));
    assertThat(window.isThrottled()).isTrue();
    window.throttle(0);
    assertThat(window.delayNanos(NOW)).isZero();
  }

  private static long millis(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
