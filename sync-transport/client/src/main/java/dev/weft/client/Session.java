package dev.weft.client;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.ConnectionLimits;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.Presence;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection to its relay, made again whenever it is lost, and the texts that share it:
 * a state machine driven by its link, by timers and by the client. Confined to the loop, but for
 * {@link #sinceHeard} and {@link #nextAttempt}.
 *
 * <pre>{@code
 *          connect        token, opened          Welcome
 * OFFLINE ---------> CONNECTING ----> GREETING --------> OPEN --> REFUSED, until told to reconnect
 *                     ^   |              |                |
 *                     |   v              v                v  the link is lost
 *                    WAITING <-----------+----------------+
 * }</pre>
 *
 * <p>From each of them it may be CLOSED, which nothing leaves: what the link tells is handed over
 * from another thread, so it may come after the phase in which it was expected.
 */
final class Session implements Heartbeat.Pulse, Pipe.Ends {
  /** Why a client without a relay is offline. */
  static final String NO_RELAY = "no relay is set";

  /** Why a client with a token source is connecting for long. */
  private static final String AWAITING_TOKEN = "waiting for a token";

  private static final Duration GREETING_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration STABLE_AFTER = Duration.ofSeconds(10);
  private static final Duration PROBE_WITHIN = Duration.ofSeconds(2);

  /** However long a relay says to stay away: it may be wrong, and another may be in its place. */
  private static final Duration LONGEST_AWAY = Duration.ofMinutes(1);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  /** How many bytes of updates may wait to be applied before nothing more is read. */
  private static final int MAX_INBOX_BYTES = 4 << 20;

  private final Route route;
  private final String agent;
  private final Environment environment;
  private final Credentials credentials;
  private final Backoff backoff;
  private final Heartbeat heartbeat;
  private final WaitingTimes waitingTimes = new WaitingTimes();
  private final Duration answerWithin;
  private final Channels channels = new Channels();

  private Phase phase = Phase.OFFLINE;
  private String reason = "";
  private @Nullable Refusal refusal;
  private boolean draining;
  private RelayMessage.StoreState storeState = RelayMessage.StoreState.AVAILABLE;
  private long drainPauseNanos;

  /** How long the relay has said to stay away; 0 if it has not. */
  private long awayNanos;

  private String previousSession = "";
  private Loop.@Nullable Timer connectTimer;

  /** When it tries again to connect, by the ticker; null while it does not wait for that. */
  private volatile @Nullable Long attemptAtNanos;

  // The connection.
  private @Nullable Pipe pipe;
  private ConnectionLimits limits = ConnectionLimits.DEFAULT;
  private long connections;
  private long openedAtNanos;
  private long deliveries;
  private int inboxBytes;
  private Loop.@Nullable Timer deadline;
  private Runnable closed = () -> {};

  /**
   * Creates a session that is offline.
   *
   * @param relay where to connect; null: nowhere, ever
   * @param agent how the client introduces itself
   * @param credentials by what the relay knows it
   * @param staleAfter how long the relay may be silent before what is shown counts as stale
   * @param answerWithin how long nothing of what a text lacks may come before it is asked for again
   */
  Session(
      @Nullable URI relay,
      String agent,
      Environment environment,
      Credentials credentials,
      Duration staleAfter,
      Duration answerWithin,
      Backoff backoff) {
    this.route = new Route(relay);
    this.agent = agent;
    this.environment = environment;
    this.credentials = credentials;
    this.backoff = backoff;
    this.heartbeat = new Heartbeat(environment, staleAfter, this);
    this.answerWithin = answerWithin;
    if (relay == null) {
      reason = NO_RELAY;
    }
  }

  private enum Phase {
    OFFLINE,
    WAITING,
    CONNECTING,
    GREETING,
    OPEN,
    REFUSED,
    CLOSED
  }

  boolean hasRelay() {
    return route.leadsSomewhere();
  }

  Connection connection() {
    return switch (phase) {
      case OFFLINE, WAITING, CLOSED -> Connection.OFFLINE;
      case CONNECTING, GREETING -> Connection.CONNECTING;
      case OPEN -> draining ? Connection.DRAINING : Connection.LIVE;
      case REFUSED -> Connection.REFUSED;
    };
  }

  /** Returns whether the relay is asked for news rather than heard. */
  boolean isPolling() {
    return phase == Phase.OPEN && pipe != null && pipe.isPolling();
  }

  /** Returns why the session is where it is, for a person, or an empty string. */
  String reason() {
    return reason;
  }

  /**
   * Returns how long ago the relay was asked for the last sign of life that has come; null if none
   * has. Thread-safe.
   */
  @Nullable Duration sinceHeard() {
    return heartbeat.sinceHeard();
  }

  /**
   * Returns whether what is shown counts as stale. Thread-safe.
   *
   * @param sinceHeard what {@link #sinceHeard} returned
   */
  boolean isStale(@Nullable Duration sinceHeard) {
    return heartbeat.isStale(sinceHeard);
  }

  /** Returns how soon it tries again to connect; null if it does not wait for that. Thread-safe. */
  @Nullable Duration nextAttempt() {
    Long at = attemptAtNanos;
    return at == null ? null : Duration.ofNanos(Math.max(0, at - environment.ticker().getAsLong()));
  }

  /** Returns whether the relay has said that its store does not confirm what it is given. */
  boolean isRelayStoreUnavailable() {
    return !storeState.available();
  }

  /** Returns where it is noted how long the user waits. */
  WaitingTimes waitingTimes() {
    return waitingTimes;
  }

  /**
   * Returns how many pieces and messages have come that may be what a text waits for, or be before
   * it on the way: tells whether the link still delivers. Answers to signs of life are not among
   * them, since they come whatever else was lost; nor is presence, of which somebody is always
   * heard again before a patience is over.
   */
  long deliveries() {
    return deliveries;
  }

  /** Returns how long nothing may be delivered before what a text lacks is asked for again. */
  Duration answerWithin() {
    return answerWithin;
  }

  // --- Texts ---

  /** Takes a text into the session, for as long as it is open. */
  void register(Channel channel) {
    channels.add(channel);
    if (phase == Phase.REFUSED && refusal != null) {
      channel.sessionRefused(refusal);
    } else {
      attach(channel);
      channel.sessionChanged();
    }
  }

  /** Opens a channel for the text if there is a connection that takes it. */
  void attach(Channel channel) {
    if (phase == Phase.OPEN && !draining) {
      channels.attach(channel);
    }
  }

  /** Closes a channel; what the relay has sent on it before it hears of that is ignored. */
  void closeChannel(int number) {
    send(new ClientMessage.Close(number));
    channels.release(number);
  }

  void unregister(Channel channel) {
    channels.remove(channel);
  }

  // --- Connecting ---

  /** Connects now, whatever there was to wait for, and tries again what was refused. */
  void connect() {
    if (!hasRelay() || phase == Phase.CLOSED) {
      return;
    }
    if (phase == Phase.OPEN) {
      channels.forEach(this::tryRefusedAgain);
    } else if (phase != Phase.CONNECTING && phase != Phase.GREETING) {
      backoff.reset();
      channels.forEach(Channel::tryRefusedAgain);
      attempt();
    }
  }

  private void tryRefusedAgain(Channel channel) {
    if (channel.isRefused()) {
      channel.tryRefusedAgain();
      attach(channel);
      channel.sessionChanged();
    }
  }

  /** Goes by another network now, perhaps. */
  void networkChanged() {
    environment.links().networkChanged();
    switch (phase) {
      case WAITING -> connect();
      case CONNECTING, GREETING -> {
        dropPipe("the network changed");
        backoff.reset();
        attempt();
      }
      case OPEN -> heartbeat.probe(PROBE_WITHIN, "nothing was heard since the network changed");
      case OFFLINE, REFUSED, CLOSED -> {}
    }
  }

  /**
   * First gets a token, for which there is no bound, since somebody may have to sign in; the relay
   * is not to wait for that.
   */
  private void attempt() {
    stopWaiting();
    enter(Phase.CONNECTING, credentials.canRenew() ? AWAITING_TOKEN : "");
    refusal = null;
    credentials.fetch(this::connectToRelay, this::lostForWantOfToken);
    channels.forEach(Channel::sessionChanged);
  }

  /** Who gives tokens is spared more than a relay that is away: it may serve many. */
  private void lostForWantOfToken(String why) {
    pauseThenConnect("no token for the relay: " + why, credentials.pauseNanos());
  }

  private void connectToRelay() {
    enter(Phase.CONNECTING, "");
    pipe = new Pipe(environment, route.next(), this);
    deadline =
        environment
            .loop()
            .schedule(
                GREETING_TIMEOUT.toNanos(),
                () ->
                    lost("the relay did not answer within " + GREETING_TIMEOUT.toSeconds() + " s"));
    channels.forEach(Channel::sessionChanged);
  }

  @Override
  public void opened() {
    if (phase == Phase.CONNECTING) {
      enter(Phase.GREETING, "");
      greet();
    }
  }

  private void greet() {
    ClientMessage.Hello hello;
    try {
      hello =
          new ClientMessage.Hello(agent, credentials.token(), Capabilities.NONE, previousSession);
    } catch (IllegalArgumentException e) {
      // Its own name is too long: the relay is not to blame, and another attempt would not help.
      refuse(
          Refusal.forGood(
              Codes.TOO_LARGE, "this client cannot introduce itself: " + e.getMessage()));
      return;
    }
    send(hello);
    if (pipe != null && !pipe.isPolling()) {
      credentials.spent();
    }
    readOn(false);
  }

  /** Returns how many connections were made so far: tells one from another. */
  long connections() {
    return connections;
  }

  private void welcomed(RelayMessage.Welcome message) {
    Set<String> missing = message.capabilities().missingFrom(Capabilities.NONE);
    if (!missing.isEmpty()) {
      refuse(
          Refusal.forGood(
              Codes.UNSUPPORTED_CAPABILITY,
              "the relay requires what this client cannot do: " + String.join(", ", missing)));
      return;
    }
    stopDeadline();
    enter(Phase.OPEN, "");
    connections++;
    previousSession = message.session();
    limits = message.limits();
    openedAtNanos = environment.ticker().getAsLong();
    route.arrived();
    credentials.taken(message.tokenValidMillis(), this::renew);
    heartbeat.start(message.heartbeatMillis());
    for (Channel channel : channels) {
      attach(channel);
    }
  }

  private void renew() {
    send(new ClientMessage.Renew(credentials.token()));
    credentials.spent();
  }

  /** What the last token did not allow, this one may. */
  private void renewed(RelayMessage.Welcome message) {
    credentials.taken(message.tokenValidMillis(), this::renew);
    for (Channel channel : channels) {
      if (channel.isUnauthorised()) {
        tryRefusedAgain(channel);
      }
    }
  }

  /** Goes offline on purpose, until {@link #connect}. */
  void disconnect() {
    if (phase != Phase.CLOSED && hasRelay()) {
      String why = "disconnected on purpose";
      dropPipe(why);
      backoff.reset();
      enter(Phase.OFFLINE, why);
      channels.forEach(Channel::linkLost);
    }
  }

  /**
   * Ends for good.
   *
   * @param done is run when what was sent is on its way, or a second has passed
   */
  void close(Runnable done) {
    String why = "the client is closed";
    stopWaiting();
    heartbeat.stop();
    credentials.stop();
    enter(Phase.CLOSED, why);
    closed = done;
    if (pipe == null) {
      done.run();
    } else {
      pipe.finish(why);
      deadline = environment.loop().schedule(CLOSE_TIMEOUT.toNanos(), () -> closed(why));
    }
  }

  @Override
  public void closed(String why) {
    if (phase == Phase.CLOSED) {
      dropPipe(why);
      closed.run();
    } else {
      lost(why);
    }
  }

  /** Nothing has failed, and the relay is there: it is not left for longer than it takes. */
  @Override
  public void moved(String why) {
    if (phase == Phase.CLOSED || draining) {
      closed(why);
      return;
    }
    resetBackoffIfStable();
    dropPipe(why);
    enter(Phase.CONNECTING, why);
    channels.forEach(Channel::linkLost);
    credentials.tellAgain();
    route.stay();
    attempt();
  }

  @Override
  public void sentAway(Duration atLeast) {
    awayNanos = Math.min(Loop.nanosOf(atLeast), LONGEST_AWAY.toNanos());
  }

  private void lost(String why) {
    pauseThenConnect(why, awayNanos);
  }

  private void resetBackoffIfStable() {
    if (phase == Phase.OPEN
        && environment.ticker().getAsLong() - openedAtNanos >= STABLE_AFTER.toNanos()) {
      backoff.reset();
    }
  }

  private void pauseThenConnect(String why, long leastPauseNanos) {
    resetBackoffIfStable();
    long least = draining ? drainPauseNanos : Math.max(0, leastPauseNanos);
    long pause = least + backoff.nextDelayNanos();
    awayNanos = 0;
    dropPipe(why);
    enter(Phase.WAITING, why);
    attemptAtNanos = environment.ticker().getAsLong() + pause;
    connectTimer = environment.loop().schedule(pause, this::attempt);
    channels.forEach(Channel::linkLost);
  }

  private void refuse(Refusal why) {
    dropPipe(why.reason());
    refusal = why;
    enter(Phase.REFUSED, why.reason());
    for (Channel channel : channels) {
      channel.linkLost();
      channel.sessionRefused(why);
    }
  }

  private void dropPipe(String why) {
    stopWaiting();
    heartbeat.stop();
    credentials.stop();
    if (pipe != null) {
      pipe.giveUp(why);
      pipe = null;
    }
    channels.forgetNumbers();
    draining = false;
    storeState = RelayMessage.StoreState.AVAILABLE;
  }

  private void stopWaiting() {
    stopDeadline();
    if (connectTimer != null) {
      connectTimer.cancel();
      connectTimer = null;
      attemptAtNanos = null;
    }
  }

  private void stopDeadline() {
    if (deadline != null) {
      deadline.cancel();
      deadline = null;
    }
  }

  private void enter(Phase next, String why) {
    phase = next;
    reason = why;
  }

  // --- Sending ---

  void send(ClientMessage message) {
    if (pipe != null) {
      heartbeat.said(pipe.send(message));
    }
  }

  /** Has the texts send what they have to send, in turn, as far as the link takes it. */
  void pump() {
    Pipe open = pipe;
    if (open != null && phase == Phase.OPEN) {
      channels.sendInTurn(open::hasRoom, limits);
    }
  }

  @Override
  public void sent() {
    pump();
  }

  // --- Receiving ---

  @Override
  public void hearing() {
    deliveries++;
    heartbeat.heard();
  }

  @Override
  public void received(byte[] frame) {
    if (phase != Phase.OPEN && phase != Phase.GREETING) {
      // It came while the session was being closed: nobody is left to hear it.
      return;
    }
    heartbeat.heard();
    RelayMessage message;
    try {
      message = Frames.decodeRelay(frame);
    } catch (MalformedFrameException e) {
      lost("the relay sent what cannot be read: " + e.getMessage());
      return;
    }
    Pipe from = pipe;
    int waitedBefore = inboxBytes;
    if (phase == Phase.OPEN) {
      handle(message);
    } else {
      handleGreeting(message);
    }
    if (pipe == from) {
      readOn(inboxBytes > waitedBefore);
    }
  }

  private void handleGreeting(RelayMessage message) {
    // By polling it is known only now that a relay was reached.
    credentials.spent();
    if (message instanceof RelayMessage.Welcome welcome) {
      welcomed(welcome);
    } else if (message instanceof RelayMessage.Fault fault) {
      handleFault(fault);
    } else if (!(message instanceof RelayMessage.Unknown)) {
      lost("the relay did not greet but sent " + message.getClass().getSimpleName());
    }
  }

  private void handle(RelayMessage message) {
    if (message instanceof RelayMessage.OfChannel ofChannel) {
      if (!(message instanceof Presence)) {
        deliveries++;
      }
      channels.receive(ofChannel);
    } else if (message instanceof RelayMessage.Pong pong) {
      if (pong.channel() == 0) {
        heartbeat.pong(pong.nonce());
      } else {
        channels.pong(pong);
      }
    } else if (message instanceof RelayMessage.Throttle throttle) {
      channels.throttle(throttle);
    } else if (message instanceof RelayMessage.StoreState state) {
      storeState = state;
      channels.forEach(Channel::sessionChanged);
    } else if (message instanceof RelayMessage.Drain drain) {
      handleDrain(drain);
    } else if (message instanceof RelayMessage.Fault fault) {
      handleFault(fault);
    } else if (message instanceof RelayMessage.Welcome welcome) {
      renewed(welcome);
    }
  }

  private void handleDrain(RelayMessage.Drain drain) {
    draining = true;
    reason = drain.reason();
    route.moveTo(drain.relays());
    drainPauseNanos =
        TimeUnit.MILLISECONDS.toNanos(drain.reconnectAfterMillis())
            + environment
                .random()
                .nextLong(TimeUnit.MILLISECONDS.toNanos(drain.jitterMillis()) + 1);
    stopDeadline();
    // The relay closes the connection; only one that fails to is left.
    deadline =
        environment
            .loop()
            .schedule(
                TimeUnit.MILLISECONDS.toNanos(drain.deadlineMillis()) + CLOSE_TIMEOUT.toNanos(),
                () -> lost("the relay is stopping"));
    for (Channel channel : channels) {
      channel.sessionChanged();
      channel.sendSoon();
    }
  }

  private void handleFault(RelayMessage.Fault fault) {
    if (fault.scope() != RelayMessage.Scope.CONNECTION) {
      channels.fault(fault);
      return;
    }
    Refusal why = fault.refusal();
    boolean renewable = why.code().equals(Codes.TOKEN_EXPIRED) && credentials.canRenew();
    if (why.retryable() || renewable) {
      pauseThenConnect(why.reason(), TimeUnit.MILLISECONDS.toNanos(why.retryAfterMillis()));
    } else {
      refuse(why);
    }
  }

  /**
   * Only an update that found the inbox full is a reason to read no more: a greeting, or what has
   * become of a save, does not make it fuller.
   */
  private void readOn(boolean inboxGrew) {
    if (pipe == null) {
      return;
    }
    if (inboxGrew && isInboxFull()) {
      pipe.pause();
      heartbeat.deaf(true);
    } else {
      pipe.readOn();
    }
  }

  /** Returns whether so many updates wait to be applied that no more should be read. */
  boolean isInboxFull() {
    return inboxBytes > MAX_INBOX_BYTES;
  }

  void inboxGrew(int bytes) {
    inboxBytes += bytes;
  }

  void inboxShrank(int bytes) {
    boolean wasFull = isInboxFull();
    inboxBytes -= bytes;
    if (wasFull && !isInboxFull()) {
      if (pipe != null && pipe.isPaused()) {
        heartbeat.deaf(false);
        pipe.readOn();
      }
      channels.forEach(Channel::roomInInbox);
    }
  }

  // --- Heartbeat ---

  @Override
  public void ask(long nonce) {
    send(new ClientMessage.Ping(nonce, 0, null));
    channels.check(heartbeat::nextNonce);
    ClientMessage.Report report = waitingTimes.take(environment.ticker().getAsLong());
    if (report != null) {
      send(report);
    }
  }

  @Override
  public void roundTrip(long nanos) {
    for (Channel channel : channels) {
      channel.roundTrip(nanos);
    }
  }

  @Override
  public void freshnessChanged() {
    channels.forEach(Channel::sessionChanged);
  }

  @Override
  public void dead(String why) {
    lost(why);
  }
}
