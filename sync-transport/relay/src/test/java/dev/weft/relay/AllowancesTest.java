package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Frames;
import dev.weft.protocol.RelayMessage;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An allowance is a connection's, and everything that comes on it takes from it. */
@Timeout(120)
class AllowancesTest {
  private static final int A_SECOND = 50;
  private static final int AT_ONCE = 4 * A_SECOND;

  /** More than may come at once, by what takes much longer than to read them. */
  private static final int MANY = AT_ONCE + 35;

  @TempDir Path directory;

  private static Allowances few(int aSecond) {
    return new Allowances(aSecond, 1 << 20, 1_000, 16 << 20);
  }

  private TestRelay start() {
    return TestRelay.start(directory, new Tuning().allowances(few(A_SECOND)));
  }

  private static void greet(Socket socket) throws Exception {
    RawWebSocket.send(socket, Frames.encode(Polls.hello()));
    assertThat(hear(socket)).isInstanceOf(RelayMessage.Welcome.class);
  }

  private static RelayMessage hear(Socket socket) throws Exception {
    return Frames.decodeRelay(RawWebSocket.receive(socket));
  }

  private static Duration since(long begunNanos) {
    return Duration.ofNanos(System.nanoTime() - begunNanos);
  }

  /** How long so many take at least, but for a few that come before it is seen. */
  private static Duration least(int count) {
    return least(count, A_SECOND);
  }

  private static Duration least(int count, int aSecond) {
    return Duration.ofMillis(1_000L * (count - 4 * aSecond - 5) / aSecond);
  }

  // --- By WebSocket ---

  @Test
  void shouldCountPingsOfTheWebSocket() throws Exception {
    try (TestRelay relay = start();
        Socket socket = RawWebSocket.connect(relay.uri())) {
      greet(socket);
      long begun = System.nanoTime();
      socket.getOutputStream().write(RawWebSocket.pings(MANY));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int pongs = 0;
      while (pongs < MANY) {
        int head = in.readUnsignedByte();
        byte[] payload = new byte[in.readUnsignedByte()];
        in.readFully(payload);
        if (head == 0x8a) {
          pongs++;
        } else {
          assertThat(Frames.decodeRelay(payload))
              .isInstanceOfSatisfying(
                  RelayMessage.Throttle.class,
                  told -> assertThat(told.code()).isEqualTo(Codes.TOO_FAST));
        }
      }

      assertThat(since(begun)).isGreaterThan(least(MANY));
    }
  }

  @Test
  void shouldCountPongsThatNobodyHasAskedForAndEmptyPieces() throws Exception {
    try (TestRelay relay = start();
        Socket socket = RawWebSocket.connect(relay.uri())) {
      greet(socket);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int i = 0; i < MANY / 2; i++) {
        out.writeBytes(new byte[] {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0});
      }
      out.writeBytes(RawWebSocket.firstPart(new byte[0]));
      for (int i = MANY / 2 + 1; i < MANY; i++) {
        out.writeBytes(RawWebSocket.furtherPart(new byte[0], false));
      }
      out.writeBytes(
          RawWebSocket.furtherPart(Frames.encode(new ClientMessage.Ping(7, 0, null)), true));
      long begun = System.nanoTime();
      socket.getOutputStream().write(out.toByteArray());
      RelayMessage heard = hear(socket);
      while (heard instanceof RelayMessage.Throttle) {
        heard = hear(socket);
      }

      assertThat(heard).isInstanceOf(RelayMessage.Pong.class);
      assertThat(since(begun)).isGreaterThan(least(MANY));
    }
  }

  /** Nothing is said to it about that: the first that it hears is Welcome. */
  @Test
  void shouldCountEmptyPiecesBeforeHello() throws Exception {
    try (TestRelay relay = start();
        Socket socket = RawWebSocket.connect(relay.uri())) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(RawWebSocket.firstPart(new byte[0]));
      for (int i = 1; i < MANY; i++) {
        out.writeBytes(RawWebSocket.furtherPart(new byte[0], false));
      }
      out.writeBytes(RawWebSocket.furtherPart(Frames.encode(Polls.hello()), true));
      long begun = System.nanoTime();
      socket.getOutputStream().write(out.toByteArray());

      assertThat(hear(socket)).isInstanceOf(RelayMessage.Welcome.class);
      assertThat(since(begun)).isGreaterThan(least(MANY));
    }
  }

  @Test
  void shouldCountNoLongPieceForMoreThanItsBytes() throws Exception {
    Allowances pieces = new Allowances(100, 1 << 20, 1_000, 16 << 20);
    try (TestRelay relay = TestRelay.start(directory, new Tuning().allowances(pieces));
        Socket socket = RawWebSocket.connect(relay.uri())) {
      greet(socket);
      // Of some kind to come, which is passed over: 3 MiB, in 768 pieces of what one read brings.
      byte[] message = new byte[3 << 20];
      int length = message.length - 6;
      byte[] head = {
        (byte) 0xa2,
        0x06,
        (byte) (length | 0x80),
        (byte) (length >>> 7 | 0x80),
        (byte) (length >>> 14 | 0x80),
        (byte) (length >>> 21)
      };
      System.arraycopy(head, 0, message, 0, head.length);
      // Its bytes are paid for once, not with each piece and again with all of it.
      RawWebSocket.send(socket, message);
      RawWebSocket.send(socket, Frames.encode(new ClientMessage.Ping(7, 0, null)));

      assertThat(hear(socket)).isInstanceOf(RelayMessage.Pong.class);
    }
  }

  // --- By polling ---

  private static byte[] poll(int pings) {
    List<ClientMessage> messages = new ArrayList<>();
    messages.add(Polls.hello());
    for (int i = 0; i < pings; i++) {
      messages.add(new ClientMessage.Ping(i, 0, null));
    }
    return Polls.delimited(messages.toArray(ClientMessage[]::new));
  }

  private static int pongs(byte[] body) {
    return (int) Polls.parse(body).stream().filter(RelayMessage.Pong.class::isInstance).count();
  }

  @Test
  void shouldCountAllPollsOfAConnectionTogether() throws Exception {
    try (TestRelay relay = start();
        KeptConnection connection = new KeptConnection(relay.uri())) {
      int messages = MANY / 4 + 1;
      byte[] body = poll(messages - 1);
      long begun = System.nanoTime();
      for (int i = 0; i < 4; i++) {
        KeptConnection.Response response =
            connection.request("POST", "/v1/documents/notes/sync", Polls.TYPE, body);
        assertThat(response.status).isEqualTo(200);
        assertThat(pongs(response.body)).isEqualTo(messages - 1);
        assertThat(Polls.parse(response.body).get(0)).isInstanceOf(RelayMessage.Welcome.class);
      }

      assertThat(since(begun)).isGreaterThan(least(4 * messages));
    }
  }

  /** Others' connections are others' business, and so are those of one proxy for many clients. */
  @Test
  void shouldGiveEachRequestOfAProxyAnAllowanceOfItsOwn() throws Exception {
    // So little that one allowance for all would take half a minute.
    int aSecond = 10;
    try (TestRelay relay =
            TestRelay.start(
                directory,
                new Tuning().allowances(few(aSecond)),
                builder -> builder.proxies(List.of("127.0.0.1")));
        KeptConnection connection = new KeptConnection(relay.uri())) {
      byte[] body = poll(19);
      long begun = System.nanoTime();
      int requests = 20;
      for (int i = 0; i < requests; i++) {
        KeptConnection.Response response =
            connection.request("POST", "/v1/documents/notes/sync", Polls.TYPE, body);
        assertThat(pongs(response.body)).isEqualTo(19);
      }

      assertThat(since(begun)).isLessThan(least(requests * 20, aSecond));
    }
  }

  @Test
  void shouldCountShortPiecesOfABody() throws Exception {
    try (TestRelay relay = start();
        Socket socket = new Socket(relay.uri().getHost(), relay.uri().getPort())) {
      byte[] hello = Polls.delimited(Polls.hello());
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.writeBytes(
          ("POST /v1/documents/notes/sync HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                  + "Transfer-Encoding: chunked\r\nContent-Type: "
                  + Polls.TYPE
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      message.writeBytes(hello);
      // Messages of some kind to come, of 32 bytes each.
      byte[] unknown = new byte[33];
      unknown[0] = 32;
      unknown[1] = (byte) 0xa2;
      unknown[2] = 0x06;
      unknown[3] = 29;
      while (message.size() < MANY) {
        message.writeBytes(unknown);
      }
      byte[] body = message.toByteArray();
      for (byte each : body) {
        request.writeBytes(new byte[] {'1', '\r', '\n', each, '\r', '\n'});
      }
      request.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      long begun = System.nanoTime();
      socket.getOutputStream().write(request.toByteArray());
      byte[] answer = socket.getInputStream().readAllBytes();

      assertThat(new String(Arrays.copyOf(answer, 12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 200");
      assertThat(since(begun)).isGreaterThan(least(body.length));
    }
  }
}
