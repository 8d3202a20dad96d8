package dev.weft.client;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayAddress;
import dev.weft.protocol.RelayMessage;
import java.net.URI;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Links over WebSockets, or by polling where a WebSocket cannot be had: where a server was reached
 * but none came about, nothing came through it, or each is cut soon after. The next attempt then
 * goes the other way, back and forth until one of them works. While polling, a WebSocket is tried
 * now and then; once one opens, the link by polling ends, and the session comes back over it.
 * Thread-safe.
 */
final class FallbackLinks implements Links {
  private static final Duration TRY_WEBSOCKET_AFTER = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);

  private static final Duration WELCOME_WITHIN = Duration.ofSeconds(10);

  private final Transport transport;
  private final Duration tryAfter;
  private final JettyHttp http = new JettyHttp();
  private final WebSocketLinks webSockets = new WebSocketLinks(http);
  private final WayChoice choice = new WayChoice(System::nanoTime);

  FallbackLinks(Transport transport) {
    this(transport, TRY_WEBSOCKET_AFTER);
  }

  /**
   * Creates links.
   *
   * @param tryAfter after how long a WebSocket is tried while polling; then after twice as long
   */
  FallbackLinks(Transport transport, Duration tryAfter) {
    this.transport = transport;
    this.tryAfter = tryAfter;
  }

  @Override
  public Link connect(URI relay, Link.Listener listener) {
    return switch (transport) {
      case WEBSOCKET -> webSockets.connect(relay, listener);
      case POLLING -> poll(relay, listener);
      case AUTOMATIC -> connectByChoice(relay, listener);
    };
  }

  private Link connectByChoice(URI relay, Link.Listener listener) {
    WayChoice.Attempt attempt = choice.begin();
    Trial trial = new Trial(attempt, listener);
    Link link = attempt.isByWebSocket() ? webSockets.connect(relay, trial) : poll(relay, trial);
    return new TriedLink(attempt, link);
  }

  private Link poll(URI relay, Link.Listener listener) {
    HttpClient running;
    try {
      running = http.started();
      URI unused = RelayAddress.ofHttp(relay, "/");
    } catch (Exception e) {
      // Jetty's start() may throw anything; the session tries again later.
      listener.closed(LinkFailures.describe(e), false);
      return new NoLink();
    }
    PollingLink link =
        new PollingLink(
            running.getScheduler(),
            new PollRequests(running, relay),
            new SplittableRandom(),
            listener);
    link.start();
    if (transport == Transport.AUTOMATIC) {
      new Prospect(running, relay, link).later();
    }
    return link;
  }

  @Override
  public void close() {
    webSockets.close();
    http.close();
  }

  private static boolean isWelcome(byte[] frame) {
    try {
      return Frames.decodeRelay(frame) instanceof RelayMessage.Welcome;
    } catch (MalformedFrameException e) {
      return false;
    }
  }

  /** A link that could not be made. */
  private static final class NoLink implements Link {
    @Override
    public void send(byte[] message) {}

    @Override
    public void demand() {}

    @Override
    public void close(String reason) {}
  }

  /** Finds out, by what a link's listener hears, whether this way works. */
  private static final class Trial implements Link.Listener {
    private final WayChoice.Attempt attempt;
    private final Link.Listener listener;
    private boolean heard;

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
      if (!heard) {
        heard = true;
        attempt.heard(isWelcome(message));
      }
      listener.received(message);
    }

    @Override
    public void hearing() {
      listener.hearing();
    }

    @Override
    public void sent(int bytes) {
      listener.sent(bytes);
    }

    @Override
    public void closed(String reason, boolean everyWay) {
      attempt.ended(everyWay);
      listener.closed(reason, everyWay);
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

  /**
   * Tries a WebSocket while a link polls, less and less often. It works when a relay says Welcome
   * through it: what lets the upgrade pass may hold back what follows.
   */
  private final class Prospect implements Link.Listener {
    private final HttpClient running;
    private final URI relay;
    private final PollingLink polling;

    // Guarded by this.
    private Duration pause = choice.pauseBeforeWebSocket(tryAfter, LONGEST_PAUSE);
    private @Nullable Link attempt;

    Prospect(HttpClient running, URI relay, PollingLink polling) {
      this.running = running;
      this.relay = relay;
      this.polling = polling;
    }

    synchronized void later() {
      if (!polling.isEnded()) {
        Scheduler.Task unused =
            running.getScheduler().schedule(this::tryNow, pause.toMillis(), TimeUnit.MILLISECONDS);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
      }
    }

    private synchronized void tryNow() {
      if (polling.isEnded()) {
        return;
      }
      Link link = webSockets.connect(relay, this);
      attempt = link;
      Scheduler.Task unused =
          running
              .getScheduler()
              .schedule(
                  () -> link.close("nothing came through it"),
                  WELCOME_WITHIN.toMillis(),
                  TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void opened() {
      ClientMessage.Hello hello = polling.hello();
      Link link = attempt;
      if (link != null && hello != null) {
        link.send(Frames.encode(hello));
        link.demand();
      }
    }

    @Override
    public synchronized void received(byte[] message) {
      if (isWelcome(message)) {
        choice.webSocketWorks();
        polling.close("a WebSocket can be had again");
      }
      Link link = attempt;
      if (link != null) {
        link.close("only to see whether it works");
      }
    }

    @Override
    public void sent(int bytes) {}

    @Override
    public void closed(String reason, boolean everyWay) {
      later();
    }
  }
}
