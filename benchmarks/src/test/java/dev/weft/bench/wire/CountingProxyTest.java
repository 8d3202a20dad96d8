package dev.weft.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CountingProxyTest {
  private static final String REQUEST = "GET /\r\n\r\n";
  private static final byte[] ASKED = {(byte) 0x82, (byte) 0x81, 0, 0, 0, 0, 'a'};
  private static final byte[] ANSWERED = {(byte) 0x82, 2, 'b', 'c'};

  @Test
  void shouldPassOnAndCountBothWays() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        CountingProxy proxy = new CountingProxy(server.getLocalPort(), Duration.ZERO);
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        Socket accepted = server.accept()) {
      exchange(client, accepted);

      assertThat(proxy.toServer()).isEqualTo(new Traffic(ASKED.length, 1, REQUEST.length()));
      assertThat(proxy.toClient()).isEqualTo(new Traffic(ANSWERED.length, 1, REQUEST.length()));
    }
  }

  @Test
  void shouldTakeAsLongEachWayAsItIsTold() throws IOException {
    Duration delay = Duration.ofMillis(40);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        CountingProxy proxy = new CountingProxy(server.getLocalPort(), delay);
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        Socket accepted = server.accept()) {
      long begun = System.nanoTime();
      exchange(client, accepted);

      assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(2 * delay.toNanos());
    }
  }

  private static void exchange(Socket client, Socket server) throws IOException {
    byte[] head = REQUEST.getBytes(StandardCharsets.US_ASCII);
    client.getOutputStream().write(head);
    client.getOutputStream().write(ASKED);
    assertThat(server.getInputStream().readNBytes(head.length)).isEqualTo(head);
    assertThat(server.getInputStream().readNBytes(ASKED.length)).isEqualTo(ASKED);
    server.getOutputStream().write(head);
    server.getOutputStream().write(ANSWERED);
    assertThat(client.getInputStream().readNBytes(head.length)).isEqualTo(head);
    assertThat(client.getInputStream().readNBytes(ANSWERED.length)).isEqualTo(ANSWERED);
  }
}
