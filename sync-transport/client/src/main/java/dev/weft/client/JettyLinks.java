package dev.weft.client;

import java.net.URI;
import java.time.Duration;
import java.util.SplittableRandom;

/** Links over real sockets, by the way that the embedder has set. Thread-safe. */
final class JettyLinks implements Links {
  private final JettyHttp http = new JettyHttp();
  private final Links chosen;

  JettyLinks(Transport transport, Duration staleAfter) {
    Links webSockets = new WebSocketLinks(http);
    PollingLinks polling =
        new PollingLinks(
            http.timers(), relay -> new PollRequests(http, relay), SplittableRandom::new);
    this.chosen =
        switch (transport) {
          case WEBSOCKET -> webSockets;
          case POLLING -> polling;
          case AUTOMATIC ->
              new FallbackLinks(
                  webSockets,
                  polling,
                  http.timers(),
                  new WayChoice(System::nanoTime, new SplittableRandom(), staleAfter));
        };
  }

  @Override
  public Link connect(URI relay, Link.Listener listener) {
    return chosen.connect(relay, listener);
  }

  @Override
  public void networkChanged() {
    chosen.networkChanged();
  }

  @Override
  public void close() {
    chosen.close();
    http.close();
  }
}
