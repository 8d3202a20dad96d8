package dev.weft.client;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.client.HttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Links over WebSockets, or by polling where a WebSocket cannot be had: where a server was reached
 * but none came about, or nothing came through it. The next attempt then goes the other way, back
 * and forth until one of them works. While polling, a WebSocket is tried now and then; once one
 * opens, the link by polling ends, and the session comes back over it. Thread-safe.
 */
final class FallbackLinks implements Links {
  private static final Duration TRY_WEBSOCKET_EVERY = Duration.ofMinutes(1);

  private final Transport transport;
  private final Duration tryEvery;
  private final JettyHttp http = new JettyHttp();
  private final WebSocketLinks webSockets = new WebSocketLinks(http);
  private volatile boolean pollNext;

  FallbackLinks(Transport transport) {
    this(transport, TRY_WEBSOCKET_EVERY);
  }

  /**
   * Creates links.
   *
   * @param tryEvery how often a WebSocket is tried while polling
   */
  FallbackLinks(Transport transport, Duration tryEvery) {
    this.transport = transport;
    this.tryEvery = tryEvery;
  }

  @Override
  public Link connect(URI relay, Link.Listener listener) {
    return switch (transport) {
      case WEBSOCKET -> webSockets.connect(relay, listener);
      case POLLING -> poll(relay, listener);
      case AUTOMATIC ->
          pollNext
              ? poll(relay, new Watched(listener, false))
              : webSockets.connect(relay, new Watched(listener, true));
    };
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
    PollingLink link = new PollingLink(running, relay, listener);
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

  /** A link that could not be made. */
  private static final class NoLink implements Link {
    @Override
    public void send(byte[] message) {}

    @Override
    public void demand() {}

    @Override
    public void close(String reason) {}
  }

  /** Finds out whether this way works. */
  private final class Watched implements Link.Listener {
    private final Link.Listener listener;
    private final boolean byWebSocket;
    private boolean heard;
    private boolean unreachable;

    Watched(Link.Listener listener, boolean byWebSocket) {
      this.listener = listener;
      this.byWebSocket = byWebSocket;
    }

    @Override
    public void opened() {
      listener.opened();
    }

    @Override
    public void received(byte[] message) {
      if (!heard) {
        heard = true;
        pollNext = !byWebSocket;
      }
      listener.received(message);
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
      if (!heard) {
        pollNext = byWebSocket && !unreachable;
      }
      listener.closed(reason);
    }
  }

  /** Tries a WebSocket while a link polls. */
  private final class Prospect implements Link.Listener {
    private final HttpClient running;
    private final URI relay;
    private final PollingLink polling;
    private final AtomicReference<@Nullable Link> attempt = new AtomicReference<>();
    private volatile boolean opened;

    Prospect(HttpClient running, URI relay, PollingLink polling) {
      this.running = running;
      this.relay = relay;
      this.polling = polling;
    }

    void later() {
      if (!polling.isEnded()) {
        running.getScheduler().schedule(this::tryNow, tryEvery.toMillis(), TimeUnit.MILLISECONDS);
      }
    }

    private void tryNow() {
      if (!polling.isEnded()) {
        opened = false;
        attempt.set(webSockets.connect(relay, this));
      }
    }

    @Override
    public void opened() {
      opened = true;
      pollNext = false;
      polling.close("a WebSocket can be had again");
      Link link = attempt.get();
      if (link != null) {
        link.close("only to see whether it works");
      }
    }

    @Override
    public void received(byte[] message) {}

    @Override
    public void sent(int bytes) {}

    @Override
    public void closed(String reason) {
      if (!opened) {
        later();
      }
    }
  }
}
