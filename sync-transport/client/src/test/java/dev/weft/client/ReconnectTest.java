package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.Workshop.Device;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DocumentId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections that are refused, lost, drained and made again, against a model relay, in virtual
 * time.
 */
class ReconnectTest {
  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void setUp() {
    workshop = new Workshop(directory, 7);
  }

  @Test
  void shouldStayRefusedUntilAskedWhenTheRelayRefusesTheConnectionForGood() {
    workshop.relay.refuseHello = Refusal.forGood(Codes.UNAUTHORISED, "who are you?");
    Device ann = workshop.device("ann");
    ann.text.insert(0, "x");
    CompletableFuture<SaveReceipt> receipt = ann.text.save();
    workshop.await("refused", () -> ann.text.status().connection() == Connection.REFUSED);
    assertThat(ann.text.status().describe()).startsWith("refused (who are you?)");
    assertThat(workshop.awaitFailure(receipt)).isInstanceOf(SaveRefusedException.class);
    workshop.run(Duration.ofMinutes(10));
    assertThat(workshop.relay.received).hasSize(1);

    workshop.relay.refuseHello = null;
    ann.client.reconnect();
    workshop.await(ann.text.delivered());
  }

  @Test
  void shouldBeStaleThenReconnectWhenTheRelayFallsSilent() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.relay.silent = true;
    workshop.run(Duration.ofSeconds(4));
    assertThat(ann.text.status().freshness()).isEqualTo(Freshness.FRESH);
    workshop.run(Duration.ofMillis(3_500));
    assertThat(ann.text.status().freshness()).isEqualTo(Freshness.STALE);
    assertThat(ann.text.status().describe()).contains("stale: may be 7 s behind");
    workshop.await("given up", () -> ann.text.status().connection() != Connection.LIVE);
    assertThat(ann.text.status().sinceHeard()).isLessThan(Duration.ofSeconds(20));
    workshop.relay.silent = false;
    ann.awaitLive();
    assertThat(ann.text.status().freshness()).isEqualTo(Freshness.FRESH);
  }

  @Test
  void shouldSayThatTheRelayStopsAndComeBackWhenItDrains() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.relay.sendToAll(
        new RelayMessage.Drain("a new version comes", 2_000, 1_000, 500, List.of()));
    workshop.await("told", () -> ann.text.status().connection() == Connection.DRAINING);
    ann.text.insert(0, "still goes");
    workshop.await(ann.text.delivered());
    workshop.relay.cut("the relay closed the connection");
    workshop.await("offline", () -> ann.text.status().connection() == Connection.OFFLINE);
    workshop.run(Duration.ofMillis(900));
    assertThat(workshop.relay.connections()).isZero();
    ann.awaitLive();
  }

  @Test
  void shouldNotClaimThatEditsGoWhenATextIsOpenedWhileTheRelayDrains() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.relay.sendToAll(
        new RelayMessage.Drain("a new version comes", 60_000, 100, 0, List.of()));
    workshop.await("told", () -> ann.text.status().connection() == Connection.DRAINING);
    SharedText other = ann.client.open(new DocumentId("other"));
    workshop.run(Duration.ofSeconds(5));
    other.insert(0, "abc");
    workshop.run(Duration.ofSeconds(5));

    assertThat(workshop.relay.version("other").isEmpty()).isTrue();
    assertThat(other.status().describe())
        .isEqualTo("catching up (a new version comes), 3 changes waiting on this device");
  }

  @Test
  void shouldNotComeBackWithoutPauseToARelayThatDrains() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    long tenMillis = Duration.ofMillis(10).toNanos();
    RelayMessage drain = new RelayMessage.Drain("a new version comes", 0, 0, 0, List.of());
    workshop.relay.lost =
        message -> {
          if (message instanceof RelayMessage.Welcome) {
            workshop.time.at(tenMillis, () -> workshop.relay.sendToAll(drain));
            workshop.time.at(2 * tenMillis, () -> workshop.relay.cut("draining"));
          }
          return false;
        };
    workshop.relay.asked.clear();
    workshop.relay.cut("a cable was pulled");
    workshop.run(Duration.ofMinutes(1));

    assertThat(workshop.relay.asked).hasSizeBetween(3, 40);
  }

  @Test
  void shouldComeBackSpreadOutWhenTheRelayIsAwayForLong() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.relay.reachable = false;
    workshop.relay.cut("the connection was cut");
    workshop.run(Duration.ofMinutes(5));
    workshop.relay.reachable = true;
    assertThat(
            workshop.time.runUntil(
                Duration.ofSeconds(11).toNanos(),
                () -> ann.text.status().connection() == Connection.LIVE))
        .isTrue();
  }

  @Test
  void shouldShowThatItConnectsAsSoonAsATextIsOpen() {
    workshop.relay.ignored = message -> true;
    Device ann = workshop.device("ann");
    workshop.await("told", () -> ann.text.status().connection() == Connection.CONNECTING);
    workshop.await("given up", () -> ann.text.status().connection() == Connection.OFFLINE);
    assertThat(ann.text.status().reason()).isEqualTo("the relay did not answer within 10 s");
  }

  @Test
  void shouldSayThatItsOwnNameIsTooLong() {
    Device ann = workshop.device("ann", builder -> builder.agent("x".repeat(300)));
    workshop.await("refused", () -> ann.text.status().connection() == Connection.REFUSED);
    assertThat(ann.text.status().reason())
        .isEqualTo(
            "this client cannot introduce itself: agent must have at most 256 bytes, bytes=300");
    workshop.run(Duration.ofMinutes(1));
    assertThat(workshop.relay.asked).hasSize(1);
  }

  @Test
  void shouldTellHowSoonItTriesAgainWhileItWaitsForThat() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    assertThat(ann.text.status().nextAttempt()).isNull();
    workshop.relay.reachable = false;
    workshop.relay.cut("the connection was cut");
    workshop.run(Duration.ofMinutes(1));
    workshop.await("offline", () -> ann.text.status().connection() == Connection.OFFLINE);

    Duration left = Objects.requireNonNull(ann.text.status().nextAttempt());
    assertThat(left).isPositive();
    int asked = workshop.relay.asked.size();
    workshop.run(left.minusMillis(1));
    assertThat(ann.text.status().nextAttempt()).isEqualTo(Duration.ofMillis(1));
    assertThat(workshop.relay.asked).hasSize(asked);
    workshop.run(Duration.ofMillis(2));
    assertThat(workshop.relay.asked).hasSizeGreaterThan(asked);

    ann.client.disconnect();
    workshop.await("told", () -> ann.text.status().reason().contains("on purpose"));
    assertThat(ann.text.status().nextAttempt()).isNull();
  }
}
