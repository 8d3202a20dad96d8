package dev.weft.client;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayAddress;
import dev.weft.protocol.RelayMessage;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Links over WebSockets, or by polling where a WebSocket cannot be had: where a server was reached
 * but none came about, or nothing came through it. The next attempt then goes the other way, back
 * and forth until one of them works. While polling, a WebSocket is tried now and then; once one
 * opens, the link by polling ends, and the session comes back over it. Thread-safe.
 */
final class FallbackLinks implements Links {
  private static final Duration TRY_WEBSOCKET_AFTER = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);

  /** A link of which nothing came for so long might have been given up for that. */
  private static final Duration GIVEN_ITS_TIME = Duration.ofSeconds(5);

  private static final Duration WELCOME_WITHIN = Duration.ofSeconds(10);

  private final Transport transport;
  private final Duration tryAfter;
  private final JettyHttp http = new JettyHttp();
  private final WebSocketLinks webSockets = new WebSocketLinks(http);
  private volatile boolean pollNext;

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
      case AUTOMATIC -> watched(relay, listener, !pollNext);
    };
  }

  private Link watched(URI relay, Link.Listener listener, boolean byWebSocket) {
    Watched watched = new Watched(listener, byWebSocket);
    Link link = byWebSocket ? webSockets.connect(relay, watched) : poll(relay, watched);
    return watched.watch(link);
  }

  private Link poll(URI relay, Link.Listener listener) {
    HttpClient running;
    try {
      running = http.started();
      URI unused = RelayAddress.ofHttp(relay, "/");
    } catch (Exception e) {
      // Jetty's start() may throw anything; the session tries again later.
      listener.closed(LinkFailures.describe(e));
      return new NoLink();
    }
    PollingLink link =
        new PollingLink(running.getScheduler(), new PollRequests(running, relay), listener);
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

  /** Finds out whether this way works: both the link and its listener. */
  private final class Watched implements Link, Link.Listener {
    private final long sinceNanos = System.nanoTime();
    private final Link.Listener listener;
    private final boolean byWebSocket;
    private boolean heard;
    private boolean welcome;
    private boolean unreachable;
    private volatile boolean givenUp;
    private volatile Link link = new NoLink();

    Watched(Link.Listener listener, boolean byWebSocket) {
      this.listener = listener;
      this.byWebSocket = byWebSocket;
    }

    Link watch(Link watched) {
      link = watched;
      return this;
    }

    @Override
    public void send(byte[] message) {
      link.send(message);
    }

    @Override
    public void demand() {
      link.demand();
    }

    /** That the client does not want it any more says nothing of it, if it was given its time. */
    @Override
    public void close(String reason) {
      givenUp = System.nanoTime() - sinceNanos < GIVEN_ITS_TIME.toNanos();
      link.close(reason);
    }

    @Override
    public boolean isPolling() {
      return link.isPolling();
    }

    @Override
    public void opened() {
      listener.opened();
    }

    @Override
    public void received(byte[] message) {
      if (!heard) {
        heard = true;
        welcome = isWelcome(message);
        if (welcome) {
          pollNext = !byWebSocket;
        }
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
    public void unreachable() {
      unreachable = true;
    }

    @Override
    public void closed(String reason) {
      if (!welcome && !givenUp) {
        // A relay that refuses was reached, and refuses the other way as well.
        pollNext = byWebSocket && !heard && !unreachable;
      }
      listener.closed(reason);
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
    private Duration pause = tryAfter;
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
        pollNext = false;
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
    public void closed(String reason) {
      later();
    }
  }
}
