package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.RelayMessage;
import io.micrometer.core.instrument.Timer;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients report of the times that people wait, which alerts go by. */
class ReportsTest {
  private static final List<Integer> HOURS = Collections.nCopies(256, Integer.MAX_VALUE);

  @TempDir Path directory;

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
  void shouldCountNoReportBeforeTheClientIsAdmitted() {
    Doorkeeper door = new Doorkeeper();
    try (SteppedHub hub =
        new SteppedHub(directory, door, RelayTimes.DEFAULT, RelayBounds.DEFAULT)) {
      Line line = hub.connect();
      line.say(Polls.hello("t1"));
      line.push(new ClientMessage.Report(HOURS, HOURS));
      hub.settle();
      assertThat(keystrokes(hub).count()).isZero();
      assertThat(saves(hub).count()).isZero();
      door.answer("t1", Identity.ofWriter("ada"));
      hub.settle();
      line.hear(RelayMessage.Welcome.class);
      assertThat(keystrokes(hub).count()).isZero();

      line.say(new ClientMessage.Report(HOURS, HOURS));

      assertThat(keystrokes(hub).count()).isEqualTo(256);
      assertThat(saves(hub).count()).isEqualTo(256);
    }
  }

  @Test
  void shouldCountOneReportOfAConnectionInHalfTheTimeBetweenThem() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.greet();
      Line other = hub.greet();
      report(line);
      report(line);
      assertThat(keystrokes(hub).count()).isOne();
      report(other);
      assertThat(keystrokes(hub).count()).isEqualTo(2);
      hub.advance(Duration.ofMillis(4_999));
      report(line);
      assertThat(keystrokes(hub).count()).isEqualTo(2);

      hub.advance(Duration.ofMillis(1));
      report(line);
      report(line);

      assertThat(keystrokes(hub).count()).isEqualTo(3);
      assertThat(saves(hub).count()).isEqualTo(6);
      // It is traffic as any other all the same.
      assertThat(hub.meters.get("weft.frames.received").tag("kind", "other").counter().count())
          .isEqualTo(2 + 6);
      line.hearNothing();
    }
  }

  @Test
  void shouldCountNoTimeForLongerThanTheLongestBucket() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.greet();
      line.say(new ClientMessage.Report(List.of(Integer.MAX_VALUE, 29_000_000), HOURS));
      hub.settle();

      assertThat(keystrokes(hub).totalTime(TimeUnit.MILLISECONDS)).isBetween(59_000.0, 59_000.1);
      assertThat(keystrokes(hub).max(TimeUnit.MILLISECONDS)).isBetween(30_000.0, 30_000.1);
      assertThat(saves(hub).totalTime(TimeUnit.SECONDS)).isBetween(256 * 30.0, 256 * 30.1);
      // It was longer, and is counted so.
      assertThat(BucketCounts.of(keystrokes(hub)).longerThan(Duration.ofSeconds(30))).isOne();
      assertThat(BucketCounts.of(saves(hub)).longerThan(Duration.ofSeconds(30))).isEqualTo(256);
    }
  }

  private static void report(Line line) {
    line.say(new ClientMessage.Report(List.of(1_000), List.of(2_000, 3_000)));
  }

  private static Timer keystrokes(SteppedHub hub) {
    return hub.meters.get("weft.client.keystrokes").timer();
  }

  private static Timer saves(SteppedHub hub) {
    return hub.meters.get("weft.client.saves").timer();
  }
}
