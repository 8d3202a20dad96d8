package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.Workshop.Device;
import dev.weft.protocol.ClientMessage;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What takes longer to come than a client waits for an answer that is lost, in virtual time. */
class SlowAnswerTest {
  private static final int PAGE = 100_000;

  @TempDir Path directory;
  private Workshop workshop;
  private Device ann;

  /** A page that a link of 3 kB a second takes half a minute for. */
  @BeforeEach
  void write() {
    workshop = new Workshop(directory, 43);
    ann = workshop.device("ann");
    ann.awaitLive();
    ann.text.insert(0, page());
    workshop.await(ann.text.delivered());
    workshop.relay.bytesPerSecond = 3_000;
    workshop.relay.received.clear();
  }

  private String page() {
    StringBuilder page = new StringBuilder();
    while (page.length() < PAGE) {
      page.append((char) ('!' + workshop.random.nextInt(90)));
    }
    return page.toString();
  }

  private long opens() {
    return workshop.relay.received.stream().filter(ClientMessage.Open.class::isInstance).count();
  }

  @Test
  void shouldAskOnceForWhatTakesLongToCome() {
    Device bob = workshop.device("bob");

    bob.awaitLive();

    assertThat(bob.text.text()).isEqualTo(ann.text.text());
    assertThat(opens()).isOne();
    ann.text.insert(0, "news");
    workshop.run(Duration.ofSeconds(1));
    assertThat(bob.text.length()).isEqualTo(PAGE + 4);
  }

  /** What the relay says of what is durable comes behind it. */
  @Test
  void shouldNotAskWhatIsDurableWhileTheAnswerIsOnItsWay() {
    workshop.relay.bytesPerSecond = 1_000;
    Device bob = workshop.device("bob");
    workshop.await("asked", () -> opens() > 0);
    bob.text.insert(0, "mine");

    workshop.await(bob.text.delivered());

    assertThat(opens()).isOne();
  }

  @Test
  void shouldNotCallATextFreshWhoseNewsWaitBehindAPage() {
    Device bob = workshop.device("bob");
    bob.awaitLive();
    workshop.run(Duration.ofSeconds(10));
    ann.text.insert(0, page());
    workshop.run(Duration.ofSeconds(1));
    ann.text.insert(0, "news");

    workshop.run(Duration.ofSeconds(10));

    assertThat(bob.text.status().connection()).isEqualTo(Connection.LIVE);
    assertThat(bob.text.status().freshness()).isEqualTo(Freshness.STALE);
    workshop.await("news", () -> bob.text.length() == 2 * PAGE + 4);
    workshop.run(Duration.ofSeconds(1));
    assertThat(bob.text.status().freshness()).isEqualTo(Freshness.FRESH);
    assertThat(workshop.relay.connections()).isEqualTo(2);
    assertThat(opens()).isOne();
  }
}
