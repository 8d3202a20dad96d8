package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.RelayMessage;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

  /** A frame that is not finished is in no bound: one token, and the heap is full. */
  @Test
  void shouldBoundMemoryOfFramesThatAreNeverFinished() throws Exception {
    List<Socket> all = new ArrayList<>();
    try (TestRelay relay = TestRelay.start(directory, new Tuning().idle(Duration.ofSeconds(30)))) {
      long before = Heap.used();
      byte[] part = new byte[(16 << 20) - 1];
      int length = 16 << 20;
      byte[] head = {
        (byte) 0x82,
        (byte) (0x80 | 127),
        0,
        0,
        0,
        0,
        (byte) (length >>> 24),
        (byte) (length >>> 16),
        (byte) (length >>> 8),
        (byte) length,
        0,
        0,
        0,
        0
      };
      for (int i = 0; i < 24; i++) {
        Socket socket = RawWebSocket.connect(relay.uri());
        all.add(socket);
        greet(socket);
        socket.getOutputStream().write(head);
        socket.getOutputStream().write(part);
      }

      assertThat((Heap.used() - before) >> 20)
          .as("MiB held for 24 frames that nobody has finished")
          .isLessThan(128);
    } finally {
      for (Socket each : all) {
        each.close();
      }
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
}
