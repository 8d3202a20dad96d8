package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The slow and certain tier: what a relay says about saves is true, whatever its store does. */
class RelaySavingTest {
  private static final DocumentId NOTES = new DocumentId(Author.DOCUMENT);

  @RegisterExtension final Silence silence = Silence.of(WriteBehind.class);

  @TempDir Path directory;

  @Test
  void shouldAcknowledgeSaveOnlyWhenStoreHasFlushed() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      relay.store.shut();
      ada.type("hello");
      ada.saySave("s1");
      relay.store.awaitKnock();

      ada.peer.say(new ClientMessage.Ping(1, 1, null));
      assertThat(ada.peer.next()).isInstanceOf(RelayMessage.Pong.class);
      ada.peer.hearNothingBeforePong(2);
      assertThat(relay.store.version(NOTES)).isEqualTo(VersionVector.EMPTY);

      relay.store.open();
      RelayMessage.SaveAcknowledged answer = ada.peer.hear(RelayMessage.SaveAcknowledged.class);
      assertThat(answer)
          .isEqualTo(
              new RelayMessage.SaveAcknowledged(1, "s1", ada.text.version(), Guarantee.FSYNCED));
      assertThat(relay.store.flushes.get()).isPositive();
    }
  }

  @Test
  void shouldHaveAllOfSaveWhenRelayDiesRightAfterAcknowledgement() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.type("hello").save("s1");
      relay.die();
      try (ChangeStore store = relay.openStore()) {
        assertThat(store.version(NOTES)).isEqualTo(ada.text.version());
      }
      relay.restart();

      Author ben = Author.join(relay.uri(), 2);

      assertThat(ben.text.text()).isEqualTo("hello");
      ben.close();
    }
  }

  @Test
  void shouldNotTakeItForFlushedWhenChangesWereThereBeforeTheRelay() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.type("hello").save("s1");
      relay.restart();
      relay.store.shut();
      ada.peer = Peer.greet(relay.uri());
      ada.sayOpenAnew(Author.DOCUMENT);
      RelayMessage.Opened opened = ada.peer.hear(RelayMessage.Opened.class);
      assertThat(opened.vector()).isEqualTo(ada.text.version());
      assertThat(opened.durable()).isEqualTo(VersionVector.EMPTY);

      ada.saySave("s2");
      relay.store.awaitKnock();
      ada.peer.say(new ClientMessage.Ping(1, 1, null));
      assertThat(ada.peer.next()).isInstanceOf(RelayMessage.Pong.class);

      relay.store.open();
      assertThat(ada.peer.hear(RelayMessage.SaveAcknowledged.class).id()).isEqualTo("s2");
    }
  }

  @Test
  void shouldRefuseSaveAndKeepEditsFlowingWhenStoreFails() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2)) {
      relay.store.failure = "the disk is full";
      ada.type("hello");
      ada.saySave("s1");

      RelayMessage.SaveRefused refused = ada.peer.hear(RelayMessage.SaveRefused.class);
      assertThat(refused.id()).isEqualTo("s1");
      assertThat(refused.refusal().code()).isEqualTo(Codes.STORE_UNAVAILABLE);
      assertThat(refused.refusal().retryable()).isTrue();
      assertThat(refused.refusal().retryAfterMillis()).isEqualTo(50);
      ben.awaitText("hello");
      assertThat(relay.store.version(NOTES)).isEqualTo(VersionVector.EMPTY);

      relay.store.failure = null;
      ada.peer.hear(RelayMessage.Durable.class, d -> d.vector().equals(ada.text.version()));
      ada.save("s1");
      assertThat(relay.store.version(NOTES)).isEqualTo(ada.text.version());
    }
  }

  @Test
  void shouldAcknowledgeAgainWhenSaveIsRepeatedOnAnotherConnection() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.type("hello").save("s1");
      ada.reconnect(relay.uri(), Author.DOCUMENT);

      ada.save("s1");

      assertThat(relay.store.version(NOTES)).isEqualTo(ada.text.version());
    }
  }

  @Test
  void shouldAskForEditsAndThenAcknowledgeWhenSaveIsAhead() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.text.insert(0, "late");
      ada.saySave("s1");
      assertThat(ada.peer.hear(RelayMessage.Resend.class).vector()).isEqualTo(VersionVector.EMPTY);

      ada.send();

      assertThat(ada.peer.hear(RelayMessage.SaveAcknowledged.class).id()).isEqualTo("s1");
    }
  }

  @Test
  void shouldRefuseSaveWhenItsEditsDoNotCome() {
    Tuning quick = new Tuning().saveEdits(Duration.ofMillis(30));
    try (TestRelay relay = TestRelay.start(directory, quick);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.text.insert(0, "never");
      ada.saySave("s1");

      RelayMessage.SaveRefused refused = ada.peer.hear(RelayMessage.SaveRefused.class);

      assertThat(refused.refusal().code()).isEqualTo(Codes.EDITS_MISSING);
      assertThat(refused.refusal().retryable()).isTrue();
    }
  }

  @Test
  void shouldRefuseSaveWhenGuaranteeIsBeyondStore() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.peer.say(
          new ClientMessage.Save(
              1, "s1", VersionVector.EMPTY, new Guarantee(Guarantee.Level.REPLICATED, 2)));

      RelayMessage.SaveRefused refused = ada.peer.hear(RelayMessage.SaveRefused.class);

      assertThat(refused.refusal().code()).isEqualTo(Codes.GUARANTEE_UNAVAILABLE);
      assertThat(refused.refusal().retryable()).isFalse();
    }
  }

  @Test
  void shouldRefuseSaveWhenTooManyWait() {
    Tuning few = new Tuning().pendingSaves(4);
    try (TestRelay relay = TestRelay.start(directory, few);
        Author ada = Author.join(relay.uri(), 1)) {
      relay.store.shut();
      ada.type("hello");
      for (int i = 1; i <= 5; i++) {
        ada.saySave("s" + i);
      }

      RelayMessage.SaveRefused refused = ada.peer.hear(RelayMessage.SaveRefused.class);

      assertThat(refused.id()).isEqualTo("s5");
      assertThat(refused.refusal().code()).isEqualTo(Codes.TOO_MANY_SAVES);
      relay.store.open();
      for (int i = 1; i <= 4; i++) {
        assertThat(ada.peer.hear(RelayMessage.SaveAcknowledged.class).id()).isEqualTo("s" + i);
      }
    }
  }

  @Test
  void shouldTellAllWhatIsDurableWhenNobodySaves() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2)) {
      ada.type("hello");

      ada.peer.hear(RelayMessage.Durable.class, d -> d.vector().equals(ada.text.version()));
      ben.peer.hear(RelayMessage.Durable.class, d -> d.vector().equals(ada.text.version()));
      // The edits came before: what is durable here is known to be missed if it is not here.
      assertThat(ben.hearEdits().vector()).isNull();
      assertThat(ben.text.text()).isEqualTo("hello");
    }
  }

  @Test
  void shouldOpenFromSnapshotWhenHistoryIsLong() {
    Tuning soon = new Tuning().snapshotTailBytes(1_000);
    try (TestRelay relay = TestRelay.start(directory, soon);
        Author ada = Author.join(relay.uri(), 1)) {
      for (int i = 0; i < 20; i++) {
        ada.type("A line of some length, so that a few of them are long. " + i + "\n")
            .save("s" + i);
      }
      VersionVector inSnapshot = relay.store.snapshot(NOTES).orElseThrow().version();
      assertThat(inSnapshot.next(new ReplicaId(1))).isGreaterThan(500);
      relay.restart();

      Author ben = Author.join(relay.uri(), 2);

      assertThat(ben.text.text()).isEqualTo(ada.text.text());
      assertThat(ben.text.version()).isEqualTo(ada.text.version());
      ben.close();
    }
  }
}
