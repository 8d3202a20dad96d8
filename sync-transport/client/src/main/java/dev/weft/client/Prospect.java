package dev.weft.client;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Tries a WebSocket while a link polls, less and less often. It works when a relay says Welcome
 * through it: what lets the upgrade pass may hold back what follows. The link that polls does not
 * notice, but is closed once one works. Thread-safe.
 */
final class Prospect implements Link.Listener {
  private static final Duration WELCOME_WITHIN = Duration.ofSeconds(10);

  private final Links webSockets;
  private final Scheduler scheduler;
  private final WayChoice choice;
  private final URI relay;
  private final PollingLink polling;

  // Guarded by this, which is not held while the link that polls is called: that calls back.
  private Scheduler.@Nullable Task timer;
  private @Nullable Link attempt;
  private boolean trying;
  private boolean found;
  private boolean ended;

  /** Creates a prospect that tries nothing before {@link #begin}. */
  Prospect(
      Links webSockets, Scheduler scheduler, WayChoice choice, URI relay, PollingLink polling) {
    this.webSockets = webSockets;
    this.scheduler = scheduler;
    this.choice = choice;
    this.relay = relay;
    this.polling = polling;
  }

  /** Begins; {@link #end} is to be called when the link that polls has ended. */
  void begin() {
    if (polling.isEnded()) {
      end();
    } else {
      tryLater();
    }
  }

  /** Tries nothing any more. */
  void end() {
    Link open;
    synchronized (this) {
      ended = true;
      stopTimer();
      open = attempt;
      attempt = null;
    }
    if (open != null) {
      open.close("nobody asks any more");
    }
  }

  /** Returns whether a WebSocket works. */
  synchronized boolean hasFound() {
    return found;
  }

  /** Waits no more. What is under way, by the network as it was, is given up, and tried anew. */
  void tryAtOnce() {
    synchronized (this) {
      if (found) {
        return;
      }
      if (!trying) {
        stopTimer();
        tryNow();
        return;
      }
    }
    giveUp();
  }

  private synchronized void tryLater() {
    if (!ended && !found) {
      stopTimer();
      timer =
          scheduler.schedule(
              this::tryNow, choice.pauseBeforeWebSocket().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private synchronized void tryNow() {
    if (ended || found) {
      return;
    }
    trying = true;
    choice.tryWebSocket();
    timer = scheduler.schedule(this::giveUp, WELCOME_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
    attempt = webSockets.connect(relay, this);
  }

  private void giveUp() {
    Link open;
    synchronized (this) {
      open = attempt;
    }
    if (open != null) {
      open.close("nothing came through it");
    }
  }

  private synchronized void changeLater() {
    stopTimer();
    if (!ended) {
      timer =
          scheduler.schedule(
              this::change, choice.pauseBeforeChange().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void change() {
    choice.webSocketWorks();
    polling.close("a WebSocket can be had again");
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  @Override
  public void opened() {
    ClientMessage.Hello hello = polling.hello();
    synchronized (this) {
      Link link = attempt;
      if (link != null && hello != null) {
        link.send(Frames.encode(hello));
        link.demand();
      }
    }
  }

  @Override
  public void received(byte[] message) {
    boolean works = FallbackLinks.isWelcome(message);
    Link open;
    synchronized (this) {
      found |= works;
      open = attempt;
      attempt = null;
    }
    if (works) {
      changeLater();
    }
    if (open != null) {
      open.close("only to see whether it works");
    }
  }

  @Override
  public void sent(int bytes) {}

  @Override
  public synchronized void closed(String reason, Link.OtherWays others) {
    trying = false;
    tryLater();
  }
}
