package dev.weft.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SendingWindowTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  @Test
  void shouldSendTheFirstKeystrokeAtOnceAndGatherForHalfTheLeastRoundTrip() {
    SendingWindow window = new SendingWindow(true);
    window.roundTrip(40 * MILLI);
    window.roundTrip(90 * MILLI);

    assertThat(window.leftNanos(0)).isZero();
    window.sent(0);
    assertThat(window.leftNanos(5 * MILLI)).isEqualTo(15 * MILLI);
    assertThat(window.leftNanos(20 * MILLI)).isZero();
  }

  @Test
  void shouldGatherForTwoHundredMillisecondsAtMost() {
    SendingWindow window = new SendingWindow(true);
    window.roundTrip(3_000 * MILLI);

    assertThat(window.widthNanos(0)).isEqualTo(200 * MILLI);
  }

  @Test
  void shouldForgetARoundTripAfterEightMore() {
    SendingWindow window = new SendingWindow(true);
    window.roundTrip(2 * MILLI);
    for (int i = 0; i < 8; i++) {
      window.roundTrip(100 * MILLI);
    }

    assertThat(window.widthNanos(0)).isEqualTo(50 * MILLI);
  }

  @Test
  void shouldGatherAsLongAsItIsAskedTo() {
    SendingWindow window = new SendingWindow(false);
    window.roundTrip(40 * MILLI);
    assertThat(window.widthNanos(0)).isZero();

    window.throttle(50 * MILLI, 1_000 * MILLI);
    assertThat(window.widthNanos(999 * MILLI)).isEqualTo(50 * MILLI);
    assertThat(window.widthNanos(1_000 * MILLI)).isZero();
  }
}
