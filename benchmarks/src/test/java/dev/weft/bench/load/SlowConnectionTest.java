package dev.weft.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.bench.load.net.EventLoop;
import dev.weft.bench.load.net.Network;
import dev.weft.bench.load.net.WebSocketConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client behind a network, at a server that sends as fast as it can. */
class SlowConnectionTest {
  private static final int MESSAGE_BYTES = 48;
  private static final int FRAME_BYTES = MESSAGE_BYTES + 2;
  private static final int BYTES_PER_SECOND = 2_000;
  private static final int LATENCY_MILLIS = 120;

  private ServerSocket server;
  private CompletableFuture<Void> serving = CompletableFuture.completedFuture(null);

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    serving.join();
  }

  @Test
  void shouldReadNoFasterThanItsBandwidth() throws IOException {
    serving = CompletableFuture.runAsync(() -> serve(Integer.MAX_VALUE));
    Client client = new Client();
    try (EventLoop loop = new EventLoop()) {
      WebSocketConnection connection = connect(loop, new Network(BYTES_PER_SECOND, 0, 0), client);

      boolean enough =
          loop.run(
              () -> client.messages * FRAME_BYTES >= BYTES_PER_SECOND,
              System.nanoTime() + TimeUnit.SECONDS.toNanos(20));

      connection.close();
      assertThat(enough).isTrue();
      assertThat(client.fastestBytesPerSecond()).isLessThanOrEqualTo(BYTES_PER_SECOND * 1.001);
    }
  }

  @Test
  void shouldTakeTheLatencyThereAndBack() throws IOException {
    serving = CompletableFuture.runAsync(() -> serve(1));
    Client client = new Client();
    try (EventLoop loop = new EventLoop()) {
      long begun = System.nanoTime();
      WebSocketConnection connection =
          connect(loop, new Network(0, TimeUnit.MILLISECONDS.toNanos(LATENCY_MILLIS), 0), client);

      assertThat(
              loop.run(
                  () -> client.messages == 1, System.nanoTime() + TimeUnit.SECONDS.toNanos(20)))
          .isTrue();

      connection.close();
      assertThat(System.nanoTime() - begun)
          .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(2 * LATENCY_MILLIS));
    }
  }

  /** What the server has said before it went tells more than that nothing can be written. */
  @Test
  void shouldSayWhatTheServerSaidLastThoughNothingCanBeWritten() throws IOException {
    serving = CompletableFuture.runAsync(this::refuse);
    CompletableFuture<String> ended = new CompletableFuture<>();
    CompletableFuture<WebSocketConnection> connection = new CompletableFuture<>();
    Client client =
        new Client() {
          @Override
          public void opened() {
            serving.join();
            // The first tells the server's machine, the others find out.
            for (int message = 0; message < 3; message++) {
              connection.join().send(new byte[MESSAGE_BYTES]);
            }
          }

          @Override
          public void closed(String reason) {
            ended.complete(reason);
          }
        };
    try (EventLoop loop = new EventLoop()) {
      assertThat(connection.complete(connect(loop, Network.DIRECT, client))).isTrue();
      assertThat(loop.run(ended::isDone, System.nanoTime() + TimeUnit.SECONDS.toNanos(20)))
          .isTrue();
    }

    assertThat(ended.join()).isEqualTo("the server closed the connection: full");
  }

  /** Answers the opening, and says in the same breath why it goes. */
  private void refuse() {
    try (Socket socket = server.accept()) {
      String answer = answer(readHead(socket)) + "\u0088\u0006\u0003\u00f5full";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private WebSocketConnection connect(EventLoop loop, Network network, Client client)
      throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    URI endpoint = URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/");
    return new WebSocketConnection(loop, address, endpoint, "", network, client);
  }

  /** Counts what comes, from when the connection was there. */
  private static class Client implements WebSocketConnection.Listener {
    private long openedNanos;
    private int messages;
    private double fastest;

    @Override
    public void opened() {
      openedNanos = System.nanoTime();
    }

    @Override
    public void message(ByteBuffer message) {
      messages++;
      // What came with the opening, and what may come at once, was allowed for before.
      double seconds = (System.nanoTime() - openedNanos) / 1e9 + 0.05;
      fastest = Math.max(fastest, messages * FRAME_BYTES / seconds);
    }

    double fastestBytesPerSecond() {
      return fastest;
    }

    @Override
    public void ponged() {}

    @Override
    public void closed(String reason) {
      throw new AssertionError(reason);
    }
  }

  /** Answers the opening, and sends messages until the client is gone. */
  private void serve(int most) {
    try (Socket socket = server.accept()) {
      OutputStream out = socket.getOutputStream();
      out.write(answer(readHead(socket)).getBytes(StandardCharsets.US_ASCII));
      byte[] frame = new byte[FRAME_BYTES];
      frame[0] = (byte) 0x82;
      frame[1] = MESSAGE_BYTES;
      for (int sent = 0; sent < most; sent++) {
        out.write(frame);
      }
      while (socket.getInputStream().read() >= 0) {
        // The client goes when it has seen enough.
      }
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe|closed).*");
    }
  }

  private static String readHead(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) socket.getInputStream().read());
    }
    return head.toString();
  }

  private static String answer(String request) {
    String key = request.replaceAll("(?s).*Sec-WebSocket-Key: (\\S+)\r\n.*", "$1");
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: "
          + Base64.getEncoder().encodeToString(digest)
          + "\r\n\r\n";
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
