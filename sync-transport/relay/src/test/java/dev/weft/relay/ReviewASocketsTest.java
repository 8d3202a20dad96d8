package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.RelayMessage;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Suspected faults that need sockets: each of these fails as long as it is there. */
@Timeout(120)
class ReviewASocketsTest {
  /** Ten messages a second, forty at once. */
  private static final Allowances FEW = new Allowances(10, 1 << 20, 1_000, 16 << 20);

  @TempDir Path directory;

  private static void greet(Socket socket) throws Exception {
    RawWebSocket.send(socket, Frames.encode(Polls.hello()));
    assertThat(Frames.decodeRelay(RawWebSocket.receive(socket)))
        .isInstanceOf(RelayMessage.Welcome.class);
  }

  /** Before anybody has said who it is. */
  @Test
  void shouldCountNoReportOfStrangers() throws Exception {
    try (TestRelay relay = TestRelay.start(directory);
        Socket socket = RawWebSocket.connect(relay.uri())) {
      List<Integer> hours = Collections.nCopies(256, Integer.MAX_VALUE);
      RawWebSocket.send(socket, Frames.encode(new ClientMessage.Report(hours, hours)));
      assertThat(Frames.decodeRelay(RawWebSocket.receive(socket)))
          .isInstanceOf(RelayMessage.Fault.class);

      Scrape scrape = Scrape.of(relay.server.port());
      assertThat(scrape.value("weft_client_keystrokes_seconds_count")).isZero();
      assertThat(scrape.value("weft_client_saves_seconds_count")).isZero();
    }
  }

  @Test
  void shouldKeepPingsOfTheWebSocketToTheAllowance() throws Exception {
    try (TestRelay relay = TestRelay.start(directory, new Tuning().allowances(FEW));
        Socket socket = RawWebSocket.connect(relay.uri())) {
      greet(socket);
      socket.setSoTimeout(3_000);
      int count = 50_000;
      Thread writer = write(socket, RawWebSocket.pings(count));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      long begun = System.nanoTime();
      int pongs = 0;
      byte[] pong = new byte[127];
      while (pongs < count && System.nanoTime() - begun < Duration.ofSeconds(3).toNanos()) {
        in.readFully(pong);
        pongs++;
      }
      writer.interrupt();
      assertThat(pongs)
          .as(
              "pongs in %s ms, of 40 at once and 10 a second",
              (System.nanoTime() - begun) / 1_000_000)
          .isLessThan(200);
    }
  }

  /** They are neither bytes nor messages, and keep a thread as well as any. */
  @Test
  void shouldKeepEmptyFragmentsToTheAllowance() throws Exception {
    try (TestRelay relay = TestRelay.start(directory, new Tuning().allowances(FEW));
        Socket socket = RawWebSocket.connect(relay.uri())) {
      socket.setSoTimeout(60_000);
      int count = 200_000;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(new byte[] {0x02, (byte) 0x80, 0, 0, 0, 0});
      for (int i = 0; i < count; i++) {
        out.writeBytes(new byte[] {0x00, (byte) 0x80, 0, 0, 0, 0});
      }
      byte[] hello = RawWebSocket.frame(Frames.encode(Polls.hello()));
      hello[0] = (byte) 0x80;
      out.writeBytes(hello);
      long begun = System.nanoTime();
      Thread writer = write(socket, out.toByteArray());
      RelayMessage answer = Frames.decodeRelay(RawWebSocket.receive(socket));
      long millis = (System.nanoTime() - begun) / 1_000_000;
      writer.join();

      assertThat(answer).isInstanceOf(RelayMessage.Welcome.class);
      assertThat(millis)
          .as("ms for %s fragments before Hello, of 40 at once and 10 a second", count)
          .isGreaterThan(10_000);
    }
  }

  private static Thread write(Socket socket, byte[] bytes) {
    Thread writer =
        new Thread(
            () -> {
              try {
                socket.getOutputStream().write(bytes);
              } catch (java.io.IOException e) {
                // The test has seen enough.
              }
            });
    writer.setDaemon(true);
    writer.start();
    return writer;
  }

  /** Each request begins with a full allowance, and there may be any number of requests. */
  @Test
  void shouldKeepWhoPollsToTheAllowanceOfAConnection() throws Exception {
    try (TestRelay relay = TestRelay.start(directory, new Tuning().allowances(FEW));
        KeptConnection connection = new KeptConnection(relay.uri())) {
      List<ClientMessage> messages = new ArrayList<>();
      messages.add(Polls.hello());
      for (int i = 0; i < 30; i++) {
        messages.add(new ClientMessage.Ping(i, 0, null));
      }
      byte[] body = Polls.delimited(messages.toArray(ClientMessage[]::new));
      long begun = System.nanoTime();
      int taken = 0;
      for (int i = 0; i < 40; i++) {
        KeptConnection.Response response =
            connection.request("POST", "/v1/documents/notes/sync", Polls.TYPE, body);
        assertThat(response.status).isEqualTo(200);
        taken +=
            (int)
                Polls.parse(response.body).stream()
                    .filter(RelayMessage.Pong.class::isInstance)
                    .count();
      }
      long millis = (System.nanoTime() - begun) / 1_000_000;

      assertThat(taken)
          .as("messages in %s ms on one connection, of 40 at once and 10 a second", millis)
          .isLessThan((int) (80 + millis / 50));
    }
  }

  /** A hundred bytes each, for which a worker writes all of the text. */
  @Test
  void shouldServeOthersWhileOneAsksForTheHeadOfLongTexts() throws Exception {
    try (TestRelay relay = TestRelay.start(directory);
        Author author = Author.join(relay.uri(), 1, "long");
        Author second = Author.join(relay.uri(), 2, "longer");
        Peer other = Peer.greet(relay.uri())) {
      for (int i = 0; i < 8; i++) {
        author.type("0123456789abcdeé".repeat(1 << 16));
        second.type("0123456789abcdeé".repeat(1 << 16));
      }
      author.save("s");
      second.save("s");
      other.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      other.hear(RelayMessage.Opened.class);
      roundTrips(other, 100);
      long[] alone = roundTrips(other, 200);

      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Socket socket = new Socket(relay.uri().getHost(), relay.uri().getPort());
        sockets.add(socket);
        String path = i % 2 == 0 ? "long" : "longer";
        byte[] request =
            ("HEAD /v1/documents/" + path + "/text HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                .repeat(500)
                .getBytes(StandardCharsets.US_ASCII);
        OutputStream out = socket.getOutputStream();
        out.write(request);
        out.flush();
      }
      long[] beside = roundTrips(other, 100);
      for (Socket each : sockets) {
        each.close();
      }

      assertThat(millis(beside, 95))
          .as(
              "p95 of another document's round trip, ms; median %s; alone p95 %s",
              millis(beside, 50), millis(alone, 95))
          .isLessThan(100);
    }
  }

  private static double millis(long[] nanos, int percent) {
    return nanos[nanos.length * percent / 100] / 1e6;
  }

  private static long[] roundTrips(Peer peer, int count) throws Exception {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long nonce = System.nanoTime();
      peer.say(new ClientMessage.Ping(nonce, 1, null));
      peer.hear(RelayMessage.Pong.class, pong -> pong.nonce() == nonce);
      nanos[i] = System.nanoTime() - nonce;
    }
    Arrays.sort(nanos);
    return nanos;
  }
}
