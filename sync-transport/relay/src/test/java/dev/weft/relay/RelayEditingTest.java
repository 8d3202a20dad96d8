package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edits between clients of one relay: real sockets, a real store. */
class RelayEditingTest {
  @TempDir Path directory;

  @Test
  void shouldForwardEditsToAllOthersWhenOneTypes() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2);
        Author cyd = Author.join(relay.uri(), 3)) {
      ada.type("hello");
      ben.awaitText("hello");
      cyd.awaitText("hello");

      ben.type(" world");
      ada.awaitText("hello world");
      cyd.awaitText("hello world");
    }
  }

  @Test
  void shouldNotSendEditsBackWhenTheyAreTheClientsOwn() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.type("hello");
      ada.peer.hear(RelayMessage.Durable.class, d -> d.vector().equals(ada.text.version()));
      ada.peer.say(new ClientMessage.Ping(7, 1, ada.text.version()));

      RelayMessage.Pong pong = ada.peer.hear(RelayMessage.Pong.class);

      assertThat(pong).isEqualTo(new RelayMessage.Pong(7, 1, ada.text.version()));
      assertThat(ada.peer.poll(0)).isNull();
    }
  }

  @Test
  void shouldConvergeWhenManyTypeAtOnce() {
    Random random = new Random(7);
    try (TestRelay relay = TestRelay.start(directory)) {
      List<Author> authors =
          List.of(
              Author.join(relay.uri(), 1),
              Author.join(relay.uri(), 2),
              Author.join(relay.uri(), 3),
              Author.join(relay.uri(), 4));
      for (int i = 0; i < 200; i++) {
        Author author = authors.get(random.nextInt(authors.size()));
        author.text.insert(random.nextInt(author.text.length() + 1), "x" + i);
        author.send();
      }
      VersionVector all = VersionVector.EMPTY;
      for (Author author : authors) {
        ReplicaId replica = author.text.replica();
        all = all.merge(VersionVector.of(replica, author.text.nextSequence()));
      }
      for (Author author : authors) {
        author.awaitVersion(all);
      }

      assertThat(authors)
          .extracting(author -> author.text.text())
          .containsOnly(authors.get(0).text.text());
      authors.forEach(Author::close);
    }
  }

  @Test
  void shouldKeepDocumentsApartWhenOneConnectionHasBoth() {
    try (TestRelay relay = TestRelay.start(directory);
        Author one = Author.join(relay.uri(), 1, "one");
        Author two = Author.join(relay.uri(), 2, "two");
        Peer both = Peer.greet(relay.uri())) {
      both.say(new ClientMessage.Open(1, "one", VersionVector.EMPTY));
      both.say(new ClientMessage.Open(2, "two", VersionVector.EMPTY));
      both.hear(RelayMessage.Opened.class, o -> o.channel() == 1);
      both.hear(RelayMessage.Opened.class, o -> o.channel() == 2);

      one.type("first");
      two.type("second");

      assertThat(textOf(both.hear(RelayMessage.Edits.class, e -> e.channel() == 1).changes()))
          .isEqualTo("first");
      assertThat(textOf(both.hear(RelayMessage.Edits.class, e -> e.channel() == 2).changes()))
          .isEqualTo("second");
    }
  }

  @Test
  void shouldSendWhatClientLacksWhenItComesBack() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2)) {
      ada.type("one ");
      ben.awaitText("one ");
      ben.peer.close();
      ada.type("two ");
      ben.text.insert(0, "zero ");

      ben.reconnect(relay.uri(), Author.DOCUMENT);

      assertThat(ben.text.text()).isEqualTo("zero one two ");
      ada.awaitText("zero one two ");
    }
  }

  @Test
  void shouldAnswerAgainWhenOpenChannelIsOpenedAgain() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2)) {
      ada.type("hello");
      ben.awaitText("hello");

      ben.peer.say(new ClientMessage.Open(1, Author.DOCUMENT, VersionVector.EMPTY));

      RelayMessage.Opened again = ben.peer.hear(RelayMessage.Opened.class);
      assertThat(textOf(again.changes())).isEqualTo("hello");
      ada.type("!");
      ben.awaitText("hello!");
    }
  }

  @Test
  void shouldTakeEditsWhenTheyComeRightBehindOpen() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ben = Author.join(relay.uri(), 2);
        Peer peer = Peer.connect(relay.uri())) {
      Author ada = Author.over(peer, 1);
      ada.text.insert(0, "early");
      peer.say(new ClientMessage.Hello("test/1", "", Capabilities.NONE, ""));
      ada.sayOpen(Author.DOCUMENT);
      ada.sayEdits(ada.text.changesSince(VersionVector.EMPTY));
      ada.saySave("s");

      ben.awaitText("early");
      assertThat(peer.hear(RelayMessage.SaveAcknowledged.class).id()).isEqualTo("s");
    }
  }

  @Test
  void shouldSendCatchUpInPartsWhenItIsLong() {
    Tuning small = new Tuning().outboundBytes(64 << 10).partBytes(4 << 10);
    try (TestRelay relay = TestRelay.start(directory, small);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2);
        Author late = Author.join(relay.uri(), 3)) {
      late.peer.close();
      // Taking turns makes changes that do not become one run.
      for (int i = 0; i < 400; i++) {
        Author author = i % 2 == 0 ? ada : ben;
        author.text.insert(0, "line " + i + " that is long enough to count for something\n");
        author.send();
        (i % 2 == 0 ? ben : ada).awaitVersion(author.text.version());
      }

      late.peer = Peer.greet(relay.uri());
      late.text.insert(0, "I was away. ");
      late.sayOpenAnew(Author.DOCUMENT);
      int parts = late.caughtUp();
      late.send();

      assertThat(parts).isGreaterThan(3);
      ada.awaitVersion(late.text.version());
      assertThat(ada.text.text()).isEqualTo(late.text.text());
    }
  }

  @Test
  void shouldAskAgainAndHoldBackWhenPredecessorIsMissing() throws MalformedUpdateException {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2)) {
      ada.text.insert(0, "a");
      byte[] first = ada.text.changesSince(VersionVector.EMPTY);
      VersionVector afterFirst = ada.text.version();
      ada.text.insert(1, "b");
      byte[] second = ada.text.changesSince(afterFirst);

      ada.sayEdits(second);
      RelayMessage.Resend resend = ada.peer.hear(RelayMessage.Resend.class);
      assertThat(resend.vector()).isEqualTo(VersionVector.EMPTY);
      ada.sayEdits(first);

      ben.awaitText("ab");
      assertThat(Change.parse(second)).hasSize(1);
    }
  }

  @Test
  void shouldAskAgainWhenVectorNamesWhatHasNotCome() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.text.insert(0, "a");
      byte[] first = ada.text.changesSince(VersionVector.EMPTY);
      ada.text.insert(1, "b");

      ada.peer.say(new ClientMessage.Edits(1, Payload.of(first), ada.text.version()));

      assertThat(ada.peer.hear(RelayMessage.Resend.class).vector())
          .isEqualTo(VersionVector.of(new ReplicaId(1), 1));
    }
  }

  @Test
  void shouldRefuseOnlyItsSenderWhenChangeRefersToWhatDoesNotExist() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2);
        Peer peer = Peer.greet(relay.uri())) {
      ada.text.insert(0, "ab");
      ada.text.delete(0, 1);
      ada.send();
      ben.awaitText("b");
      // Another history under Ada's name, in which event 2 is a letter, and someone who builds on
      // it.
      TextDocument forged = TextDocument.create(new ReplicaId(1));
      forged.insert(0, "abc");
      Author mallory = Author.over(peer, 9);
      mallory.apply(Payload.of(forged.changesSince(VersionVector.EMPTY)));
      mallory.text.insert(3, "poison");
      mallory.sayOpen(Author.DOCUMENT);
      mallory.sayEdits(mallory.text.ownChangesSince(0));

      RelayMessage.Fault fault = peer.hear(RelayMessage.Fault.class);

      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CHANNEL);
      assertThat(fault.refusal().code()).isEqualTo(Codes.FORKED_IDENTITY);
      assertThat(fault.refusal().reason()).contains(new ReplicaId(1).toString());
      assertThat(fault.refusal().retryable()).isFalse();
      assertThat(fault.changes())
          .containsExactly(new RelayMessage.ChangeRange(new ReplicaId(9), 0, 6));
      ada.type("!");
      ben.awaitText("b!");
      peer.hear(RelayMessage.Opened.class);
      peer.hearNothingBeforePong(1);
    }
  }

  @Test
  void shouldTellACopiedDeviceThatItsIdIsInUse() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2);
        Peer copy = Peer.greet(relay.uri())) {
      ada.type("one");
      ben.awaitText("one");
      // What it types has numbers that the relay knows, as of the device that it is a copy of.
      Author copied = Author.over(copy, 1);
      copied.sayOpen(Author.DOCUMENT);
      copied.text.insert(0, "two");
      copied.sayEdits(copied.text.ownChangesSince(0));

      RelayMessage.Fault fault = copy.hear(RelayMessage.Fault.class);

      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CHANNEL);
      assertThat(fault.refusal().code()).isEqualTo(Codes.FORKED_IDENTITY);
      assertThat(fault.changes())
          .containsExactly(new RelayMessage.ChangeRange(new ReplicaId(1), 0, 3));
      ada.type("!");
      ben.awaitText("one!");
    }
  }

  @Test
  void shouldRefuseOnlyItsSenderWhenChangesCannotBeRead() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2)) {
      ben.sayEdits(new byte[] {1, 2, 3});

      RelayMessage.Fault fault = ben.peer.hear(RelayMessage.Fault.class);

      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CHANNEL);
      assertThat(fault.refusal().code()).isEqualTo(Codes.MALFORMED);
      assertThat(ben.peer.isOpen()).isTrue();
      assertThat(ada.type("still here").save("s").id()).isEqualTo("s");
    }
  }

  private static String textOf(Payload update) {
    TextDocument text = TextDocument.create(new ReplicaId(99));
    try {
      text.apply(update.bytes());
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
    return text.text();
  }
}
