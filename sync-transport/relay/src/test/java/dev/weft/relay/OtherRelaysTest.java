package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two relays that share a store: real sockets, a real store, and announcements that can be lost.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class OtherRelaysTest {
  private static final DocumentId NOTES = new DocumentId(Author.DOCUMENT);
  private static final Guarantee TWO_DISKS = new Guarantee(Guarantee.Level.REPLICATED, 2);

  @TempDir Path directory;

  private final Exchange exchange = new Exchange();
  private ChangeStore store;
  private ProbedStore storeOfOne;
  private ProbedStore storeOfTwo;
  private RelayServer one;
  private RelayServer two;

  @BeforeEach
  void startRelays() {
    store = SqliteChangeStore.open(directory, new Random(1));
    storeOfOne = new ProbedStore(store);
    storeOfTwo = new ProbedStore(store);
    one = serve(storeOfOne);
    two = serve(storeOfTwo);
  }

  @AfterEach
  void stopRelays() {
    storeOfOne.open();
    storeOfTwo.open();
    one.abort();
    two.abort();
    store.close();
  }

  private RelayServer serve(ChangeStore ofRelay) {
    RelayServer relay =
        RelayServer.builder()
            .store(ofRelay)
            .fanOut(exchange.join())
            .guarantee(() -> TWO_DISKS)
            .build();
    relay.start();
    return relay;
  }

  @Test
  void shouldCarryEditsWhenClientsUseDifferentRelays() {
    try (Author ada = Author.join(one.uri(), 1);
        Author ben = Author.join(two.uri(), 2);
        Author cyd = Author.join(two.uri(), 3)) {
      exchange.awaitSubscriptions(2);
      ada.type("hello");
      ben.awaitText("hello");
      cyd.awaitText("hello");

      ben.type(" world");
      ada.awaitText("hello world");
      cyd.awaitText("hello world");
    }
  }

  /** As a machine and its restored backup may, each at its relay, before either was stored. */
  @Test
  void shouldReadDocumentAgainWhenTwoWroteAsOneAtTwoRelays() {
    try (Author ada = Author.join(one.uri(), 1);
        Author backup = Author.join(two.uri(), 1)) {
      exchange.awaitSubscriptions(2);
      storeOfOne.shut();
      storeOfTwo.shut();
      exchange.loses = true;
      ada.type("abc");
      exchange.awaitLost();
      exchange.loses = false;

      backup.type("xyz");

      RelayMessage.Fault fault = ada.peer.hear(RelayMessage.Fault.class);
      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CHANNEL);
      assertThat(fault.refusal().retryable()).isTrue();
      assertThat(fault.refusal().reason()).contains("reads the document again");
    }
  }

  @Test
  void shouldFindInStoreWhatWasNotAnnounced() {
    exchange.loses = true;
    try (Author ada = Author.join(one.uri(), 1);
        Author ben = Author.join(two.uri(), 2)) {
      exchange.awaitSubscriptions(2);
      ada.type("hello");
      ada.save("s1");
      exchange.catchUp();
      ben.awaitText("hello");

      ben.type(" world");
      ben.save("s2");
      exchange.catchUp();
      ada.awaitText("hello world");
    }
  }

  @Test
  void shouldFindInStoreWhatCameBeforeAnAnnouncement() {
    try (Author ada = Author.join(one.uri(), 1);
        Author ben = Author.join(two.uri(), 2)) {
      exchange.awaitSubscriptions(2);
      exchange.loses = true;
      ada.type("hello");
      ada.save("s1");
      exchange.loses = false;

      ada.type(" world");

      ben.awaitText("hello world");
    }
  }

  @Test
  void shouldSayWhatIsMissedWhenItIsNotInStoreYet() {
    try (Author ada = Author.join(one.uri(), 1);
        Author ben = Author.join(two.uri(), 2);
        Author cyd = Author.join(one.uri(), 3)) {
      exchange.awaitSubscriptions(2);
      storeOfOne.shut();
      exchange.loses = true;
      ada.type("hello");
      cyd.awaitText("hello");
      exchange.awaitLost(); // other relays are told after this one's clients
      exchange.loses = false;
      ada.type(" world");
      exchange.awaitMissed();

      storeOfOne.open();
      ada.save("s1");
      exchange.catchUp();

      ben.awaitText("hello world");
    }
  }

  @Test
  void shouldStoreWhatWasAnnouncedWhenItsRelayDiesFirst() {
    try (Author ada = Author.join(one.uri(), 1);
        Author ben = Author.join(two.uri(), 2)) {
      exchange.awaitSubscriptions(2);
      storeOfOne.shut();
      ada.type("hello");
      ben.awaitText("hello");
      one.abort();
      ben.type(" world");
      ben.save("s1");

      assertThat(store.version(NOTES)).isEqualTo(ben.text.version());
      assertThat(textOf(store.readSince(NOTES, VersionVector.EMPTY))).isEqualTo("hello world");
    }
  }

  @Test
  void shouldTellOfDurabilityOnlyWhatClientHasBeenSent() {
    exchange.loses = true;
    try (Author ada = Author.join(one.uri(), 1);
        Author ben = Author.join(two.uri(), 2)) {
      exchange.awaitSubscriptions(2);
      ada.type("hello");
      ada.save("s1");
      ben.type("good day");
      ben.save("s2");

      RelayMessage.Durable durable = ben.peer.hear(RelayMessage.Durable.class);
      while (!durable.vector().includes(ben.text.version())) {
        durable = ben.peer.hear(RelayMessage.Durable.class);
      }

      assertThat(durable.vector()).isEqualTo(ben.text.version());
      assertThat(store.version(NOTES).includes(ada.text.version())).isTrue();
    }
  }

  @Test
  void shouldConvergeWhenHalfOfTheAnnouncementsAreLost() {
    Random random = new Random(11);
    try (Author ada = Author.join(one.uri(), 1);
        Author ben = Author.join(two.uri(), 2);
        Author cyd = Author.join(two.uri(), 3)) {
      exchange.awaitSubscriptions(2);
      List<Author> authors = List.of(ada, ben, cyd);
      for (int i = 0; i < 150; i++) {
        Author author = authors.get(random.nextInt(authors.size()));
        exchange.loses = random.nextBoolean();
        author.text.insert(random.nextInt(author.text.length() + 1), "x" + i);
        author.send();
        if (random.nextInt(20) == 0) {
          author.save("s" + i);
          exchange.catchUp();
        }
      }
      VersionVector all = VersionVector.EMPTY;
      for (Author author : authors) {
        author.save("last");
        all = all.merge(VersionVector.of(author.text.replica(), author.text.nextSequence()));
      }
      exchange.catchUp();

      for (Author author : authors) {
        author.awaitVersion(all);
      }
      assertThat(authors).extracting(author -> author.text.text()).containsOnly(ada.text.text());
    }
  }

  @Test
  void shouldSayHowSafeSaveIsWhenStoreIsReplicated() {
    try (Author ada = Author.join(one.uri(), 1)) {
      ada.type("hello");

      assertThat(ada.save("s1").guarantee()).isEqualTo(TWO_DISKS);
    }
  }

  private static String textOf(List<Change> changes) {
    TextDocument reader = TextDocument.create(new ReplicaId(99));
    try {
      assertThat(reader.apply(Change.combine(changes)).isComplete()).isTrue();
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
    return reader.text();
  }
}
