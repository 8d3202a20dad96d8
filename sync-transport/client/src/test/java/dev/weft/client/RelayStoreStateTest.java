package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.Workshop.Device;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.RelayMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the relay says of its store is shown; how long users wait is told to the relay. */
class RelayStoreStateTest {
  private static final RelayMessage FAILING =
      new RelayMessage.StoreState(false, Codes.STORE_UNAVAILABLE, "the disk is full");

  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void setUp() {
    workshop = new Workshop(directory, 61);
  }

  private static boolean isShown(Device device) {
    return device.text.status().degradations().contains(Degradation.RELAY_STORE_UNAVAILABLE);
  }

  @Test
  void shouldShowThatTheRelayCannotStoreUntilItCan() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    assertThat(isShown(ann)).isFalse();

    workshop.relay.sendToAll(FAILING);
    workshop.await("it is shown", () -> isShown(ann));
    assertThat(ann.text.status().connection()).isEqualTo(Connection.LIVE);
    assertThat(ann.text.status().describe()).contains("the relay cannot store");

    workshop.relay.sendToAll(RelayMessage.StoreState.AVAILABLE);
    workshop.await("it is over", () -> !isShown(ann));
  }

  /** Another relay, or the same one, says so itself where it is still so. */
  @Test
  void shouldForgetWithTheConnectionWhatWasSaidOnIt() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.relay.sendToAll(FAILING);
    workshop.await("it is shown", () -> isShown(ann));

    workshop.relay.cut("cut");
    workshop.await("it is not shown", () -> !isShown(ann));
    ann.awaitLive();

    assertThat(isShown(ann)).isFalse();
  }

  @Test
  void shouldReportHowLongKeystrokesAndSavesTakeButNotAllTheTime() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    for (int i = 0; i < 30; i++) {
      ann.text.insert(0, "a");
      workshop.await(ann.text.save());
      workshop.run(Duration.ofSeconds(1));
    }

    List<ClientMessage.Report> reports =
        workshop.relay.received.stream()
            .filter(ClientMessage.Report.class::isInstance)
            .map(ClientMessage.Report.class::cast)
            .toList();
    assertThat(reports).hasSizeBetween(2, 4);
    // There and back takes up to 5 ms each in this model, behind 2 ms for the device's disk, twice.
    assertThat(reports.stream().flatMap(each -> each.keystrokeMicros().stream()))
        .hasSizeGreaterThan(10)
        .allMatch(micros -> micros > 0 && micros <= 11_000);
    assertThat(reports.stream().flatMap(each -> each.saveMicros().stream()))
        .hasSizeGreaterThan(15)
        .allMatch(micros -> micros > 2_000 && micros <= 200_000);
  }

  @Test
  void shouldReportNothingWhereNobodyHasWaited() {
    WaitingTimes times = new WaitingTimes();
    assertThat(times.take(0)).isNull();
    times.keystroke(Duration.ofMillis(3).toNanos());
    ClientMessage.Report report = times.take(0);
    assertThat(report).isEqualTo(new ClientMessage.Report(List.of(3_000), List.of()));
    assertThat(times.take(Duration.ofMinutes(1).toNanos())).isNull();
  }

  @Test
  void shouldKeepNoMoreTimesThanAReportHolds() {
    WaitingTimes times = new WaitingTimes();
    for (int i = 0; i < 1_000; i++) {
      times.save(Long.MAX_VALUE);
    }
    ClientMessage.Report report = Objects.requireNonNull(times.take(0));
    assertThat(report.saveMicros())
        .hasSize(ClientMessage.MAX_REPORTED_TIMES)
        .containsOnly(Integer.MAX_VALUE);
  }
}
