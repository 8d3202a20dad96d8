package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.Link.OtherWays;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which way the next link goes, and how long to poll before a WebSocket is tried. */
class WayChoiceTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private long nowNanos;
  private final WayChoice choice =
      new WayChoice(() -> nowNanos, new SplittableRandom(1), Duration.ofSeconds(5));

  private void pass(Duration time) {
    nowNanos += time.toNanos();
  }

  /** One link is greeted by the relay, and cut after a while in which it was heard. */
  private void cutAfter(Duration time) {
    WayChoice.Attempt attempt = choice.begin();
    attempt.heardFirst(true);
    pass(time);
    attempt.heard();
    attempt.ended(OtherWays.MAY_WORK);
  }

  private void cutTooOften() {
    for (int i = 0; i < 3; i++) {
      cutAfter(SECOND);
    }
  }

  private void tryInVain(Duration until) {
    pass(until);
    choice.tryWebSocket();
  }

  /** Within a quarter: those who lost a relay together do not come back together. */
  private void assertPause(Duration longest) {
    assertThat(choice.pauseBeforeWebSocket())
        .isBetween(longest.multipliedBy(3).dividedBy(4), longest);
  }

  @Test
  void shouldGoTheOtherWayWhereNothingComes() {
    WayChoice.Attempt first = choice.begin();
    assertThat(first.isByWebSocket()).isTrue();
    first.ended(OtherWays.MAY_WORK);

    WayChoice.Attempt second = choice.begin();
    assertThat(second.isByWebSocket()).isFalse();
    second.ended(OtherWays.MAY_WORK);

    assertThat(choice.begin().isByWebSocket()).isTrue();
  }

  @Test
  void shouldNotChangeTheWayWhereEveryWayFails() {
    choice.begin().ended(OtherWays.FAIL);

    assertThat(choice.begin().isByWebSocket()).isTrue();
  }

  @Test
  void shouldJudgeAnAttemptThatIsGivenUpOnlyIfItHadItsTime() {
    WayChoice.Attempt first = choice.begin();
    first.givenUp();
    first.ended(OtherWays.MAY_WORK);
    WayChoice.Attempt second = choice.begin();
    assertThat(second.isByWebSocket()).isTrue();
    pass(Duration.ofSeconds(10));
    second.givenUp();
    second.ended(OtherWays.MAY_WORK);

    assertThat(choice.begin().isByWebSocket()).isFalse();
  }

  /** It may take a while to be over. */
  @Test
  void shouldJudgeAnAttemptThatIsGivenUpAtOnce() {
    WayChoice.Attempt first = choice.begin();
    pass(Duration.ofSeconds(10));
    first.givenUp();

    assertThat(choice.begin().isByWebSocket()).isFalse();
  }

  @Test
  void shouldPollOnceWebSocketsAreCutSoonAgainAndAgain() {
    cutAfter(SECOND);
    cutAfter(SECOND);
    assertThat(choice.begin().isByWebSocket()).isTrue();
    cutAfter(SECOND);

    assertThat(choice.begin().isByWebSocket()).isFalse();
    assertPause(MINUTE);

    tryInVain(MINUTE);
    choice.webSocketWorks();
    cutAfter(SECOND);
    assertThat(choice.begin().isByWebSocket()).isFalse();
    pass(Duration.ofSeconds(9));
    assertPause(MINUTE.multipliedBy(2).minusSeconds(10));
  }

  @Test
  void shouldForgetTheCutsOnceAWebSocketLasts() {
    cutAfter(SECOND);
    cutAfter(SECOND);
    cutAfter(MINUTE);
    cutAfter(SECOND);

    assertThat(choice.begin().isByWebSocket()).isTrue();
  }

  @Test
  void shouldNotTakeTheClientsOwnCloseForACut() {
    for (int i = 0; i < 5; i++) {
      WayChoice.Attempt attempt = choice.begin();
      attempt.heardFirst(true);
      pass(Duration.ofSeconds(9));
      attempt.givenUp();
      attempt.ended(OtherWays.MAY_WORK);
    }

    assertThat(choice.begin().isByWebSocket()).isTrue();
  }

  /** It is being started anew, or a token is over. */
  @Test
  void shouldNotTakeTheRelaysOwnCloseForACut() {
    for (int i = 0; i < 5; i++) {
      WayChoice.Attempt attempt = choice.begin();
      attempt.heardFirst(true);
      attempt.ended(OtherWays.ARE_NO_BETTER);
    }

    assertThat(choice.begin().isByWebSocket()).isTrue();
  }

  /** Something in between lets the greeting through, and then nothing. */
  @Test
  void shouldPollOnceWebSocketsFallSilentSoonAgainAndAgain() {
    for (int i = 0; i < 3; i++) {
      WayChoice.Attempt attempt = choice.begin();
      assertThat(attempt.isByWebSocket()).isTrue();
      attempt.heardFirst(true);
      pass(Duration.ofSeconds(25));
      attempt.heard();
      pass(Duration.ofSeconds(16));
      attempt.givenUp();
      attempt.ended(OtherWays.MAY_WORK);
    }

    assertThat(choice.begin().isByWebSocket()).isFalse();
  }

  @Test
  void shouldNotHearOfALinkThatEndsAfterTheNextHasBegun() {
    WayChoice.Attempt old = choice.begin();
    choice.begin().heardFirst(true);

    old.ended(OtherWays.MAY_WORK);

    assertThat(choice.begin().isByWebSocket()).isTrue();
  }

  @Test
  void shouldTryAWebSocketSoonAndThenLessAndLessOften() {
    choice.begin().ended(OtherWays.MAY_WORK);
    choice.begin().heardFirst(true);
    Duration expected = SECOND;
    for (int i = 0; i < 20; i++) {
      assertPause(expected);
      tryInVain(expected);
      Duration doubled = expected.multipliedBy(2);
      expected = doubled.compareTo(Duration.ofMinutes(30)) < 0 ? doubled : Duration.ofMinutes(30);
    }
  }

  /** Links that poll, and are lost again and again, do not begin anew. */
  @Test
  void shouldRememberTheTriesOfEarlierLinks() {
    for (int i = 0; i < 6; i++) {
      tryInVain(MINUTE);
    }
    assertPause(MINUTE.plusSeconds(4));
    pass(MINUTE);
    assertPause(Duration.ofSeconds(4));
    pass(MINUTE);
    assertPause(SECOND);
  }

  @Test
  void shouldForgetTheTriesOnceAWebSocketLasts() {
    for (int i = 0; i < 6; i++) {
      tryInVain(SECOND);
    }
    choice.webSocketWorks();
    cutAfter(MINUTE);

    assertPause(SECOND);
  }

  @Test
  void shouldNotForgetTheTriesForAWebSocketThatIsCut() {
    for (int i = 0; i < 3; i++) {
      tryInVain(SECOND);
    }
    choice.webSocketWorks();
    cutAfter(SECOND);

    assertPause(Duration.ofSeconds(7));
  }

  @Test
  void shouldTryRarelyWhereWebSocketsAreCut() {
    cutTooOften();

    assertPause(MINUTE);
  }
}
