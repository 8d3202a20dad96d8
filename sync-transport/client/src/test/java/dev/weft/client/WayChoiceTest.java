package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which way the next link goes. */
class WayChoiceTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private long nowNanos;
  private final WayChoice choice = new WayChoice(() -> nowNanos);

  private void pass(Duration time) {
    nowNanos += time.toNanos();
  }

  /** One link is greeted by the relay, and cut after a while. */
  private void cutAfter(Duration time) {
    WayChoice.Attempt attempt = choice.begin();
    attempt.heard(true);
    pass(time);
    attempt.ended(false);
  }

  @Test
  void shouldGoTheOtherWayWhereNothingComes() {
    WayChoice.Attempt first = choice.begin();
    assertThat(first.isByWebSocket()).isTrue();
    first.ended(false);

    WayChoice.Attempt second = choice.begin();
    assertThat(second.isByWebSocket()).isFalse();
    second.ended(false);

    assertThat(choice.begin().isByWebSocket()).isTrue();
  }

  @Test
  void shouldNotChangeTheWayWhereEveryWayFails() {
    choice.begin().ended(true);

    assertThat(choice.begin().isByWebSocket()).isTrue();
  }

  @Test
  void shouldJudgeAnAttemptThatIsGivenUpOnlyIfItHadItsTime() {
    WayChoice.Attempt first = choice.begin();
    first.givenUp();
    first.ended(false);
    WayChoice.Attempt second = choice.begin();
    assertThat(second.isByWebSocket()).isTrue();
    pass(Duration.ofSeconds(10));
    second.givenUp();
    second.ended(false);

    assertThat(choice.begin().isByWebSocket()).isFalse();
  }

  @Test
  void shouldPollOnceWebSocketsAreCutSoonAgainAndAgain() {
    cutAfter(Duration.ofSeconds(1));
    cutAfter(Duration.ofSeconds(1));
    assertThat(choice.begin().isByWebSocket()).isTrue();
    cutAfter(Duration.ofSeconds(1));

    assertThat(choice.begin().isByWebSocket()).isFalse();
    assertThat(choice.pauseBeforeWebSocket(MINUTE, MINUTE.multipliedBy(3))).isEqualTo(MINUTE);

    choice.webSocketWorks();
    cutAfter(Duration.ofSeconds(1));
    assertThat(choice.begin().isByWebSocket()).isFalse();
    assertThat(choice.pauseBeforeWebSocket(MINUTE, MINUTE.multipliedBy(3)))
        .isEqualTo(MINUTE.multipliedBy(2));
  }

  @Test
  void shouldForgetTheCutsOnceAWebSocketLasts() {
    cutAfter(Duration.ofSeconds(1));
    cutAfter(Duration.ofSeconds(1));
    cutAfter(MINUTE);
    cutAfter(Duration.ofSeconds(1));

    assertThat(choice.begin().isByWebSocket()).isTrue();
  }

  @Test
  void shouldNotTakeTheClientsOwnCloseForACut() {
    for (int i = 0; i < 5; i++) {
      WayChoice.Attempt attempt = choice.begin();
      attempt.heard(true);
      pass(Duration.ofSeconds(10));
      attempt.givenUp();
      attempt.ended(false);
    }

    assertThat(choice.begin().isByWebSocket()).isTrue();
  }

  @Test
  void shouldNotHearOfALinkThatEndsAfterTheNextHasBegun() {
    WayChoice.Attempt old = choice.begin();
    choice.begin().heard(true);

    old.ended(false);

    assertThat(choice.begin().isByWebSocket()).isTrue();
  }
}
