package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.ConnectionLimits;
import dev.weft.protocol.Frames;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends a connection, and that it ends only that one. */
class RelayConnectionTest {
  private static final ClientMessage.Hello HELLO =
      new ClientMessage.Hello("test/1", "", Capabilities.NONE, "");

  @TempDir Path directory;

  @Test
  void shouldTellLimitsAndHeartbeatWhenGreeted() {
    try (TestRelay relay = TestRelay.start(directory);
        Peer peer = Peer.connect(relay.uri())) {
      peer.say(HELLO);

      RelayMessage.Welcome welcome = peer.hear(RelayMessage.Welcome.class);

      assertThat(welcome.limits()).isEqualTo(ConnectionLimits.DEFAULT);
      assertThat(welcome.heartbeatMillis()).isEqualTo(10_000);
      assertThat(welcome.idleTimeoutMillis()).isEqualTo(300_000);
      assertThat(welcome.agent()).startsWith("weft-relay/");
      assertThat(welcome.session()).hasSize(16);
      assertThat(relay.uri().getPath()).isEqualTo(Frames.PATH);
    }
  }

  @Test
  void shouldRefuseConnectionWhenFirstMessageIsNotHello() {
    assertRefused(Codes.WRONG_STATE, 1002, peer -> peer.say(new ClientMessage.Ping(1, 0, null)));
  }

  /** Else a socket that is closed with something unread in it takes the reason with it. */
  @Test
  void shouldSayWhyToWhoGoesOnSending() {
    try (TestRelay relay = TestRelay.start(directory)) {
      for (int i = 0; i < 200; i++) {
        try (Peer peer = Peer.connect(relay.uri())) {
          peer.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
          for (int nonce = 0; nonce < 5; nonce++) {
            peer.say(new ClientMessage.Ping(nonce, 1, null));
          }

          RelayMessage.Fault fault = peer.hear(RelayMessage.Fault.class);
          assertThat(fault.refusal().code()).isEqualTo(Codes.WRONG_STATE);
        }
      }
    }
  }

  @Test
  void shouldRefuseConnectionWhenHelloIsSaidTwice() {
    assertRefused(
        Codes.WRONG_STATE,
        1002,
        peer -> {
          peer.hello();
          peer.say(HELLO);
        });
  }

  @Test
  void shouldRefuseConnectionWhenFrameIsMalformed() {
    assertRefused(Codes.MALFORMED, 1002, peer -> peer.say(new byte[] {1, 2, 3}));
  }

  @Test
  void shouldRefuseConnectionWhenCapabilityIsUnknown() {
    assertRefused(
        Codes.UNSUPPORTED_CAPABILITY,
        1008,
        peer ->
            peer.say(
                new ClientMessage.Hello(
                    "test/1", "", new Capabilities(Set.of("telepathy"), Set.of("zip")), "")));
  }

  @Test
  void shouldRefuseConnectionWhenChannelWasNeverOpened() {
    assertRefused(
        Codes.WRONG_STATE,
        1002,
        peer -> {
          peer.hello();
          peer.say(new ClientMessage.Edits(1, Payload.EMPTY, null));
        });
  }

  @Test
  void shouldRefuseConnectionWhenChannelNumberGoesBack() {
    assertRefused(
        Codes.WRONG_STATE,
        1002,
        peer -> {
          peer.hello();
          peer.say(new ClientMessage.Open(5, "notes", VersionVector.EMPTY));
          peer.say(new ClientMessage.Open(4, "other", VersionVector.EMPTY));
        });
  }

  @Test
  void shouldRefuseConnectionWhenOpenChannelIsOpenedForAnotherDocument() {
    assertRefused(
        Codes.WRONG_STATE,
        1002,
        peer -> {
          peer.hello();
          peer.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
          peer.say(new ClientMessage.Open(1, "other", VersionVector.EMPTY));
        });
  }

  @Test
  void shouldRefuseConnectionWhenPresenceIsTooLong() {
    assertRefused(
        Codes.TOO_LARGE,
        1009,
        peer -> {
          peer.hello();
          peer.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
          peer.say(
              new Presence(1, 7, 1, false, 0, "Ada", 0, List.of(), Payload.of(new byte[5_000])));
        });
  }

  @Test
  void shouldRefuseConnectionWhenHelloDoesNotCome() {
    Tuning quick = new Tuning().hello(Duration.ofMillis(30));
    try (TestRelay relay = TestRelay.start(directory, quick);
        Peer peer = Peer.connect(relay.uri())) {
      assertThat(peer.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.HELLO_TIMEOUT);
      assertThat(peer.closed().status()).isEqualTo(1008);
    }
  }

  @Test
  void shouldRefuseConnectionWhenNothingIsHeard() {
    Tuning quick = new Tuning().idle(Duration.ofMillis(300));
    try (TestRelay relay = TestRelay.start(directory, quick);
        Peer peer = Peer.connect(relay.uri())) {
      peer.say(HELLO);

      assertThat(peer.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.IDLE_TIMEOUT);
      assertThat(peer.closed().status()).isEqualTo(1008);
    }
  }

  @Test
  void shouldNotTakeConnectionForIdleWhileLongFrameComes() throws Exception {
    // Very much longer than what lies between two pieces.
    Duration idle = Duration.ofSeconds(3);
    Duration between = Duration.ofMillis(50);
    try (TestRelay relay = TestRelay.start(directory, new Tuning().idle(idle));
        Socket socket = RawWebSocket.connect(relay.uri())) {
      byte[] hello = Frames.encode(Polls.hello("t".repeat(3_000)));
      byte[] frame = RawWebSocket.frame(hello);
      int pieces = (int) idle.multipliedBy(11).dividedBy(10).dividedBy(between);
      for (int i = 0; i < pieces; i++) {
        int from = frame.length * i / pieces;
        socket.getOutputStream().write(frame, from, frame.length * (i + 1) / pieces - from);
        // It is time itself that the relay goes by here.
        LockSupport.parkNanos(between.toNanos());
      }

      assertThat(Frames.decodeRelay(RawWebSocket.receive(socket)))
          .isInstanceOf(RelayMessage.Welcome.class);
    }
  }

  @Test
  void shouldGoOnReadingBehindPingOfWebSocket() throws Exception {
    try (TestRelay relay = TestRelay.start(directory);
        Socket socket = RawWebSocket.connect(relay.uri())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(new byte[] {(byte) 0x89, (byte) 0x80, 0, 0, 0, 0});
      assertThat(socket.getInputStream().readNBytes(2)).containsExactly(0x8a, 0);
      RawWebSocket.send(socket, Frames.encode(Polls.hello()));

      assertThat(Frames.decodeRelay(RawWebSocket.receive(socket)))
          .isInstanceOf(RelayMessage.Welcome.class);
    }
  }

  @Test
  void shouldNotReadPingsOfWebSocketWhilePongsAreNotTaken() throws Exception {
    // Far beyond what the system holds on the way.
    long plenty = 64L << 20;
    try (TestRelay relay = TestRelay.start(directory);
        SocketChannel channel = RawWebSocket.connectChannel(relay.uri())) {
      ByteBuffer pings = ByteBuffer.wrap(RawWebSocket.pings(500));
      long written = 0;
      long progressNanos = System.nanoTime();
      while (written < plenty && System.nanoTime() - progressNanos < 500_000_000) {
        int count = channel.write(pings);
        if (count > 0) {
          written += count;
          progressNanos = System.nanoTime();
        }
        if (!pings.hasRemaining()) {
          pings.rewind();
        }
      }

      assertThat(written).isLessThan(plenty);
    }
  }

  @Test
  void shouldCountConnectionOutWhenClientDoesNotCloseIt() throws Exception {
    try (TestRelay relay = TestRelay.start(directory);
        Socket socket = RawWebSocket.connect(relay.uri())) {
      // The client may read the answer to its upgrade before the relay has counted it in.
      awaitConnections(relay, 1);
      // Not an envelope; the client answers nothing to being closed for it.
      RawWebSocket.send(socket, new byte[] {1});

      awaitConnections(relay, 0);
    }
  }

  private static void awaitConnections(TestRelay relay, int count) {
    long deadline = System.nanoTime() + Duration.ofSeconds(Peer.DEADLINE_SECONDS).toNanos();
    while (relay.server.hub().connections() != count) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void shouldCloseConnectionWhenMessageIsText() {
    try (TestRelay relay = TestRelay.start(directory);
        Peer peer = Peer.greet(relay.uri())) {
      peer.sayText("hello");

      assertThat(peer.closed().status()).isEqualTo(1003);
    }
  }

  @Test
  void shouldCloseConnectionWhenFrameIsLongBeforeHello() {
    try (TestRelay relay = TestRelay.start(directory);
        Peer peer = Peer.connect(relay.uri())) {
      peer.say(new byte[Frames.MAX_SMALL_BYTES + 1]);

      assertThat(peer.closed().status()).isEqualTo(1009);
    }
  }

  @Test
  void shouldRefuseChannelOnlyWhenDocumentIdIsBad() {
    try (TestRelay relay = TestRelay.start(directory);
        Peer peer = Peer.greet(relay.uri())) {
      peer.say(new ClientMessage.Open(1, "../etc/passwd", VersionVector.EMPTY));
      RelayMessage.Fault fault = peer.hear(RelayMessage.Fault.class);
      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CHANNEL);
      assertThat(fault.channel()).isEqualTo(1);
      assertThat(fault.refusal().code()).isEqualTo(Codes.BAD_DOCUMENT_ID);

      // What was under way on the channel is ignored.
      peer.say(new ClientMessage.Edits(1, Payload.EMPTY, null));
      peer.say(new ClientMessage.Open(2, "notes", VersionVector.EMPTY));
      assertThat(peer.hear(RelayMessage.Opened.class).channel()).isEqualTo(2);
    }
  }

  @Test
  void shouldRefuseChannelOnlyWhenTooManyAreOpen() {
    Tuning few = new Tuning().channels(2);
    try (TestRelay relay = TestRelay.start(directory, few);
        Peer peer = Peer.greet(relay.uri())) {
      for (int channel = 1; channel <= 3; channel++) {
        peer.say(new ClientMessage.Open(channel, "doc" + channel, VersionVector.EMPTY));
      }
      assertThat(peer.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.TOO_MANY_CHANNELS);

      peer.say(new ClientMessage.Close(1));
      peer.say(new ClientMessage.Open(4, "doc4", VersionVector.EMPTY));

      assertThat(peer.hear(RelayMessage.Opened.class, o -> o.channel() == 4)).isNotNull();
    }
  }

  @Test
  void shouldIgnoreMessageWhenItIsOfLaterVersion() {
    try (TestRelay relay = TestRelay.start(directory);
        Peer peer = Peer.greet(relay.uri())) {
      peer.say(new byte[] {(byte) 0xea, 0x04, 0x01, 0x00});

      peer.hearNothingBeforePong(3);
    }
  }

  @Test
  void shouldAnswerWithStatusWhenSubprotocolIsNotOffered() {
    try (TestRelay relay = TestRelay.start(directory)) {
      assertThatThrownBy(() -> connectWithout(relay.uri()))
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              e -> assertThat(e.getResponse().statusCode()).isEqualTo(400));
    }
  }

  private static void connectWithout(URI relay) {
    HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .buildAsync(relay, new WebSocket.Listener() {})
        .join();
  }

  /** What a client does wrong. */
  private interface Misdeed {
    void commit(Peer peer);
  }

  private void assertRefused(String code, int status, Misdeed misdeed) {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2);
        Peer peer = Peer.connect(relay.uri())) {
      misdeed.commit(peer);

      RelayMessage.Fault fault = peer.hear(RelayMessage.Fault.class);
      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CONNECTION);
      assertThat(fault.refusal().code()).isEqualTo(code);
      assertThat(fault.refusal().reason()).isNotBlank();
      assertThat(peer.closed().status()).isEqualTo(status);
      ada.type("unmoved");
      ben.awaitText("unmoved");
    }
  }
}
