package dev.weft.desktop.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real sockets through a link. */
class NetworkLinkTest {
  private static final Duration LATENCY = Duration.ofMillis(150);

  private FarEnd far;
  private NetworkLink link;

  @BeforeEach
  void open() throws IOException {
    far = new FarEnd();
    link = NetworkLink.to(far.uri());
  }

  @AfterEach
  void close() throws IOException {
    link.close();
    far.close();
  }

  @Test
  void shouldLeadWhereRelayIsByAddressOfItsOwn() {
    assertThat(link.uri()).hasScheme("ws").hasHost("127.0.0.1").hasPath("/v1/sync");
    assertThat(link.uri().getPort()).isNotEqualTo(far.uri().getPort());
  }

  // --- What passes ---

  @Test
  void shouldPassBytesIntactAndInOrderBothWaysAtOnce() throws Exception {
    byte[] upwards = random(3_000_000, 1);
    byte[] downwards = random(3_000_000, 2);
    try (Socket near = FarEnd.connect(link);
        Socket remote = far.accept()) {
      CompletableFuture<Void> up = sendSoon(near, upwards);
      CompletableFuture<Void> down = sendSoon(remote, downwards);
      CompletableFuture<byte[]> arrived =
          CompletableFuture.supplyAsync(() -> receive(remote, upwards.length));

      assertThat(receive(near, downwards.length)).isEqualTo(downwards);
      assertThat(arrived.join()).isEqualTo(upwards);
      CompletableFuture.allOf(up, down).join();
    }
  }

  @Test
  void shouldPassEndOfOneDirectionAndKeepOtherOpen() throws Exception {
    try (Socket near = FarEnd.connect(link);
        Socket remote = far.accept()) {
      near.getOutputStream().write(7);
      near.shutdownOutput();
      assertThat(remote.getInputStream().readAllBytes()).containsExactly(7);

      remote.getOutputStream().write(random(100_000, 3));
      remote.shutdownOutput();
      assertThat(near.getInputStream().readAllBytes()).isEqualTo(random(100_000, 3));
    }
  }

  @Test
  void shouldPassOnThatOneEndIsGone() throws Exception {
    try (Socket near = FarEnd.connect(link)) {
      Sockets.reset(far.accept());
      assertThatThrownBy(() -> near.getInputStream().read()).isInstanceOf(SocketException.class);
    }
  }

  // --- Latency ---

  @Test
  void shouldDeliverNotBeforeLatencyAndInOrder() throws Exception {
    link.setLatency(LATENCY);
    try (Socket near = FarEnd.connect(link);
        Socket remote = far.accept()) {
      long[] sentNanos = new long[20];
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < sentNanos.length; i++) {
                  sentNanos[i] = System.nanoTime();
                  send(near, new byte[] {(byte) i});
                }
              });
      for (int i = 0; i < sentNanos.length; i++) {
        assertThat(remote.getInputStream().read()).isEqualTo(i);
        assertThat(System.nanoTime() - sentNanos[i]).isGreaterThanOrEqualTo(LATENCY.toNanos());
      }
      sent.join();

      long askedNanos = System.nanoTime();
      near.getOutputStream().write(1);
      remote.getOutputStream().write(remote.getInputStream().read());
      assertThat(near.getInputStream().read()).isEqualTo(1);
      assertThat(System.nanoTime() - askedNanos).isGreaterThanOrEqualTo(2 * LATENCY.toNanos());
    }
  }

  @Test
  void shouldDelayEndOfStreamAsAllElse() throws Exception {
    link.setLatency(LATENCY);
    try (Socket near = FarEnd.connect(link);
        Socket remote = far.accept()) {
      long endedNanos = System.nanoTime();
      remote.shutdownOutput();
      assertThat(near.getInputStream().read()).isEqualTo(-1);
      assertThat(System.nanoTime() - endedNanos).isGreaterThanOrEqualTo(LATENCY.toNanos());
    }
  }

  @Test
  void shouldDeliverAtOnceWhatWaitsWhenLatencyIsTakenAway() throws Exception {
    link.setLatency(Duration.ofHours(1));
    try (Socket near = FarEnd.connect(link);
        Socket remote = far.accept()) {
      near.getOutputStream().write(random(5_000, 4));
      near.shutdownOutput();
      link.setLatency(Duration.ZERO);
      assertThat(remote.getInputStream().readAllBytes()).isEqualTo(random(5_000, 4));
    }
  }

  // --- Rate ---

  @Test
  void shouldNotPassMoreThanRateAndMostOfIt() throws Exception {
    int rate = 40_000;
    link.setBytesPerSecond(rate);
    try (Socket near = FarEnd.connect(link);
        Socket remote = far.accept()) {
      long begunNanos = System.nanoTime();
      CompletableFuture<Void> sent = sendSoon(near, new byte[30_000]);
      byte[] buffer = new byte[30_000];
      int arrived = 0;
      while (arrived < buffer.length) {
        arrived += remote.getInputStream().read(buffer);
        double seconds = (System.nanoTime() - begunNanos) / 1e9;
        assertThat(arrived).isLessThanOrEqualTo((int) (rate * seconds) + 1);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begunNanos))
          .isLessThan(Duration.ofSeconds(4));
      sent.join();
    }
  }

  @Test
  void shouldShareRateBetweenConnections() throws Exception {
    int rate = 40_000;
    link.setBytesPerSecond(rate);
    try (Socket first = FarEnd.connect(link);
        Socket remoteOfFirst = far.accept();
        Socket second = FarEnd.connect(link);
        Socket remoteOfSecond = far.accept()) {
      long begunNanos = System.nanoTime();
      CompletableFuture<Void> sent =
          CompletableFuture.allOf(
              sendSoon(first, new byte[10_000]), sendSoon(second, new byte[10_000]));
      receive(remoteOfFirst, 10_000);
      receive(remoteOfSecond, 10_000);
      assertThat((System.nanoTime() - begunNanos) / 1e9 * rate).isGreaterThanOrEqualTo(20_000);
      sent.join();
    }
  }

  @Test
  void shouldSendRestAtOnceWhenRateIsTakenAway() throws Exception {
    link.setBytesPerSecond(1);
    try (Socket near = FarEnd.connect(link);
        Socket remote = far.accept()) {
      near.getOutputStream().write(random(10_000, 5));
      link.setBytesPerSecond(NetworkLink.UNLIMITED);
      assertThat(receive(remote, 10_000)).isEqualTo(random(10_000, 5));
    }
  }

  // --- Bounds ---

  @Test
  void shouldHoldBackSenderWhenBoundIsReached() throws Exception {
    link.setLatency(Duration.ofHours(1));
    try (SocketChannel near = SocketChannel.open()) {
      near.socket().setSendBufferSize(32 << 10);
      near.connect(new java.net.InetSocketAddress(link.uri().getHost(), link.uri().getPort()));
      try (Socket remote = far.accept()) {
        long taken = fill(near);
        // Beside what the link holds, the system holds a little at either end of one connection.
        assertThat(taken)
            .isBetween(Flow.MOST_UNDER_WAY_BYTES / 2L, Flow.MOST_UNDER_WAY_BYTES + 512L * 1024);

        link.setLatency(Duration.ZERO);
        near.shutdownOutput();
        assertThat(remote.getInputStream().readAllBytes()).hasSize((int) taken);
      }
    }
  }

  /** Sends until the link has had its fill and takes no more, and returns how much it took. */
  private static long fill(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    ByteBuffer piece = ByteBuffer.allocate(8 << 10);
    long taken = 0;
    long takenAtNanos = System.nanoTime();
    while (taken < Flow.MOST_UNDER_WAY_BYTES / 2L
        || System.nanoTime() - takenAtNanos < TimeUnit.MILLISECONDS.toNanos(300)) {
      int written = channel.write(piece.clear());
      if (written > 0) {
        taken += written;
        takenAtNanos = System.nanoTime();
      } else {
        Thread.onSpinWait();
      }
    }
    channel.configureBlocking(true);
    return taken;
  }

  // --- Cut ---

  @Test
  void shouldCloseAtOnceAndRefuseWhenCut() throws Exception {
    link.setLatency(Duration.ofHours(1));
    try (Socket near = FarEnd.connect(link);
        Socket remote = far.accept()) {
      near.getOutputStream().write(1);
      link.cut();

      assertThat(link.cable()).isEqualTo(Cable.CUT);
      assertThatThrownBy(() -> near.getInputStream().read()).isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> remote.getInputStream().read()).isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> FarEnd.connect(link)).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void shouldPassAgainAtSameAddressWhenMended() throws Exception {
    for (int i = 0; i < 20; i++) {
      link.cut();
      link.mend();
      assertThat(link.cable()).isEqualTo(Cable.WHOLE);
      try (Socket near = FarEnd.connect(link);
          Socket remote = far.accept()) {
        near.getOutputStream().write(i);
        assertThat(remote.getInputStream().read()).isEqualTo(i);
      }
    }
  }

  @Test
  void shouldRefuseWhileRelayDoesNotListenUnlessUnplugged() throws Exception {
    link.setRelayListening(false);
    assertThatThrownBy(() -> FarEnd.connect(link)).isInstanceOf(ConnectException.class);

    link.unplug();
    FarEnd.connect(link).close();

    link.mend();
    assertThatThrownBy(() -> FarEnd.connect(link)).isInstanceOf(ConnectException.class);

    link.setRelayListening(true);
    try (Socket near = FarEnd.connect(link);
        Socket remote = far.accept()) {
      remote.getOutputStream().write(9);
      assertThat(near.getInputStream().read()).isEqualTo(9);
    }
  }

  // --- Unplugged ---

  @Test
  void shouldPassNothingAndTellNobodyWhileUnplugged() throws Exception {
    try (Socket near = FarEnd.connect(link);
        Socket remote = far.accept()) {
      near.getOutputStream().write(1);
      assertThat(remote.getInputStream().read()).isEqualTo(1);
      link.unplug();
      near.getOutputStream().write(2);
      remote.getOutputStream().write(3);
      remote.shutdownOutput();

      assertSilent(near);
      assertSilent(remote);

      link.mend();
      assertThat(remote.getInputStream().read()).isEqualTo(2);
      assertThat(near.getInputStream().readAllBytes()).containsExactly(3);
    }
  }

  @Test
  void shouldNotTellWhileUnpluggedThatOneEndIsGone() throws Exception {
    try (Socket near = FarEnd.connect(link)) {
      Socket remote = far.accept();
      remote.getOutputStream().write(1);
      assertThat(near.getInputStream().read()).isEqualTo(1);
      link.unplug();
      Sockets.reset(remote);
      assertSilent(near);
      link.mend();
      assertThatThrownBy(() -> near.getInputStream().read()).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void shouldLeaveNewConnectionsUnansweredWhileUnplugged() throws Exception {
    link.unplug();
    try (Socket near = FarEnd.connect(link)) {
      near.getOutputStream().write(4);
      far.assertNobodyComes();
      link.mend();
      try (Socket remote = far.accept()) {
        assertThat(remote.getInputStream().read()).isEqualTo(4);
      }
    }
  }

  private static void assertSilent(Socket socket) throws IOException {
    int patience = socket.getSoTimeout();
    socket.setSoTimeout(200);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(patience);
  }

  // --- Its end ---

  @Test
  void shouldLeaveNoThreadAndNoConnectionWhenClosed() throws Exception {
    try (Socket busy = FarEnd.connect(link);
        Socket remoteOfBusy = far.accept();
        Socket idle = FarEnd.connect(link);
        Socket remoteOfIdle = far.accept()) {
      remoteOfBusy.getOutputStream().write(1);
      remoteOfIdle.getOutputStream().write(1);
      assertThat(busy.getInputStream().read() + idle.getInputStream().read()).isEqualTo(2);
      assertThat(threads()).isEqualTo(9);
      link.setLatency(Duration.ofHours(1));
      link.setBytesPerSecond(1);
      busy.getOutputStream().write(random(10_000, 6));
      link.unplug();
      Socket waiting = FarEnd.connect(link);

      link.close();
      link.close();

      assertThat(threads()).isZero();
      for (Socket socket : new Socket[] {busy, remoteOfBusy, idle, remoteOfIdle, waiting}) {
        assertThatThrownBy(() -> socket.getInputStream().read())
            .isInstanceOf(SocketException.class);
      }
      waiting.close();
      assertThatThrownBy(() -> FarEnd.connect(link)).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void shouldLeaveNoThreadOfConnectionsThatAreOver() throws Exception {
    for (int i = 0; i < 10; i++) {
      try (Socket near = FarEnd.connect(link);
          Socket remote = far.accept()) {
        near.shutdownOutput();
        assertThat(remote.getInputStream().read()).isEqualTo(-1);
        remote.shutdownOutput();
        assertThat(near.getInputStream().read()).isEqualTo(-1);
      }
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (threads() > 1) {
      assertThat(System.nanoTime()).as("only the acceptor is left").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("weft-network-"))
        .count();
  }

  // --- Bytes ---

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static CompletableFuture<Void> sendSoon(Socket socket, byte[] bytes) {
    return CompletableFuture.runAsync(() -> send(socket, bytes));
  }

  private static void send(Socket socket, byte[] bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] receive(Socket socket, int length) {
    try {
      InputStream in = socket.getInputStream();
      return in.readNBytes(length);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
