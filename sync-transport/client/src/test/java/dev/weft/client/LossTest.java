package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.Workshop.Device;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DocumentId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is lost on the way or at the relay is noticed and sent again, in virtual time. */
class LossTest {
  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void setUp() {
    workshop = new Workshop(directory, 7);
  }

  @Test
  void shouldAskAgainWhenTheAnswerToASaveIsLost() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.relay.ignored =
        message ->
            message instanceof ClientMessage.Save
                && workshop.relay.received(ClientMessage.Save.class).size() == 1;
    ann.text.insert(0, "x");
    workshop.await(ann.text.save());
    assertThat(workshop.relay.received(ClientMessage.Save.class))
        .hasSize(2)
        .extracting(ClientMessage.Save::id)
        .containsOnly(workshop.relay.received(ClientMessage.Save.class).get(0).id());
    assertThat(workshop.relay.connections()).isEqualTo(1);
  }

  @Test
  void shouldAskAgainWhenTheAnswerToOpenIsLost() {
    workshop.relay.ignored =
        message ->
            message instanceof ClientMessage.Open
                && workshop.relay.received(ClientMessage.Open.class).size() == 1;
    Device ann = workshop.device("ann");
    ann.awaitLive();
    assertThat(workshop.relay.received(ClientMessage.Open.class).size()).isEqualTo(2);
    assertThat(workshop.relay.connections()).isEqualTo(1);
  }

  @Test
  void shouldLearnWhatIsDurableWhenTheWatermarkIsLost() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.relay.lost = message -> message instanceof RelayMessage.Durable;
    ann.text.insert(0, "x");
    workshop.await(ann.text.delivered());
    assertThat(workshop.relay.connections()).isEqualTo(1);
  }

  @Test
  void shouldLearnWhatIsDurableHoweverOftenOthersAreShown() {
    Device ann = workshop.device("ann");
    Device bob = workshop.device("bob");
    ann.awaitLive();
    bob.awaitLive();
    bob.text.presence().show("Bob", 0);
    workshop.relay.lost = message -> message instanceof RelayMessage.Durable;
    ann.text.insert(0, "x");
    workshop.await(ann.text.delivered());
    assertThat(workshop.relay.connections()).isEqualTo(2);
  }

  @Test
  void shouldFindTheGapWhenAllThatTellsOfItIsLost() {
    Device ann = workshop.device("ann");
    Device bob = workshop.device("bob");
    ann.awaitLive();
    bob.awaitLive();
    workshop.run(Duration.ofSeconds(10));
    workshop.relay.lost =
        message -> message instanceof RelayMessage.Edits || message instanceof RelayMessage.Durable;
    ann.text.insert(0, "x");
    workshop.await("arrived", () -> bob.text.length() == 1);
    assertThat(workshop.relay.connections()).isEqualTo(2);
  }

  @Test
  void shouldFillTheGapWhenEditsAreLostOnTheWay() {
    Device ann = workshop.device("ann");
    Device bob = workshop.device("bob");
    ann.awaitLive();
    bob.awaitLive();
    workshop.relay.lossOfEdits = 1;
    ann.text.insert(0, "lost at first");
    workshop.run(Duration.ofMillis(500));
    assertThat(workshop.relay.version("notes").isEmpty()).isTrue();
    workshop.relay.lossOfEdits = 0;
    workshop.await("arrived", () -> bob.text.text().equals("lost at first"));
    assertThat(ann.client).isNotNull();
    assertThat(workshop.relay.connections()).isEqualTo(2);
  }

  @Test
  void shouldSendAgainWhatTheRelaySaysThatItLacksThoughItHadIt() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.text.insert(0, "abc");
    workshop.await(ann.text.delivered());
    int before = workshop.relay.received(ClientMessage.Edits.class).size();

    workshop.relay.sendToAll(new RelayMessage.Resend(1, VersionVector.EMPTY));
    workshop.run(Duration.ofSeconds(1));

    assertThat(workshop.relay.received(ClientMessage.Edits.class)).hasSize(before + 1);
  }

  @Test
  void shouldBringTheRelayWhatOthersWroteWhenItHasLostIt() {
    Device ann = workshop.device("ann");
    Device bob = workshop.device("bob");
    workshop.relay.writeBehindNanos = Duration.ofHours(1).toNanos();
    ann.awaitLive();
    bob.awaitLive();
    ann.text.insert(0, "by ann");
    workshop.await("seen", () -> bob.text.length() == 6);
    workshop.relay.reachable = false;
    workshop.relay.crash();
    ann.close();
    workshop.relay.reachable = true;
    workshop.await("restored", () -> workshop.relay.version("notes").equals(bob.text.version()));
    assertThat(workshop.relay.version("notes").isEmpty()).isFalse();
  }

  /** One message is lost, once; in another text somebody types a letter every 20 s. */
  @Test
  void shouldLearnWhatIsDurableHoweverOftenAnotherTextIsEdited() {
    Device ann = workshop.device("ann");
    Device bob = workshop.device("bob");
    ann.awaitLive();
    bob.awaitLive();
    SharedText poem = ann.client.open(new DocumentId("poem"));
    workshop.await("live", () -> poem.status().connection() == Connection.LIVE);
    poem.insert(0, "x");
    workshop.relay.lost = message -> message instanceof RelayMessage.Durable;
    workshop.run(Duration.ofSeconds(2));
    workshop.relay.lost = message -> false;
    CompletableFuture<?> delivered = poem.delivered();
    assertThat(delivered).isNotDone();

    for (int i = 0; i < 6; i++) {
      bob.text.insert(0, "b");
      workshop.run(Duration.ofSeconds(20));
    }

    assertThat(delivered).as(poem::toString).isDone();
  }
}
