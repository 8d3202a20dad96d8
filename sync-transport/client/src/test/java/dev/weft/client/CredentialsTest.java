package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.Workshop.Device;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.ConnectionLimits;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens: one for each connection, renewed in time, replaced when they are over. */
class CredentialsTest {
  @TempDir Path directory;
  private Workshop workshop;
  private final AtomicInteger given = new AtomicInteger();
  private final Queue<Runnable> questions = new ArrayDeque<>();

  @BeforeEach
  void setUp() {
    workshop = new Workshop(directory, 17);
  }

  private Device ann() {
    return workshop.device("ann", builder -> builder.token(() -> "t" + given.incrementAndGet()));
  }

  @Test
  void shouldSayAFreshTokenOnEveryConnection() {
    Device ann = ann();
    ann.awaitLive();

    workshop.relay.cut("a cable was pulled");
    workshop.await("offline", () -> ann.text.status().connection() == Connection.OFFLINE);
    ann.awaitLive();

    assertThat(hellos()).containsExactly("t1", "t2");
  }

  @Test
  void shouldRenewTheTokenBeforeItEndsWithoutLosingTheConnection() {
    workshop.relay.tokenValidMillis = 60_000;
    Device ann = ann();
    ann.awaitLive();

    workshop.run(Duration.ofSeconds(47));
    assertThat(renewals()).isEmpty();
    workshop.run(Duration.ofSeconds(2));
    assertThat(renewals()).containsExactly("t2");
    workshop.run(Duration.ofSeconds(48));

    assertThat(renewals()).containsExactly("t2", "t3");
    assertThat(hellos()).containsExactly("t1");
    assertThat(ann.text.status().connection()).isEqualTo(Connection.LIVE);
  }

  @Test
  void shouldComeBackWithAnotherTokenAndAllEditsWhenTheOldOneIsOver() {
    Device ann = ann();
    ann.awaitLive();
    workshop.relay.knowsToken = token -> !token.equals("t1");
    ann.text.insert(0, "kept");

    workshop.relay.sendToAll(
        new RelayMessage.Fault(
            RelayMessage.Scope.CONNECTION,
            0,
            Refusal.forGood(Codes.TOKEN_EXPIRED, "the token is over"),
            List.of()));
    workshop.await("offline", () -> ann.text.status().connection() == Connection.OFFLINE);
    ann.awaitLive();

    assertThat(hellos()).containsExactly("t1", "t2");
    workshop.await("delivery", () -> workshop.relay.version("notes").equals(ann.text.version()));
  }

  @Test
  void shouldStayRefusedWithoutATokenSource() {
    workshop.relay.knowsToken = token -> false;
    Device ann = workshop.device("ann");

    workshop.await("refused", () -> ann.text.status().connection() == Connection.REFUSED);
    workshop.run(Duration.ofMinutes(5));

    assertThat(hellos()).containsExactly("");
  }

  /** Of each Welcome that comes, only the last tells when the token ends. */
  @Test
  void shouldAskForNoTokenWhileOfflineOnPurpose() {
    workshop.relay.tokenValidMillis = 60_000;
    Device ann = ann();
    ann.awaitLive();
    workshop.relay.sendToAll(
        new RelayMessage.Welcome(
            "model/1", "s", ConnectionLimits.DEFAULT, Capabilities.NONE, 10_000, 30_000, 60_000));
    workshop.run(Duration.ofSeconds(1));

    ann.client.disconnect();
    workshop.run(Duration.ofMinutes(5));

    assertThat(given).hasValue(1);
  }

  @Test
  void shouldSlowDownWhenEveryTokenIsRefused() {
    workshop.relay.knowsToken = token -> false;
    Device ann = ann();

    workshop.run(Duration.ofMinutes(10));

    // Pauses of 5 s on average, after the first few.
    assertThat(hellos()).hasSizeBetween(80, 160);
    workshop.relay.knowsToken = token -> true;
    ann.awaitLive();
  }

  private Device annWhoseSourceFailsAtFirst(int times, TokenSource failing) {
    AtomicInteger asked = new AtomicInteger();
    TokenSource source = () -> asked.incrementAndGet() <= times ? failing.token() : "signed-in";
    return workshop.device("ann", builder -> builder.token(source));
  }

  @Test
  void shouldSayWhyThereIsNoTokenAndTryAgain() {
    Device ann =
        annWhoseSourceFailsAtFirst(
            2,
            () -> {
              throw new IOException("sign in first");
            });

    String why = "no token for the relay: sign in first";
    workshop.await("the reason", () -> ann.text.status().reason().equals(why));
    ann.awaitLive();
    assertThat(hellos()).containsExactly("signed-in");
  }

  @Test
  void shouldOpenATextAgainThatTheLastTokenDidNotAllow() {
    workshop.relay.tokenValidMillis = 60_000;
    workshop.relay.refuseOpen = Refusal.forGood(Codes.UNAUTHORISED, "not for you");
    Device ann = ann();
    workshop.await("refused", () -> ann.text.status().connection() == Connection.REFUSED);

    workshop.relay.refuseOpen = null;
    workshop.run(Duration.ofSeconds(50));

    assertThat(renewals()).containsExactly("t2");
    assertThat(ann.text.status().connection()).isEqualTo(Connection.LIVE);
  }

  @Test
  void shouldWaitForAPersonWhoSignsInAsLongAsItTakes() {
    workshop.tokens = questions::add;
    Device ann = ann();

    workshop.run(Duration.ofMinutes(10));
    assertThat(ann.text.status().describe())
        .isEqualTo("connecting (waiting for a token), nothing to save");
    assertThat(questions).hasSize(1);
    assertThat(workshop.relay.asked).isEmpty();
    answer();
    ann.awaitLive();

    assertThat(hellos()).containsExactly("t1");
  }

  @Test
  void shouldUseALateTokenForTheNextConnection() {
    workshop.tokens = questions::add;
    Device ann = ann();
    workshop.run(Duration.ofSeconds(1));

    ann.client.disconnect();
    workshop.run(Duration.ZERO);
    assertThat(ann.text.status().reason()).isEqualTo("disconnected on purpose");
    answer();
    workshop.run(Duration.ofMinutes(1));
    assertThat(workshop.relay.asked).isEmpty();
    ann.client.reconnect();
    ann.awaitLive();

    assertThat(hellos()).containsExactly("t1");
  }

  @Test
  void shouldAskOneQuestionAtATime() {
    workshop.tokens = questions::add;
    Device ann = ann();
    for (int i = 0; i < 10; i++) {
      ann.client.networkChanged();
      ann.client.disconnect();
      ann.client.reconnect();
      workshop.run(Duration.ofSeconds(20));
    }
    assertThat(questions).hasSize(1);
    assertThat(ann.text.status().reason()).isEqualTo("waiting for a token");
    answer();
    ann.awaitLive();

    assertThat(hellos()).containsExactly("t1");
    assertThat(questions).isEmpty();
  }

  @Test
  void shouldCloseAtOnceWhileSomebodySignsIn() {
    workshop.tokens = questions::add;
    Device ann = ann();
    workshop.run(Duration.ofSeconds(1));

    long before = workshop.time.nanos();
    ann.close();
    assertThat(workshop.time.nanos() - before).isLessThan(Duration.ofMillis(100).toNanos());
    answer();
    workshop.run(Duration.ofMinutes(1));

    assertThat(workshop.relay.asked).isEmpty();
  }

  @Test
  void shouldNotAskForAnotherTokenWhileTheRelayCannotBeReached() {
    workshop.relay.reachable = false;
    Device ann = ann();
    workshop.run(Duration.ofMinutes(10));
    workshop.relay.reachable = true;
    ann.awaitLive();

    assertThat(hellos()).containsExactly("t1");
  }

  @Test
  void shouldTakeWhateverASourceThrowsForAnAnswer() {
    Device ann =
        annWhoseSourceFailsAtFirst(
            1,
            () -> {
              throw new NoClassDefFoundError("Keychain");
            });

    String why = "no token for the relay: Keychain";
    workshop.await("the reason", () -> ann.text.status().reason().equals(why));
    ann.awaitLive();
  }

  /** The relay is not to blame. */
  @Test
  void shouldSayThatATokenIsTooLong() {
    Device ann = annWhoseSourceFailsAtFirst(1, () -> "x".repeat(20_000));

    String why = "no token for the relay: it has 20000 bytes, at most 16384 can be sent";
    workshop.await("the reason", () -> ann.text.status().reason().equals(why));
    assertThat(workshop.relay.asked).isEmpty();
    ann.awaitLive();
  }

  @Test
  void shouldWaitForTheRenewalThatIsOpenWhenTheTokenEnds() {
    workshop.relay.tokenValidMillis = 60_000;
    workshop.tokens = questions::add;
    Device ann = ann();
    workshop.run(Duration.ofSeconds(1));
    answer();
    ann.awaitLive();
    workshop.run(Duration.ofSeconds(59));
    assertThat(questions).hasSize(1);

    workshop.relay.sendToAll(
        new RelayMessage.Fault(
            RelayMessage.Scope.CONNECTION,
            0,
            Refusal.forGood(Codes.TOKEN_EXPIRED, "the token is over"),
            List.of()));
    workshop.run(Duration.ofMinutes(5));
    assertThat(ann.text.status().reason()).isEqualTo("waiting for a token");
    assertThat(questions).hasSize(1);
    answer();
    ann.awaitLive();

    assertThat(hellos()).containsExactly("t1", "t2");
    assertThat(renewals()).isEmpty();
  }

  /** The source answers the question that was asked first. */
  private void answer() {
    questions.remove().run();
  }

  private List<String> hellos() {
    return workshop.relay.received.stream()
        .filter(ClientMessage.Hello.class::isInstance)
        .map(message -> ((ClientMessage.Hello) message).token())
        .toList();
  }

  private List<String> renewals() {
    return workshop.relay.received.stream()
        .filter(ClientMessage.Renew.class::isInstance)
        .map(message -> ((ClientMessage.Renew) message).token())
        .toList();
  }
}
