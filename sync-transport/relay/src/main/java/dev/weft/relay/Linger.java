package dev.weft.relay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Puts off the end of a connection until its client says nothing more, for a while at most. If a
 * socket is closed while something has come on it that was not read, the system resets it, and a
 * client that is just sending loses what it was told last: why it was refused. Thread-safe.
 */
final class Linger {
  /** After so long without a word the client has nothing under way. */
  private static final Duration QUIET = Duration.ofMillis(50);

  private final RelayHub hub;
  private final Runnable end;
  private final long endNanos;

  // Guarded by this.
  private long cameNanos;
  private Timer.@Nullable Scheduled look;
  private boolean over;

  private Linger(RelayHub hub, Duration most, Runnable end) {
    this.hub = hub;
    this.end = end;
    this.cameNanos = hub.now();
    this.endNanos = cameNanos + most.toNanos();
  }

  /**
   * Begins to wait.
   *
   * @param most for how long
   * @param end is run once, unless it is cancelled before
   */
  static Linger begin(RelayHub hub, Duration most, Runnable end) {
    Linger linger = new Linger(hub, most, end);
    linger.lookIn(QUIET.toNanos());
    return linger;
  }

  private synchronized void lookIn(long nanos) {
    if (!over) {
      look = hub.after(Duration.ofNanos(nanos), this::look);
    }
  }

  /** The client has said something. */
  synchronized void came() {
    cameNanos = hub.now();
  }

  private void look() {
    long now = hub.now();
    long left;
    synchronized (this) {
      left = Math.min(cameNanos + QUIET.toNanos() - now, endNanos - now);
    }
    if (left > 0) {
      lookIn(left);
    } else if (isFirstEnd()) {
      end.run();
    }
  }

  private synchronized boolean isFirstEnd() {
    boolean first = !over;
    over = true;
    return first;
  }

  /** The connection has ended by itself. */
  synchronized void cancel() {
    over = true;
    if (look != null) {
      look.cancel();
      look = null;
    }
  }
}
