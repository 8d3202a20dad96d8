package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.Workshop.Device;
import dev.weft.protocol.RelayMessage;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a client connects when its relay stops, and when its network changes. */
class RouteTest {
  private static final String FIRST = "ws://first.example/v1/sync";
  private static final String SECOND = "ws://second.example/v1/sync";

  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void setUp() {
    workshop = new Workshop(directory, 23);
  }

  private void drain(String... relays) {
    workshop.relay.sendToAll(
        new RelayMessage.Drain("an upgrade", 5_000, 100, 1_000, List.of(relays)));
    workshop.run(Duration.ofMillis(500));
    workshop.relay.cut("the relay is stopping");
  }

  @Test
  void shouldMoveToTheFirstRelayThatAnswersAndComeHomeLater() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.relay.knowsAddress = address -> !address.equals(URI.create(FIRST));
    workshop.relay.asked.clear();

    drain(FIRST, SECOND);
    ann.text.insert(0, "written while it moved");
    workshop.await("moved", () -> ann.text.status().unsentChanges() == 0);
    assertThat(workshop.relay.asked).containsExactly(URI.create(FIRST), URI.create(SECOND));

    workshop.relay.cut("a cable was pulled");
    workshop.run(Duration.ofSeconds(1));
    ann.awaitLive();
    assertThat(workshop.relay.asked.get(2)).isEqualTo(ModelRelay.ADDRESS);
  }

  @Test
  void shouldComeBackWhenNoneOfTheOthersAnswers() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.relay.knowsAddress = ModelRelay.ADDRESS::equals;

    drain(FIRST, SECOND);
    workshop.await("gone", () -> ann.text.status().connection() == Connection.OFFLINE);

    ann.awaitLive();
    assertThat(workshop.relay.asked).endsWith(ModelRelay.ADDRESS);
  }

  @Test
  void shouldPassOverWhatIsNoAddressOfARelay() {
    Route route = new Route(URI.create("wss://home.example/v1/sync"));

    route.moveTo(
        List.of("http://a.example", "wss:nowhere", "::", "ws://plain.example", "wss://b.example"));

    assertThat(route.next()).isEqualTo(URI.create("wss://b.example"));
    assertThat(route.next()).isEqualTo(URI.create("wss://home.example/v1/sync"));
  }

  @Test
  void shouldConnectAtOnceWhenTheNetworkIsBack() {
    workshop.relay.reachable = false;
    Device ann = workshop.device("ann");
    workshop.run(Duration.ofMinutes(10));
    workshop.relay.reachable = true;

    ann.client.networkChanged();
    workshop.run(Duration.ofMillis(100));

    assertThat(ann.text.status().connection()).isEqualTo(Connection.LIVE);
  }

  @Test
  void shouldGiveUpAConnectionOfWhichNothingIsHeardSinceTheNetworkChanged() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.run(Duration.ofSeconds(1));
    workshop.relay.silent = true;

    ann.client.networkChanged();
    workshop.run(Duration.ofMillis(1_900));
    assertThat(ann.text.status().connection()).isEqualTo(Connection.LIVE);
    List<String> reasons = new ArrayList<>();
    ann.text.onStatus(status -> reasons.add(status.reason()));
    workshop.run(Duration.ofMillis(200));

    assertThat(reasons).contains("nothing was heard since the network changed");
    workshop.relay.silent = false;
    ann.awaitLive();
  }

  @Test
  void shouldKeepAConnectionThatAnswersAfterTheNetworkChanged() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.relay.asked.clear();

    for (int i = 0; i < 20; i++) {
      ann.client.networkChanged();
      workshop.run(Duration.ofMillis(300));
    }
    workshop.run(Duration.ofSeconds(5));

    assertThat(workshop.relay.asked).isEmpty();
    assertThat(ann.text.status().connection()).isEqualTo(Connection.LIVE);
  }

  @Test
  void shouldStayOfflineOnPurposeWhateverTheNetworkDoes() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.client.disconnect();
    workshop.relay.asked.clear();

    ann.client.networkChanged();
    workshop.run(Duration.ofMinutes(1));

    assertThat(workshop.relay.asked).isEmpty();
  }
}
