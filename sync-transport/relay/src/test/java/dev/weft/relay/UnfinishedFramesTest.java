package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Frames;
import dev.weft.protocol.RelayMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What frames that have begun and not ended may take, and for how long. */
@Timeout(120)
class UnfinishedFramesTest {
  private static final int MIB = 1 << 20;
  private static final int FREE = UnfinishedFrames.FREE_BYTES;
  private static final Duration GRACE = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final List<Socket> sockets = new ArrayList<>();

  @AfterEach
  void closeAll() throws IOException {
    for (Socket each : sockets) {
      each.close();
    }
  }

  // --- By WebSocket ---

  private Socket greeted(TestRelay relay) throws Exception {
    Socket socket = RawWebSocket.connect(relay.uri());
    sockets.add(socket);
    RawWebSocket.send(socket, Frames.encode(Polls.hello()));
    assertThat(hear(socket)).isInstanceOf(RelayMessage.Welcome.class);
    return socket;
  }

  private static RelayMessage hear(Socket socket) throws Exception {
    return Frames.decodeRelay(RawWebSocket.receive(socket));
  }

  private static Socket begin(Socket socket, int bytes) throws IOException {
    socket.getOutputStream().write(RawWebSocket.firstPart(new byte[bytes]));
    return socket;
  }

  private static UnfinishedFrames unfinished(TestRelay relay) {
    return relay.server.hub().unfinished();
  }

  private static void await(TestRelay relay, long atLeast, long atMost) {
    UnfinishedFrames frames = unfinished(relay);
    Eventually.holds(() -> frames.bytes() >= atLeast && frames.bytes() <= atMost, frames::bytes);
  }

  private static void requirePong(Socket socket, long nonce) throws Exception {
    RawWebSocket.send(socket, Frames.encode(new ClientMessage.Ping(nonce, 0, null)));
    assertThat(hear(socket)).isInstanceOf(RelayMessage.Pong.class);
  }

  private static void requireRefusal(RelayMessage heard) {
    assertThat(heard).isInstanceOf(RelayMessage.Fault.class);
    RelayMessage.Fault fault = (RelayMessage.Fault) heard;
    assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CONNECTION);
    assertThat(fault.refusal().code()).isEqualTo(Codes.OVERLOADED);
    assertThat(fault.refusal().retryable()).isTrue();
    assertThat(fault.refusal().retryAfterMillis()).isPositive();
  }

  @Test
  void shouldBoundMemoryOfFramesThatAreNeverFinished() throws Exception {
    Tuning tuning = new Tuning().unfinishedBytes(64 * MIB);
    try (TestRelay relay = TestRelay.start(directory, tuning)) {
      long before = Heap.used();
      byte[] most = RawWebSocket.firstPart(new byte[16 * MIB - 1]);
      int cut = 0;
      for (int i = 0; i < 24; i++) {
        Socket socket = greeted(relay);
        try {
          socket.getOutputStream().write(most);
        } catch (IOException e) {
          cut++;
        }
      }

      await(relay, 32 * MIB, 64 * MIB);
      assertThat((Heap.used() - before) >> 20)
          .as("MiB held for 24 frames that nobody has finished, %s of them cut", cut)
          .isLessThan(128);
      closeAll();
      await(relay, 0, 0);
    }
  }

  @Test
  void shouldRefuseForNowWhoseFrameDoesNotFitAndLeaveOthersWhatTheyHave() throws Exception {
    try (TestRelay relay = TestRelay.start(directory, new Tuning().unfinishedBytes(2 * MIB))) {
      Socket first = begin(greeted(relay), 3 * MIB / 2);
      await(relay, 3 * MIB / 2 - FREE, 2 * MIB);
      Socket little = begin(greeted(relay), FREE - 1_000);
      Socket second = begin(greeted(relay), MIB);

      requireRefusal(hear(second));
      assertThat(second.getInputStream().read()).as("the head of a Close").isEqualTo(0x88);
      // What each may always have is not refused to it, and what is held goes on to be.
      little.getOutputStream().write(RawWebSocket.furtherPart(unknown(0), true));
      hearMalformed(little);
      assertThat(unfinished(relay).bytes()).isBetween(3L * MIB / 2 - FREE, 2L * MIB);
      first.close();
      await(relay, 0, 0);
      begin(greeted(relay), MIB);
      await(relay, MIB - FREE, 2 * MIB);
    }
  }

  private static void hearMalformed(Socket socket) throws Exception {
    assertThat(((RelayMessage.Fault) hear(socket)).refusal().code()).isEqualTo(Codes.MALFORMED);
  }

  /** A message of some kind to come, which is passed over. */
  private static byte[] unknown(int length) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(new byte[] {(byte) 0xa2, 0x06});
    int rest = length;
    for (; rest > 0x7f; rest >>>= 7) {
      message.write((rest & 0x7f) | 0x80);
    }
    message.write(rest);
    message.writeBytes(new byte[length]);
    return message.toByteArray();
  }

  @Test
  void shouldCountOutWhatIsFinishedAsOftenAsItIs() throws Exception {
    try (TestRelay relay = TestRelay.start(directory, new Tuning().unfinishedBytes(2 * MIB))) {
      Socket socket = greeted(relay);
      byte[] message = unknown(MIB);
      for (int i = 0; i < 5; i++) {
        byte[] head = Arrays.copyOf(message, MIB / 2);
        socket.getOutputStream().write(RawWebSocket.firstPart(head));
        await(relay, MIB / 2 - FREE, 2 * MIB);
        byte[] tail = Arrays.copyOfRange(message, head.length, message.length);
        socket.getOutputStream().write(RawWebSocket.furtherPart(tail, true));
        requirePong(socket, i);
        assertThat(unfinished(relay).bytes()).isZero();
      }
    }
  }

  @Test
  void shouldCountOutWhatIsRefusedForOtherReasons() throws Exception {
    AtomicBoolean known = new AtomicBoolean(true);
    Authenticator team =
        (token, peer) ->
            CompletableFuture.completedFuture(
                known.get()
                    ? Identity.ofWriter("ada")
                    : Authenticator.Refused.unauthorised("That token is not known."));
    Tuning tuning = new Tuning().unfinishedBytes(2 * MIB);
    try (TestRelay relay =
        TestRelay.start(directory, tuning, builder -> builder.authenticator(team))) {
      Socket socket = begin(greeted(relay), MIB);
      await(relay, MIB - FREE, 2 * MIB);
      known.set(false);
      relay.server.recheck();

      RelayMessage.Fault fault = (RelayMessage.Fault) hear(socket);
      assertThat(fault.refusal().code()).isEqualTo(Codes.UNAUTHORISED);
      await(relay, 0, 0);
    }
  }

  @Test
  void shouldCountOutWhatIsLongerThanItMayBe() throws Exception {
    Tuning tuning = new Tuning().maxFrameBytes(MIB).unfinishedBytes(2 * MIB);
    try (TestRelay relay = TestRelay.start(directory, tuning)) {
      Socket socket = begin(greeted(relay), MIB - 10);
      await(relay, MIB - 10 - FREE, 2 * MIB);

      socket.getOutputStream().write(RawWebSocket.furtherPart(new byte[100], false));
      await(relay, 0, 0);
    }
  }

  // --- By polling ---

  private Socket beginPoll(TestRelay relay, int bytes) throws IOException {
    Socket socket = new Socket(relay.uri().getHost(), relay.uri().getPort());
    sockets.add(socket);
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    byte[] hello = Polls.delimited(Polls.hello());
    request.writeBytes(
        ("POST /v1/documents/notes/sync HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
                + Polls.TYPE
                + "\r\nContent-Length: "
                + (hello.length + 16 * MIB)
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(hello);
    // A length of 15 MiB, and the first of them.
    request.writeBytes(new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0xc0, 7});
    request.writeBytes(new byte[bytes]);
    socket.getOutputStream().write(request.toByteArray());
    return socket;
  }

  @Test
  void shouldCountWhatBodiesOfPollsHoldWithTheRest() throws Exception {
    try (TestRelay relay = TestRelay.start(directory, new Tuning().unfinishedBytes(3 * MIB))) {
      Socket first = beginPoll(relay, MIB);
      await(relay, MIB - FREE, 3 * MIB);
      Socket second = beginPoll(relay, 3 * MIB);

      byte[] answer = second.getInputStream().readNBytes(2_000);
      assertThat(new String(answer, StandardCharsets.ISO_8859_1))
          .startsWith("HTTP/1.1 503")
          .containsIgnoringCase("Retry-After: 5");
      requireRefusal(hear(begin(greeted(relay), 3 * MIB)));
      assertThat(unfinished(relay).bytes()).isBetween((long) MIB - FREE, 3L * MIB);
      first.close();
      await(relay, 0, 0);
    }
  }

  // --- How much, and how fast ---

  private final UnfinishedFrames all = new UnfinishedFrames(MIB);
  private long now;
  private final FrameParts parts = parts();

  private FrameParts parts() {
    return new FrameParts(all.share(), new LeastPace(GRACE, () -> now));
  }

  private static void add(FrameParts to, int bytes) throws RefusedException {
    to.waits();
    assertThat(to.add(ByteBuffer.allocate(bytes), false, 16 * MIB)).isNull();
  }

  @Test
  void shouldLetInOneAloneHoweverLongAndFreeOfChargeWhatIsLittle() throws Exception {
    add(parts, FREE);
    assertThat(all.bytes()).isZero();
    add(parts, 8 * MIB);
    assertThat(all.bytes()).isGreaterThanOrEqualTo(8 * MIB);

    FrameParts other = parts();
    add(other, FREE / 2);
    assertThatThrownBy(() -> add(other, FREE)).isInstanceOf(RefusedException.class);
    parts.drop();
    parts.drop();
    assertThat(all.bytes()).isZero();
    assertThat(parts.add(ByteBuffer.allocate(MIB), false, 16 * MIB)).isNull();
    assertThat(all.bytes()).as("of who is gone").isZero();
  }

  /** Most of it at once, and then a byte whenever it would be taken for silent. */
  @Test
  void shouldNotLetAnybodyHoldWhatCameFastWithABytesNowAndThen() throws Exception {
    add(parts, 10);
    add(parts, 8 * MIB);
    int bytes = 0;
    long begun = now;
    try {
      while (true) {
        parts.waits();
        now += Duration.ofSeconds(10).toNanos();
        add(parts, 1);
        bytes++;
      }
    } catch (RefusedException e) {
      assertThat(e.refusal().code()).isEqualTo(Codes.IDLE_TIMEOUT);
    }

    assertThat(bytes).isEqualTo(3);
    assertThat(Duration.ofNanos(now - begun)).isEqualTo(Duration.ofSeconds(40));
    assertThat(all.bytes()).isZero();
  }

  /** What lies between its pieces are signs of life of the transport, and no part of it. */
  @Test
  void shouldNotLetAnybodyHoldAFrameWithControlFrames() throws Exception {
    add(parts, 8 * MIB);
    for (int i = 0; i < 3; i++) {
      parts.waits();
      now += Duration.ofSeconds(10).toNanos();
      parts.cameElse();
    }
    parts.waits();
    now++;

    assertThatThrownBy(parts::cameElse).isInstanceOf(RefusedException.class);
    assertThat(all.bytes()).isZero();
  }

  @Test
  void shouldTakeWhatComesSlowlyButComes() throws Exception {
    byte[] message = new byte[200_000];
    byte[] taken = null;
    for (int from = 0; from < message.length; from += 2_000) {
      parts.waits();
      now += Duration.ofSeconds(1).toNanos();
      boolean last = from + 2_000 == message.length;
      taken = parts.add(ByteBuffer.wrap(message, from, 2_000), last, 16 * MIB);
    }

    assertThat(taken).isEqualTo(message);
    assertThat(all.bytes()).isZero();
  }

  /** The time between two frames is nobody's, and that in which the relay does not read. */
  @Test
  void shouldCountNoTimeInWhichNoFrameIsWaitedFor() throws Exception {
    for (int i = 0; i < 5; i++) {
      parts.waits();
      now += Duration.ofMinutes(1).toNanos();
      add(parts, 10);
      now += Duration.ofMinutes(1).toNanos();
      parts.waits();
      assertThat(parts.add(ByteBuffer.allocate(10), true, 16 * MIB)).hasSize(20);
    }
  }
}
