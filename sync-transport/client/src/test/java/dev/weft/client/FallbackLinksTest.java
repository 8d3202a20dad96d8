package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.ConnectionLimits;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayMessage;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A session that chooses its way, in virtual time, of a relay that answers after 10 ms. */
class FallbackLinksTest {
  private static final URI ELSEWHERE = URI.create("ws://other.example/v1/sync");
  private static final long ANSWER_NANOS = Duration.ofMillis(10).toNanos();
  private static final RelayMessage WELCOME =
      new RelayMessage.Welcome(
          "r", "s", ConnectionLimits.DEFAULT, Capabilities.NONE, 10_000, 30_000, 0);

  private static final Duration AWAY = Duration.ofSeconds(20);
  private static final Duration BACK_WITHIN = Duration.ofMillis(6_600);

  private final SplittableRandom random = new SplittableRandom(3);
  private final VirtualTime time = new VirtualTime(random);
  private final VirtualTime.Line loop = time.line(0);
  private final List<WebSocket> webSockets = new ArrayList<>();
  private WebSocketsAre webSocketsAre = WebSocketsAre.FINE;
  private boolean relayIsSilent;
  private boolean firstDrains;
  private boolean firstIsGone;
  private boolean tokenSourceIsDown;
  private final Session session = session();

  private enum WebSocketsAre {
    FINE,
    REFUSED,
    TOO_MANY,
    SWALLOWED
  }

  private Session session() {
    VirtualScheduler scheduler = new VirtualScheduler(loop);
    Links links =
        new FallbackLinks(
            new WebSockets(),
            new PollingLinks(scheduler, this::requests, () -> random),
            scheduler,
            new WayChoice(time::nanos, random, Duration.ofSeconds(5)));
    Environment environment =
        new Environment(
            loop,
            loop,
            loop,
            loop,
            Runnable::run,
            Runnable::run,
            time::nanos,
            InstantSource.fixed(Workshop.NOW),
            random,
            links);
    return new Session(
        ModelRelay.ADDRESS,
        "test",
        environment,
        new Credentials(environment, this::token),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        new Backoff(Duration.ofMillis(250), Duration.ofSeconds(10), random));
  }

  private String token() throws IOException {
    if (tokenSourceIsDown) {
      throw new IOException("the identity provider is down");
    }
    return "token";
  }

  private PollingLink.Requests requests(URI relay) {
    boolean first = relay.equals(ModelRelay.ADDRESS);
    return (hello, document, messages, hearing, answered, failed) -> {
      if (first && firstIsGone) {
        time.at(ANSWER_NANOS, () -> failed.accept(new PollingLink.NoAnswer("connection refused")));
      } else {
        request(messages, first && firstDrains, answered);
      }
    };
  }

  private void request(
      List<ClientMessage> messages, boolean drains, Consumer<List<RelayMessage>> answered) {
    if (!relayIsSilent) {
      List<RelayMessage> answer = new ArrayList<>(List.of(WELCOME));
      messages.forEach(message -> answer.addAll(answerTo(message)));
      if (drains) {
        answer.add(new RelayMessage.Drain("maintenance", 100, 0, 0, List.of(ELSEWHERE.toString())));
      }
      time.at(ANSWER_NANOS, () -> answered.accept(answer));
    }
  }

  private static List<RelayMessage> answerTo(ClientMessage message) {
    if (message instanceof ClientMessage.Hello) {
      return List.of(WELCOME);
    }
    return message instanceof ClientMessage.Ping ping
        ? List.of(new RelayMessage.Pong(ping.nonce(), 0, null))
        : List.of();
  }

  private final class WebSockets implements Links {
    @Override
    public Link connect(URI relay, Link.Listener listener) {
      WebSocket made = new WebSocket(relay, listener);
      webSockets.add(made);
      return made;
    }

    @Override
    public void close() {}
  }

  private final class WebSocket implements Link {
    private final Listener listener;
    private boolean over;

    WebSocket(URI relay, Listener listener) {
      this.listener = listener;
      if (firstIsGone && relay.equals(ModelRelay.ADDRESS)) {
        later(() -> end("connection refused", OtherWays.FAIL));
      } else if (webSocketsAre == WebSocketsAre.REFUSED) {
        later(() -> end("HTTP status 403", OtherWays.MAY_WORK));
      } else if (webSocketsAre == WebSocketsAre.TOO_MANY) {
        later(
            () -> {
              listener.sentAway(AWAY);
              end("HTTP status 429", OtherWays.FAIL);
            });
      } else {
        later(listener::opened);
      }
    }

    private void later(Runnable event) {
      time.at(
          ANSWER_NANOS,
          () -> {
            if (!over) {
              event.run();
            }
          });
    }

    @Override
    public void send(byte[] message) {
      if (relayIsSilent || webSocketsAre == WebSocketsAre.SWALLOWED) {
        return;
      }
      try {
        for (RelayMessage answer : answerTo(Frames.decodeClient(message))) {
          later(() -> listener.received(Frames.encode(answer)));
        }
      } catch (MalformedFrameException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void demand() {}

    @Override
    public void close(String reason) {
      later(() -> end(reason, OtherWays.MAY_WORK));
    }

    void end(String reason, OtherWays others) {
      over = true;
      listener.closed(reason, others);
    }
  }

  private boolean isLive() {
    return session.connection() == Connection.LIVE;
  }

  private boolean isLiveByWebSocket() {
    return isLive() && !session.isPolling();
  }

  private long open() {
    return webSockets.stream().filter(each -> !each.over).count();
  }

  private boolean within(Duration duration, boolean polling) {
    return time.runUntil(duration.toNanos(), () -> isLive() && session.isPolling() == polling);
  }

  private void endNewest(Link.OtherWays others) {
    webSockets.get(webSockets.size() - 1).end("over", others);
    time.runFor(0);
    assertThat(isLive()).isFalse();
  }

  private void pollWhere(WebSocketsAre are, Duration within) {
    webSocketsAre = are;
    session.connect();
    assertThat(within(within, true)).isTrue();
  }

  @Test
  void shouldPollSoonWhereWebSocketsAreRefused() {
    pollWhere(WebSocketsAre.REFUSED, Duration.ofSeconds(1));
  }

  @Test
  void shouldPollSoonWhereNothingComesThroughWebSockets() {
    pollWhere(WebSocketsAre.SWALLOWED, Duration.ofSeconds(11));
  }

  @Test
  void shouldStayAwayForAsLongAsTheRelaySaysAndThenComeBackTheSameWay() {
    webSocketsAre = WebSocketsAre.TOO_MANY;
    session.connect();
    time.runFor(AWAY.toNanos() * 3);
    assertThat(webSockets).hasSize(3);
    assertThat(session.connection()).isEqualTo(Connection.OFFLINE);

    webSocketsAre = WebSocketsAre.FINE;

    assertThat(within(AWAY.plusSeconds(1), false)).isTrue();
    assertThat(webSockets).hasSize(4);
  }

  @Test
  void shouldNotBeDisturbedWhileItPolls() {
    for (WebSocketsAre are : List.of(WebSocketsAre.REFUSED, WebSocketsAre.SWALLOWED)) {
      FallbackLinksTest run = new FallbackLinksTest();
      run.pollWhere(are, Duration.ofSeconds(11));
      int before = run.webSockets.size();

      boolean disturbed = run.time.runUntil(Duration.ofHours(1).toNanos(), () -> !run.isLive());

      assertThat(disturbed).as(are.name()).isFalse();
      assertThat(run.webSockets.size() - before).as(are.name()).isBetween(10, 14);
      assertThat(run.open()).as(are.name()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void shouldComeBackOverAWebSocketSoonAfterOneFailedByChance() {
    pollWhere(WebSocketsAre.REFUSED, Duration.ofSeconds(1));
    webSocketsAre = WebSocketsAre.FINE;

    assertThat(within(BACK_WITHIN, false)).isTrue();
    assertThat(open()).isOne();
  }

  @Test
  void shouldTryAWebSocketAtOnceWhenTheNetworkHasChanged() {
    for (WebSocketsAre are : List.of(WebSocketsAre.REFUSED, WebSocketsAre.SWALLOWED)) {
      FallbackLinksTest run = new FallbackLinksTest();
      run.pollWhere(are, Duration.ofSeconds(11));
      run.time.runFor(Duration.ofHours(1).toNanos());
      run.webSocketsAre = WebSocketsAre.FINE;

      run.session.networkChanged();

      assertThat(run.within(BACK_WITHIN, false)).as(are.name()).isTrue();
      assertThat(run.open()).as(are.name()).isOne();
    }
  }

  @Test
  void shouldTryAnewWhenTheNetworkChangesWhileAWebSocketIsTried() {
    pollWhere(WebSocketsAre.SWALLOWED, Duration.ofSeconds(11));
    int before = webSockets.size();
    assertThat(time.runUntil(Duration.ofMinutes(1).toNanos(), () -> webSockets.size() > before))
        .isTrue();
    time.runFor(Duration.ofSeconds(1).toNanos());
    webSocketsAre = WebSocketsAre.FINE;

    session.networkChanged();

    assertThat(within(BACK_WITHIN, false)).isTrue();
    assertThat(open()).isOne();
  }

  @Test
  void shouldGoOnPollingUntilItHasATokenForAWebSocket() {
    pollWhere(WebSocketsAre.REFUSED, Duration.ofSeconds(1));
    tokenSourceIsDown = true;
    webSocketsAre = WebSocketsAre.FINE;

    assertThat(
            time.runUntil(
                Duration.ofMinutes(1).toNanos(), () -> session.connection() == Connection.OFFLINE))
        .isFalse();
    assertThat(isLive()).isTrue();
    assertThat(session.isPolling()).isFalse();
  }

  /** Who was sent to another relay, and polls that, tries a WebSocket to that one. */
  @Test
  void shouldStayWithTheRelayThatItPolls() {
    pollWhere(WebSocketsAre.REFUSED, Duration.ofSeconds(1));
    firstDrains = true;
    assertThat(time.runUntil(Duration.ofSeconds(30).toNanos(), () -> !isLive())).isTrue();
    firstIsGone = true;
    assertThat(within(Duration.ofSeconds(10), true)).isTrue();
    webSocketsAre = WebSocketsAre.FINE;

    assertThat(
            time.runUntil(
                Duration.ofMinutes(5).toNanos(), () -> session.connection() == Connection.OFFLINE))
        .isFalse();
    assertThat(session.isPolling()).isFalse();
  }

  /** It stands still, say: what it was sent is taken, and nothing comes. */
  @Test
  void shouldComeBackOverAWebSocketSoonAfterTheRelayWasSilent() {
    for (int seconds = 20; seconds < 60; seconds++) {
      FallbackLinksTest run = new FallbackLinksTest();
      run.session.connect();
      assertThat(run.within(Duration.ofSeconds(1), false)).isTrue();
      run.relayIsSilent = true;
      run.time.runFor(Duration.ofSeconds(seconds).toNanos());
      run.relayIsSilent = false;
      assertThat(run.time.runUntil(Duration.ofMinutes(1).toNanos(), run::isLive)).isTrue();

      assertThat(run.within(BACK_WITHIN, false)).as("%d s", seconds).isTrue();
    }
  }

  @Test
  void shouldNeverBeOfflineWhileItLeavesPollingForAWebSocket() {
    pollWhere(WebSocketsAre.REFUSED, Duration.ofSeconds(1));
    webSocketsAre = WebSocketsAre.FINE;
    List<Connection> seen = new ArrayList<>();

    boolean offline =
        time.runUntil(
            Duration.ofSeconds(5).toNanos(),
            () -> {
              seen.add(session.connection());
              return session.connection() == Connection.OFFLINE;
            });

    assertThat(offline).isFalse();
    assertThat(seen).contains(Connection.CONNECTING);
    assertThat(isLiveByWebSocket()).isTrue();
  }

  @Test
  void shouldPollWhereWebSocketsAreCutSoonAgainAndAgain() {
    session.connect();
    for (int i = 0; i < 3; i++) {
      assertThat(within(Duration.ofSeconds(10), false)).isTrue();
      endNewest(Link.OtherWays.MAY_WORK);
    }

    assertThat(within(Duration.ofSeconds(10), true)).isTrue();
    time.runFor(Duration.ofSeconds(40).toNanos());
    assertThat(session.isPolling()).isTrue();
    assertThat(within(Duration.ofSeconds(21), false)).isTrue();
  }

  @Test
  void shouldNotPollBecauseTheRelayItselfEndsConnections() {
    session.connect();
    for (int i = 0; i < 5; i++) {
      assertThat(within(Duration.ofSeconds(10), false)).isTrue();
      endNewest(Link.OtherWays.ARE_NO_BETTER);
    }

    assertThat(time.runUntil(Duration.ofMinutes(1).toNanos(), this::isLive)).isTrue();
    assertThat(session.isPolling()).isFalse();
  }

  @Test
  void shouldLeaveNothingWhenItIsClosed() {
    for (WebSocketsAre are : List.of(WebSocketsAre.REFUSED, WebSocketsAre.SWALLOWED)) {
      for (int seconds = 0; seconds < 20; seconds++) {
        FallbackLinksTest run = new FallbackLinksTest();
        run.pollWhere(are, Duration.ofSeconds(11));
        run.time.runFor(Duration.ofSeconds(seconds).toNanos());

        run.session.close(() -> {});
        run.time.runFor(Duration.ofSeconds(7).toNanos());

        assertThat(run.time.waiting()).as("%s, %d s", are, seconds).isZero();
        assertThat(run.open()).as("%s, %d s", are, seconds).isZero();
      }
    }
  }
}
