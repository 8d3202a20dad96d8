package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the system does with those who come all at once, before the relay hears of them. */
class StormTest {
  /** Linux's counters of TCP: names in one line, values in the next. */
  private static final Path COUNTERS = Path.of("/proc/net/netstat");

  private static final int AT_ONCE = 400;

  /** The system counts those of all that run on it together: some may be others'. */
  private static final int TRIES = 3;

  @TempDir private Path directory;

  @Test
  void shouldLetNobodyAskTwiceWhoComesWithManyOthers() throws Exception {
    assumeTrue(Files.isReadable(COUNTERS), "the system does not tell whom it did not answer");
    try (TestRelay relay = TestRelay.start(directory)) {
      InetSocketAddress address =
          new InetSocketAddress(relay.server.uri().getHost(), relay.server.port());
      long least = Long.MAX_VALUE;
      for (int i = 0; i < TRIES && least > 0; i++) {
        Eventually.holds(() -> relay.server.sockets() == 0, relay.server::sockets);
        long before = leftOut();
        storm(address);
        least = Math.min(least, leftOut() - before);
      }
      assertThat(least).as("connections that were not answered").isZero();
    }
  }

  private static void storm(InetSocketAddress address) throws IOException {
    List<SocketChannel> all = new ArrayList<>();
    try {
      for (int i = 0; i < AT_ONCE; i++) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(address);
        all.add(channel);
      }
      for (SocketChannel each : all) {
        each.configureBlocking(true);
        assertThat(each.finishConnect()).isTrue();
      }
    } finally {
      for (SocketChannel each : all) {
        each.close();
      }
    }
  }

  /** Returns how many connections the system has not answered because too many waited. */
  private static long leftOut() throws IOException {
    List<String[]> lines =
        Files.readAllLines(COUNTERS).stream()
            .filter(line -> line.startsWith("TcpExt:"))
            .map(line -> line.split(" "))
            .toList();
    return Long.parseLong(lines.get(1)[Arrays.asList(lines.get(0)).indexOf("ListenOverflows")]);
  }
}
