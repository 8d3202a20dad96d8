package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the sockets behind links. */
class WebSocketLinksTest {
  private static final int WITHIN_MILLIS = 10_000;

  private final List<String> closed = Collections.synchronizedList(new ArrayList<>());

  private final CompletableFuture<Link.OtherWays> ended = new CompletableFuture<>();
  private volatile @Nullable Duration sentAway;

  /** As behind a proxy that swallows upgrades. */
  @Test
  void shouldLetTheSocketGoWhenALinkIsClosedBeforeItsUpgradeIsAnswered() throws Exception {
    try (JettyHttp http = new JettyHttp();
        WebSocketLinks links = new WebSocketLinks(http);
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Link link =
          links.connect(URI.create("ws://127.0.0.1:" + server.getLocalPort()), new Listener());
      try (Socket socket = server.accept()) {
        socket.setSoTimeout(WITHIN_MILLIS);
        InputStream in = socket.getInputStream();
        assertThat(in.read()).isEqualTo('G');

        link.close("given up");

        assertThat(closed).containsExactly("given up");
        assertThat(in.readAllBytes()).asString().contains("Upgrade");
      }
    }
    assertThat(closed).hasSize(1);
  }

  /** As a relay does whose address table is full, or that has all the connections that it takes. */
  @ParameterizedTest
  @CsvSource({
    "429 Too Many Requests, Retry-After: 7, from this address, PT7S",
    "503 Service Unavailable, Retry-After: 1, at the moment, PT1S",
    "503 Service Unavailable, 'Retry-After: Fri, 31 Dec 1999 23:59:59 GMT', at the moment, ",
    "403 Forbidden, Retry-After: 7, HTTP status 403, "
  })
  void shouldTellHowLongToStayAwayWhenTooManyAreThere(
      String status, String header, String reason, @Nullable String away) throws Exception {
    try (JettyHttp http = new JettyHttp();
        WebSocketLinks links = new WebSocketLinks(http);
        OneAnswer server = new OneAnswer()) {
      Link unused = links.connect(server.uri(), new Listener());
      server.give(status, header);

      assertThat(ended.get(WITHIN_MILLIS, TimeUnit.MILLISECONDS))
          .isEqualTo(reason.startsWith("HTTP") ? Link.OtherWays.MAY_WORK : Link.OtherWays.FAIL);
      assertThat(closed).singleElement().asString().contains(reason);
      assertThat(sentAway).isEqualTo(away == null ? null : Duration.parse(away));
    }
  }

  private final class Listener implements Link.Listener {
    @Override
    public void opened() {
      throw new AssertionError("nobody has answered");
    }

    @Override
    public void received(byte[] message) {}

    @Override
    public void sent(int bytes) {}

    @Override
    public void sentAway(Duration atLeast) {
      sentAway = atLeast;
    }

    @Override
    public void closed(String reason, Link.OtherWays others) {
      closed.add(reason);
      ended.complete(others);
    }
  }
}
