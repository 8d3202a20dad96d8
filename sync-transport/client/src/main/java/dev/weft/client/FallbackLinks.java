package dev.weft.client;

import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayMessage;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Links over WebSockets, or by polling where a WebSocket cannot be had: where a server was reached
 * but none came about, nothing came through it, or each is cut or falls silent soon after. The next
 * attempt then goes the other way, back and forth until one of them works. While polling, a
 * WebSocket is tried now and then; once one works, the link by polling ends, and says that the
 * other way is better. Thread-safe.
 */
final class FallbackLinks implements Links {
  private final Links webSockets;
  private final PollingLinks polling;
  private final Scheduler scheduler;
  private final WayChoice choice;

  /** Of the newest link, if that polls. */
  private volatile @Nullable Prospect prospect;

  /** Creates links of two kinds, which are closed with them. */
  FallbackLinks(Links webSockets, PollingLinks polling, Scheduler scheduler, WayChoice choice) {
    this.webSockets = webSockets;
    this.polling = polling;
    this.scheduler = scheduler;
    this.choice = choice;
  }

  @Override
  public Link connect(URI relay, Link.Listener listener) {
    prospect = null;
    WayChoice.Attempt attempt = choice.begin();
    Trial trial = new Trial(attempt, listener);
    if (attempt.isByWebSocket()) {
      return new TriedLink(attempt, webSockets.connect(relay, trial));
    }
    PollingLink link = polling.connect(relay, trial);
    Prospect meanwhile = new Prospect(webSockets, scheduler, choice, relay, link);
    trial.prospect = meanwhile;
    prospect = meanwhile;
    meanwhile.begin();
    return new TriedLink(attempt, link);
  }

  @Override
  public void networkChanged() {
    choice.networkChanged();
    Prospect meanwhile = prospect;
    if (meanwhile != null) {
      meanwhile.tryAtOnce();
    }
  }

  @Override
  public void close() {
    webSockets.close();
    polling.close();
  }

  static boolean isWelcome(byte[] frame) {
    try {
      return Frames.decodeRelay(frame) instanceof RelayMessage.Welcome;
    } catch (MalformedFrameException e) {
      return false;
    }
  }

  /** Finds out, by what a link's listener hears, whether this way works. */
  private static final class Trial implements Link.Listener {
    private final WayChoice.Attempt attempt;
    private final Link.Listener listener;
    private boolean heard;

    /** What tries a WebSocket meanwhile; null if this is one. */
    volatile @Nullable Prospect prospect;

    Trial(WayChoice.Attempt attempt, Link.Listener listener) {
      this.attempt = attempt;
      this.listener = listener;
    }

    @Override
    public void opened() {
      listener.opened();
    }

    @Override
    public void received(byte[] message) {
      if (heard) {
        attempt.heard();
      } else {
        heard = true;
        attempt.heardFirst(isWelcome(message));
      }
      listener.received(message);
    }

    @Override
    public void hearing() {
      attempt.heard();
      listener.hearing();
    }

    @Override
    public void sent(int bytes) {
      listener.sent(bytes);
    }

    @Override
    public void sentAway(Duration atLeast) {
      listener.sentAway(atLeast);
    }

    @Override
    public void closed(String reason, Link.OtherWays others) {
      attempt.ended(others);
      Prospect meanwhile = prospect;
      if (meanwhile != null) {
        meanwhile.end();
      }
      boolean better = meanwhile != null && meanwhile.hasFound();
      listener.closed(reason, better ? Link.OtherWays.ARE_BETTER : others);
    }
  }

  /** A link of which it must be known whether the client itself closes it. */
  private record TriedLink(WayChoice.Attempt attempt, Link link) implements Link {
    @Override
    public void send(byte[] message) {
      link.send(message);
    }

    @Override
    public void demand() {
      link.demand();
    }

    @Override
    public void close(String reason) {
      attempt.givenUp();
      link.close(reason);
    }

    @Override
    public boolean isPolling() {
      return link.isPolling();
    }
  }
}
