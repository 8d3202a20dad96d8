package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.Workshop.Device;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts that the relay does not open, and identities that two devices have, in virtual time. */
class RefusedTextTest {
  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void setUp() {
    workshop = new Workshop(directory, 7);
  }

  @Test
  void shouldRefuseTheTextWhenTheRelayHoldsWhatThisDeviceNeverWrote() {
    Device ann = workshop.device("ann");
    Device bob = workshop.device("bob");
    ann.awaitLive();
    bob.awaitLive();
    TextDocument copied = TextDocument.create(ann.text.replica());
    copied.insert(0, "written by a copy of this device");
    workshop.relay.inject("notes", copied.ownChangesSince(0));
    ann.client.disconnect();
    ann.client.reconnect();
    workshop.await("refused", () -> ann.text.status().connection() == Connection.REFUSED);
    assertThat(ann.text.status().refusal())
        .extracting(Refusal::code)
        .isEqualTo(Codes.FORKED_IDENTITY);
    assertThat(workshop.awaitFailure(ann.text.caughtUp())).isInstanceOf(SaveRefusedException.class);
    bob.text.insert(0, "others go on");
    workshop.await(bob.text.delivered());
  }

  /** Before the relay says so: what another wrote comes after what was never written here. */
  @Test
  void shouldSayThatTwoWriteUnderItsNameWhenItFindsThatByItself() throws Exception {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.text.insert(0, "abc");
    workshop.await(ann.text.delivered());
    TextDocument copy = TextDocument.create(ann.text.replica());
    copy.insert(0, "xyz");
    TextDocument other = TextDocument.create(new ReplicaId(9));
    other.apply(copy.ownChangesSince(0));
    other.insert(3, "behind it");

    workshop.relay.sendToAll(
        new RelayMessage.Edits(1, Payload.of(other.ownChangesSince(0)), false, null));

    workshop.await("refused", () -> ann.text.status().connection() == Connection.REFUSED);
    assertThat(ann.text.status().refusal())
        .extracting(Refusal::code)
        .isEqualTo(Codes.FORKED_IDENTITY);
    ann.close();
    assertThat(workshop.device("ann").text.replica()).isNotEqualTo(ann.text.replica());
  }

  @Test
  void shouldCallAForkByItsNameThatTheRelayDidNotNotice() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    ann.text.insert(0, "own");
    workshop.await(ann.text.save());
    TextDocument copied = TextDocument.create(ann.text.replica());
    copied.insert(0, "copy, and more");

    workshop.relay.inject("notes", copied.ownChangesSince(3));

    workshop.await("refused", () -> ann.text.status().connection() == Connection.REFUSED);
    assertThat(ann.text.status().refusal())
        .extracting(Refusal::code)
        .isEqualTo(Codes.FORKED_IDENTITY);
    assertThat(ann.text.text()).isEqualTo("own");
  }

  @Test
  void shouldTakeANewIdWhenOthersTellWhatThisDeviceNeverWrote() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    TextDocument copied = TextDocument.create(ann.text.replica());
    copied.insert(0, "written by a copy of this device");
    ann.text.insert(0, "x");
    workshop.await(ann.text.save(Guarantee.DEVICE));

    workshop.relay.sendToAll(
        new RelayMessage.Edits(1, Payload.of(copied.ownChangesSince(0)), false, null));
    workshop.await("refused", () -> ann.text.status().connection() == Connection.REFUSED);

    assertThat(ann.text.status().refusal())
        .extracting(Refusal::code)
        .isEqualTo(Codes.FORKED_IDENTITY);
    ReplicaId forked = ann.text.replica();
    ann.close();
    assertThat(workshop.device("ann").text.replica()).isNotEqualTo(forked);
  }

  @Test
  void shouldTryRefusedTextAgainOnlyWhenAsked() {
    workshop.relay.refuseOpen = Refusal.forGood(Codes.UNAUTHORISED, "not yours");
    Device ann = workshop.device("ann");
    CompletableFuture<Connection> seenThen =
        ann.text.caughtUp().handle((done, thrown) -> ann.text.status().connection());
    assertThat(workshop.awaitFailure(ann.text.caughtUp())).isInstanceOf(SaveRefusedException.class);
    assertThat(seenThen).isCompletedWithValue(Connection.REFUSED);
    assertThat(ann.text.status().describe()).startsWith("refused (not yours)");
    workshop.relay.refuseOpen = null;
    workshop.run(Duration.ofMinutes(1));
    assertThat(ann.text.status().connection()).isEqualTo(Connection.REFUSED);
    ann.client.disconnect();
    ann.client.reconnect();
    workshop.run(Duration.ofSeconds(1));
    workshop.await(ann.text.caughtUp());
  }

  @Test
  void shouldWaitAnewToCatchUpWhenTheLinkIsLostWhileItAsksAgain() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.await(ann.text.caughtUp());
    workshop.relay.lost =
        message ->
            message instanceof RelayMessage.Durable || message instanceof RelayMessage.Opened;
    ann.text.insert(0, "x");
    int opens = workshop.relay.received(ClientMessage.Open.class).size();
    workshop.await(
        "asked again", () -> workshop.relay.received(ClientMessage.Open.class).size() > opens);
    workshop.relay.reachable = false;
    workshop.relay.cut("a cable was pulled");
    workshop.run(Duration.ofMinutes(10));

    CompletableFuture<Void> caughtUp = ann.text.caughtUp();
    assertThat(caughtUp).isNotDone();
    workshop.relay.lost = message -> false;
    workshop.relay.reachable = true;
    workshop.await(caughtUp);
    assertThat(ann.text.status().connection()).isEqualTo(Connection.LIVE);
  }

  @Test
  void shouldNotHaveCaughtUpWhenTheTextIsRefusedWhileItAsksAgain() {
    Device ann = workshop.device("ann");
    ann.awaitLive();
    workshop.relay.lost = message -> message instanceof RelayMessage.Durable;
    ann.text.insert(0, "x");
    workshop.relay.refuseOpen = Refusal.forGood(Codes.UNAUTHORISED, "not any more");
    workshop.await("refused", () -> ann.text.status().connection() == Connection.REFUSED);

    assertThat(workshop.awaitFailure(ann.text.caughtUp())).isInstanceOf(SaveRefusedException.class);
  }

  @Test
  void shouldOpenAgainByItselfWhenTheRelayRefusesATextForNow() {
    workshop.relay.refuseOpen = Refusal.forNow(Codes.OVERLOADED, "later", 700);
    Device ann = workshop.device("ann");
    workshop.run(Duration.ofSeconds(3));
    assertThat(ann.text.status().describe()).startsWith("catching up (later)");
    workshop.relay.refuseOpen = null;
    CompletableFuture<Connection> seenThen =
        ann.text.caughtUp().thenApply(done -> ann.text.status().connection());
    assertThat(workshop.await(seenThen)).isEqualTo(Connection.LIVE);
    assertThat(ann.text.status().reason()).isEmpty();
    assertThat(workshop.relay.received(ClientMessage.Open.class)).hasSizeBetween(2, 6);
  }
}
