package dev.weft.client;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on one channel, and when: all that the text has and this connection was not given,
 * when the send window is over, in parts that fit the relay's messages. Confined to the loop.
 *
 * <p>Nothing is taken out of the text while an earlier part waits for the link. So a link that is
 * slow makes messages larger and fewer, and never a queue longer.
 */
final class Outgoing {
  private final LocalCopy copy;
  private final Environment environment;
  private final Runnable ready;
  private final Runnable changed;
  private final SendWindow window = new SendWindow();

  private @Nullable UpdateParts parts;
  private boolean due;
  private boolean held;
  private boolean stuck;
  private Loop.@Nullable Timer windowTimer;
  private Loop.@Nullable Timer holdTimer;
  private Loop.@Nullable Timer throttleTimer;

  /**
   * Creates the outgoing side of a channel that is not connected.
   *
   * @param ready is told when a part may have become ready
   * @param changed is told when {@link #isThrottled} has changed
   */
  Outgoing(LocalCopy copy, Environment environment, Runnable ready, Runnable changed) {
    this.copy = copy;
    this.environment = environment;
    this.ready = ready;
    this.changed = changed;
  }

  /** The text has changed: what changed is ready when the window is over. */
  void textChanged() {
    if (due || windowTimer != null) {
      return;
    }
    long delayNanos = window.delayNanos(now());
    if (delayNanos == 0) {
      soon();
    } else {
      windowTimer = environment.loop().schedule(delayNanos, this::soon);
    }
  }

  /** Makes ready, whatever the window, all that there is to send. */
  void soon() {
    windowTimer = cancel(windowTimer);
    due = true;
    ready.run();
  }

  /** Gives up what was taken out, for the text knows better now what the relay lacks. */
  void restart() {
    parts = null;
    stuck = false;
    soon();
  }

  /** Sends nothing for a while, and then all that the relay lacks. */
  void holdBack(long nanos) {
    held = true;
    parts = null;
    holdTimer = cancel(holdTimer);
    holdTimer =
        environment
            .loop()
            .schedule(
                nanos,
                () -> {
                  holdTimer = null;
                  held = false;
                  soon();
                });
  }

  /** Forgets what belongs to one connection. */
  void stop() {
    windowTimer = cancel(windowTimer);
    holdTimer = cancel(holdTimer);
    throttleTimer = cancel(throttleTimer);
    window.throttle(0);
    parts = null;
    due = false;
    held = false;
    stuck = false;
  }

  /**
   * Widens the window to at least {@code windowMillis}, for {@code lastsMillis} or, with 0, for as
   * long as the connection lasts; a window of 0 ends that.
   */
  void throttle(int windowMillis, int lastsMillis) {
    throttleTimer = cancel(throttleTimer);
    if (windowMillis > 0 && lastsMillis > 0) {
      throttleTimer =
          environment
              .loop()
              .schedule(
                  TimeUnit.MILLISECONDS.toNanos(lastsMillis),
                  () -> {
                    throttleTimer = null;
                    throttle(0);
                  });
    }
    throttle(TimeUnit.MILLISECONDS.toNanos(windowMillis));
  }

  private void throttle(long windowNanos) {
    window.throttle(windowNanos);
    if (windowTimer != null) {
      // What waits was to wait for as long as the window was before.
      windowTimer = cancel(windowTimer);
      textChanged();
    }
    changed.run();
  }

  /** Returns the least time between two messages of keystrokes. */
  long windowNanos() {
    return window.windowNanos();
  }

  boolean isThrottled() {
    return window.isThrottled();
  }

  void roundTrip(long nanos) {
    window.roundTrip(nanos);
  }

  /**
   * Returns the next part that is ready, and counts it as taken by the connection; null if there is
   * none.
   */
  UpdateParts.@Nullable Part next(int maxBytes) {
    if (held || stuck) {
      return null;
    }
    if (parts == null && due) {
      due = false;
      LocalCopy.Changes changes = copy.unsent();
      if (changes != null) {
        parts = new UpdateParts(changes, maxBytes);
        window.sent(now());
      }
    }
    if (parts == null) {
      return null;
    }
    UpdateParts.Part part = parts.next();
    stuck = part == null;
    if (stuck || parts.isDone()) {
      parts = null;
    }
    if (part != null) {
      copy.linkTook(part.version());
    }
    return part;
  }

  /** Returns whether the next change is larger than any message may be. */
  boolean isStuck() {
    return stuck;
  }

  private static Loop.@Nullable Timer cancel(Loop.@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
    return null;
  }

  private long now() {
    return environment.ticker().getAsLong();
  }
}
