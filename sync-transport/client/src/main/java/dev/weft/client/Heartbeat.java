package dev.weft.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the relay for signs of life, measures how long they take, and tells when none has come for
 * too long: first that what is shown is stale, then that the link is dead, whatever TCP believes.
 * Confined to the loop, but for {@link #sinceHeard} and {@link #isStale}.
 *
 * <p>The two are not judged by the same. A link is alive as long as any byte comes. What is shown
 * is as old as the question that was answered last: the answer comes behind all that was on its way
 * when it was asked for, whereas any other byte may be the first of much that is late.
 */
final class Heartbeat {
  /** How often the relay is asked within the staleness bound. */
  private static final int BEATS_PER_BOUND = 3;

  /** A link of which nothing is heard for this many bounds is taken for dead. */
  private static final int DEAD_AFTER_BOUNDS = 3;

  /** However soon what is shown is to count as stale, nobody is asked, or given up, sooner. */
  private static final Duration LEAST_BOUND = Duration.ofMillis(100);

  /** A link that is slower is of no use; one that is as slow is not taken for dead. */
  private static final int SLOWEST_BYTES_PER_SECOND = 1_000;

  private static final Duration LONGEST_FOR_WHAT_IS_UNDER_WAY = Duration.ofMinutes(2);

  private final Environment environment;
  private final long boundNanos;
  private final long aliveWithinNanos;
  private final Duration bound;
  private final Pulse pulse;

  private boolean running;
  private boolean deaf;
  private long listeningSinceNanos;
  private long heardAtNanos;

  // How many bytes were said on this connection, and before what the relay has answered.
  private long said;
  private long saidBeforeAnswer;
  private long periodNanos;
  private long lastNonce;
  private final Questions<Asked> questions = new Questions<>();
  private Loop.@Nullable Timer beat;
  private Loop.@Nullable Timer staleness;
  private Loop.@Nullable Timer probe;

  // Written on the loop, read by any thread: knownAtNanos first, then known and stale.
  private volatile boolean known;
  private volatile long knownAtNanos;
  private volatile boolean stale = true;

  /**
   * Creates a heartbeat that does not run.
   *
   * @param bound how old what is shown may be before it counts as stale
   */
  Heartbeat(Environment environment, Duration bound, Pulse pulse) {
    this.environment = environment;
    this.bound = bound;
    this.boundNanos = Loop.nanosOf(bound);
    this.aliveWithinNanos = Math.max(boundNanos, LEAST_BOUND.toNanos());
    this.pulse = pulse;
  }

  /** Is told what the heartbeat finds. */
  interface Pulse {
    /** It is time to ask. */
    void ask(long nonce);

    /** The relay answered after {@code nanos}. */
    void roundTrip(long nanos);

    /** What is shown has become stale, or fresh again. */
    void freshnessChanged();

    /** The link is dead. */
    void dead(String reason);
  }

  /**
   * Returns how long ago the last question was asked that the relay has answered; null if it has
   * answered none. Thread-safe.
   */
  @Nullable Duration sinceHeard() {
    if (!known) {
      return null;
    }
    return Duration.ofNanos(Math.max(0, now() - knownAtNanos));
  }

  /**
   * Returns whether what is shown counts as stale. Thread-safe.
   *
   * @param sinceHeard what {@link #sinceHeard} returned
   */
  boolean isStale(@Nullable Duration sinceHeard) {
    return stale || sinceHeard == null || sinceHeard.compareTo(bound) > 0;
  }

  /**
   * The relay has answered for the first time, before which nothing is shown as being in step.
   * Begins to ask, at least as often as the relay wants to hear of the client.
   */
  void start(int heartbeatMillis) {
    running = true;
    deaf(false);
    said = 0;
    saidBeforeAnswer = 0;
    periodNanos =
        Math.min(aliveWithinNanos / BEATS_PER_BOUND, Duration.ofMillis(heartbeatMillis).toNanos());
    isKnownAt(now());
    beat();
  }

  void stop() {
    running = false;
    questions.forget();
    if (beat != null) {
      beat.cancel();
      beat = null;
    }
    stopProbe();
  }

  /** Something came from the relay. */
  void heard() {
    heardAtNanos = now();
  }

  /** So many bytes were said: what is asked behind them is answered behind them. */
  void said(int bytes) {
    said += bytes;
  }

  /** The client itself does not listen, for it has too much to apply: the silence is its own. */
  void deaf(boolean isDeaf) {
    deaf = isDeaf;
    listeningSinceNanos = now();
  }

  /**
   * Asks now, out of turn.
   *
   * @param within how soon something must be heard, or the link is dead
   * @param suspicion why it may be, for a person
   */
  void probe(Duration within, String suspicion) {
    if (!running || deaf) {
      return;
    }
    long askedNanos = now();
    ask();
    stopProbe();
    probe =
        environment
            .loop()
            .schedule(
                within.toNanos(),
                () -> {
                  probe = null;
                  if (running && !deaf && heardAtNanos - askedNanos < 0) {
                    pulse.dead(suspicion);
                  }
                });
  }

  private void stopProbe() {
    if (probe != null) {
      probe.cancel();
      probe = null;
    }
  }

  /** The relay answered. */
  void pong(long nonce) {
    Asked asked = questions.answered(nonce);
    if (asked != null) {
      saidBeforeAnswer = asked.said;
      pulse.roundTrip(now() - asked.atNanos);
      isKnownAt(asked.atNanos);
    }
  }

  /**
   * What was stale is fresh again only if it stays so until the next answer, should that take as
   * long as this one: on a link that is too slow for the bound it is not to change with every beat.
   */
  private void isKnownAt(long nanos) {
    knownAtNanos = nanos;
    known = true;
    long left = nanos + boundNanos - now();
    if (stale && left >= periodNanos) {
      stale = false;
      watchStaleness(left + 1);
      pulse.freshnessChanged();
    }
  }

  /** Returns a nonce that was not used before. */
  long nextNonce() {
    return ++lastNonce;
  }

  private void beat() {
    beat = null;
    if (!running) {
      return;
    }
    long silence = now() - Math.max(heardAtNanos, listeningSinceNanos);
    if (!deaf && silence > DEAD_AFTER_BOUNDS * aliveWithinNanos + timeForWhatIsUnderWay()) {
      pulse.dead(
          "nothing was heard of the relay for " + Duration.ofNanos(silence).toSeconds() + " s");
      return;
    }
    beat = environment.loop().schedule(periodNanos, this::beat);
    ask();
  }

  private void ask() {
    long nonce = nextNonce();
    questions.ask(nonce, new Asked(now(), said));
    pulse.ask(nonce);
  }

  /**
   * A sign of life is answered behind all that was said before it, which a slow link takes its time
   * for; of what comes meanwhile nothing is to be heard. What is shown is stale all the same.
   */
  private long timeForWhatIsUnderWay() {
    long nanos = TimeUnit.SECONDS.toNanos(said - saidBeforeAnswer) / SLOWEST_BYTES_PER_SECOND;
    return Math.min(nanos, LONGEST_FOR_WHAT_IS_UNDER_WAY.toNanos());
  }

  private void watchStaleness(long delayNanos) {
    if (staleness == null) {
      staleness =
          environment
              .loop()
              .schedule(
                  delayNanos,
                  () -> {
                    staleness = null;
                    checkStaleness();
                  });
    }
  }

  private void checkStaleness() {
    long left = knownAtNanos + boundNanos - now();
    if (left >= 0) {
      watchStaleness(left + 1);
    } else {
      stale = true;
      pulse.freshnessChanged();
    }
  }

  private long now() {
    return environment.ticker().getAsLong();
  }

  /**
   * A question.
   *
   * @param atNanos when it was asked
   * @param said how many bytes were said before
   */
  private record Asked(long atNanos, long said) {}
}
