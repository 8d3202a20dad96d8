package dev.weft.client;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether the next link goes by a WebSocket or by polling: the other way than one by which nothing
 * came, and by polling where WebSockets come about but soon fall silent or are cut, again and
 * again; and how long to poll before a WebSocket is tried. The newest attempt decides; an older one
 * may end late and says nothing new. Thread-safe.
 */
final class WayChoice {
  /** An attempt of which nothing came for so long might have been given up for that. */
  private static final Duration GIVEN_ITS_TIME = Duration.ofSeconds(5);

  /** A WebSocket through which something came for so long is as good as any. */
  private static final Duration LASTS = Duration.ofSeconds(30);

  /** After so many cuts in a row it is not the relay, which is being started again, say. */
  private static final int TOO_MANY_CUTS = 3;

  /**
   * Most often one polls because the relay was away for a moment, when a WebSocket was tried, and
   * not because something in between lets none pass.
   */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /** One that is greeted is no news where they are cut: each costs a change of the way. */
  private static final Duration FIRST_PAUSE_AFTER_CUTS = Duration.ofMinutes(1);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);

  private static final Duration CHANGED_WITHIN = Duration.ofSeconds(5);

  /** A link of which nothing came for so long, and which is given up, might be for that. */
  private final long silentNanos;

  private final LongSupplier ticker;
  private final RandomGenerator random;

  private boolean pollNext;
  private int cutsInARow;
  private @Nullable Attempt newest;

  // While polling, since a WebSocket has lasted.
  private int tries;
  private long triedAtNanos;

  /**
   * Creates a choice that begins with a WebSocket.
   *
   * @param ticker counts nanoseconds
   * @param random is used by this alone
   * @param staleAfter the bound of freshness: after three times as long a silent link is given up
   */
  WayChoice(LongSupplier ticker, RandomGenerator random, Duration staleAfter) {
    this.ticker = ticker;
    this.random = random;
    this.silentNanos = staleAfter.toNanos() * 2;
  }

  /** Begins an attempt, by the way that is chosen. */
  synchronized Attempt begin() {
    newest = new Attempt(!pollNext, ticker.getAsLong());
    return newest;
  }

  /** Begins anew: what stood between in one network does not in another. */
  synchronized void networkChanged() {
    pollNext = false;
    cutsInARow = 0;
    tries = 0;
  }

  /** A WebSocket is tried while polling. */
  synchronized void tryWebSocket() {
    tries++;
    triedAtNanos = ticker.getAsLong();
  }

  /** A WebSocket can be had after all. */
  synchronized void webSocketWorks() {
    pollNext = false;
  }

  /**
   * Returns how long a link that polls, and begins now or has just tried a WebSocket, waits until
   * it tries one: twice as long after each try, until a WebSocket lasts; on whichever links the
   * tries were. Those who lost a relay together do not try together.
   */
  synchronized Duration pauseBeforeWebSocket() {
    Duration pause = cutsInARow < TOO_MANY_CUTS ? FIRST_PAUSE : FIRST_PAUSE_AFTER_CUTS;
    for (int i = 0; i < tries && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    long nanos = (pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE).toNanos();
    long sinceTry = tries == 0 ? 0 : ticker.getAsLong() - triedAtNanos;
    long left = Math.max(nanos - sinceTry, FIRST_PAUSE.toNanos());
    return Duration.ofNanos(left - random.nextLong(left / 4));
  }

  /**
   * Returns how long a link that polls goes on once a WebSocket has been greeted: it works, so that
   * those who lost a relay together need not all change over together.
   */
  synchronized Duration pauseBeforeChange() {
    return Duration.ofNanos(1 + random.nextLong(CHANGED_WITHIN.toNanos()));
  }

  /** What one link came to. */
  final class Attempt {
    private final boolean byWebSocket;
    private final long sinceNanos;

    // Guarded by the choice.
    private long heardAtNanos;
    private boolean heard;
    private boolean welcome;
    private boolean judged;

    private Attempt(boolean byWebSocket, long sinceNanos) {
      this.byWebSocket = byWebSocket;
      this.sinceNanos = sinceNanos;
      this.heardAtNanos = sinceNanos;
    }

    boolean isByWebSocket() {
      return byWebSocket;
    }

    /** The first message has come. */
    void heardFirst(boolean isWelcome) {
      synchronized (WayChoice.this) {
        heard();
        heard = true;
        welcome = isWelcome;
        if (welcome && newest == this) {
          pollNext = !byWebSocket;
        }
      }
    }

    /** Something has come. */
    void heard() {
      synchronized (WayChoice.this) {
        heardAtNanos = ticker.getAsLong();
      }
    }

    /**
     * The client itself closes it: that says nothing of a way that was not given its time. Judged
     * now, since the next attempt may begin before this one is over.
     */
    void givenUp() {
      synchronized (WayChoice.this) {
        long now = ticker.getAsLong();
        boolean silent = now - heardAtNanos >= silentNanos;
        boolean hadItsTime = now - sinceNanos >= GIVEN_ITS_TIME.toNanos();
        judge(welcome ? silent : hadItsTime, Link.OtherWays.MAY_WORK);
      }
    }

    /** It is over. */
    void ended(Link.OtherWays others) {
      synchronized (WayChoice.this) {
        judge(others != Link.OtherWays.ARE_NO_BETTER || !welcome, others);
      }
    }

    /**
     * Judges it, once.
     *
     * @param failed whether it may have ended because of this way
     */
    private void judge(boolean failed, Link.OtherWays others) {
      if (judged || newest != this) {
        return;
      }
      judged = true;
      if (!welcome) {
        if (failed) {
          // A relay that refuses was reached, and refuses the other way as well.
          pollNext = byWebSocket && !heard && others == Link.OtherWays.MAY_WORK;
        }
      } else if (byWebSocket) {
        judgeWebSocket(failed);
      }
    }

    private void judgeWebSocket(boolean failed) {
      if (heardAtNanos - sinceNanos >= LASTS.toNanos()) {
        cutsInARow = 0;
        tries = 0;
      } else if (failed) {
        cutsInARow++;
        pollNext = cutsInARow >= TOO_MANY_CUTS;
      }
    }
  }
}
