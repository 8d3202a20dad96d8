package dev.weft.client;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the next link goes by a WebSocket or by polling: the other way than one by which nothing
 * came, and by polling where WebSockets come about but are cut soon after, again and again. The
 * newest attempt decides; an older one may end late and says nothing new. Thread-safe.
 */
final class WayChoice {
  /** An attempt of which nothing came for so long might have been given up for that. */
  private static final Duration GIVEN_ITS_TIME = Duration.ofSeconds(5);

  /** A WebSocket that was open for so long is as good as any. */
  private static final Duration LASTS = Duration.ofSeconds(30);

  /** After so many cuts in a row it is not the relay, which is being started again, say. */
  private static final int TOO_MANY_CUTS = 3;

  private final LongSupplier ticker;

  private boolean pollNext;
  private int cutsInARow;
  private @Nullable Attempt newest;

  /** Creates a choice that begins with a WebSocket; {@code ticker} counts nanoseconds. */
  WayChoice(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /** Begins an attempt, by the way that is chosen. */
  synchronized Attempt begin() {
    newest = new Attempt(!pollNext, ticker.getAsLong());
    return newest;
  }

  /** A WebSocket can be had after all. */
  synchronized void webSocketWorks() {
    pollNext = false;
  }

  /**
   * Returns how long to poll before a WebSocket is tried, of which the last were cut: after {@code
   * first}, and twice as long for each cut beyond those that it took to begin polling.
   */
  synchronized Duration pauseBeforeWebSocket(Duration first, Duration longest) {
    Duration pause = first;
    for (int i = TOO_MANY_CUTS; i < cutsInARow && pause.compareTo(longest) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longest) < 0 ? pause : longest;
  }

  /** What one link came to. */
  final class Attempt {
    private final boolean byWebSocket;
    private final long sinceNanos;

    // Guarded by the choice.
    private boolean heard;
    private boolean welcome;
    private boolean byClient;
    private boolean givenUpSoon;

    private Attempt(boolean byWebSocket, long sinceNanos) {
      this.byWebSocket = byWebSocket;
      this.sinceNanos = sinceNanos;
    }

    boolean isByWebSocket() {
      return byWebSocket;
    }

    /** The first message has come. */
    void heard(boolean isWelcome) {
      synchronized (WayChoice.this) {
        heard = true;
        welcome = isWelcome;
        if (welcome && newest == this) {
          pollNext = !byWebSocket;
        }
      }
    }

    /** The client itself closes it: that says nothing of a way that was not given its time. */
    void givenUp() {
      synchronized (WayChoice.this) {
        byClient = true;
        givenUpSoon = ticker.getAsLong() - sinceNanos < GIVEN_ITS_TIME.toNanos();
      }
    }

    /**
     * It is over.
     *
     * @param everyWay whether another way would have failed as well
     */
    void ended(boolean everyWay) {
      synchronized (WayChoice.this) {
        if (newest != this) {
          return;
        }
        if (welcome) {
          endedAfterWelcome();
        } else if (!givenUpSoon) {
          // A relay that refuses was reached, and refuses the other way as well.
          pollNext = byWebSocket && !heard && !everyWay;
        }
      }
    }

    private void endedAfterWelcome() {
      if (!byWebSocket) {
        return;
      }
      if (ticker.getAsLong() - sinceNanos >= LASTS.toNanos()) {
        cutsInARow = 0;
      } else if (!byClient) {
        cutsInARow++;
        pollNext = cutsInARow >= TOO_MANY_CUTS;
      }
    }
  }
}
