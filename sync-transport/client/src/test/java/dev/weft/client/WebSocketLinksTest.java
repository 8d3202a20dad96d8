package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of the sockets behind links. */
class WebSocketLinksTest {
  private static final int WITHIN_MILLIS = 10_000;

  private final List<String> closed = Collections.synchronizedList(new ArrayList<>());

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
    public void closed(String reason, Link.OtherWays others) {
      closed.add(reason);
    }
  }
}
