package dev.weft.relay;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Frames;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DocumentId;
import dev.weft.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The hub step by step, in one thread: what waits where, what is left out, and what time does. */
class RelayHubTest {
  private static final RelayTimes TIMES = new Tuning().times();

  @RegisterExtension final Silence silence = Silence.of(OpenDocument.class, WriteBehind.class);

  @TempDir Path directory;

  private final TextDocument ada = TextDocument.create(new ReplicaId(1));

  @Test
  void shouldSendOneMergedUpdateWhenConnectionIsSlow() throws Exception {
    try (SteppedHub hub = new SteppedHub(directory, small())) {
      Line author = open(hub, "notes");
      Line slow = open(hub, "notes");
      slow.stopTaking();
      // One is on its way, some wait, and then they are dropped.
      for (int i = 0; i < 100; i++) {
        type(author, 1, "a line of some length, number " + i + "\n");
        hub.settle();
      }
      hub.advance(Duration.ofSeconds(1));
      author.hearAll();

      slow.take();
      hub.settle();

      List<RelayMessage> heard = slow.hearAll();
      TextDocument text = TextDocument.create(new ReplicaId(3));
      int edits = 0;
      VersionVector durable = VersionVector.EMPTY;
      for (RelayMessage message : heard) {
        if (message instanceof RelayMessage.Edits each) {
          text.apply(each.changes().bytes());
          edits++;
        } else if (message instanceof RelayMessage.Durable each) {
          durable = each.vector();
          assertThat(text.version().includes(durable)).as("durable after its edits").isTrue();
        }
      }
      assertThat(text.text()).isEqualTo(ada.text());
      assertThat(edits).isEqualTo(2);
      assertThat(durable).isEqualTo(ada.version());
      type(author, 1, "live again");
      hub.settle();
      assertThat(slow.hear(RelayMessage.Edits.class).vector()).isNull();
    }
  }

  @Test
  void shouldTellTruthInPongWhenEditsWereLeftOut() {
    try (SteppedHub hub = new SteppedHub(directory, small())) {
      Line author = open(hub, "notes");
      Line slow = open(hub, "notes");
      type(author, 1, "seen");
      hub.settle();
      VersionVector seen = ada.version();
      slow.stopTaking();
      type(author, 1, "under way");
      hub.settle();
      VersionVector underWay = ada.version();
      for (int i = 0; i < 20; i++) {
        type(author, 1, "a line of some length, number " + i + "\n");
        hub.settle();
      }
      slow.say(new ClientMessage.Ping(5, 1, seen));
      hub.settle();
      // More, so that what waits is dropped once more, the answer not.
      for (int i = 0; i < 100; i++) {
        type(author, 1, "a line of some length, number " + i + "\n");
        hub.settle();
      }
      slow.hearAll();

      slow.take();

      assertThat(slow.hear(RelayMessage.Edits.class).changes()).isNotNull();
      assertThat(slow.hear(RelayMessage.Pong.class))
          .isEqualTo(new RelayMessage.Pong(5, 1, underWay));
    }
  }

  @Test
  void shouldNotReadWhenWorkersAreBehind() {
    try (SteppedHub hub = new SteppedHub(directory, small())) {
      Line author = open(hub, "notes");
      for (int i = 0; i < 100; i++) {
        type(author, 1, "a line of some length, number " + i + "\n");
      }
      assertThat(author.unread()).isPositive();

      hub.settle();

      assertThat(author.unread()).isZero();
    }
  }

  @Test
  void shouldNotReadWhenAnswersAreNotTaken() {
    try (SteppedHub hub = new SteppedHub(directory, small())) {
      Line line = open(hub, "notes");
      line.stopTaking();
      for (int i = 0; i < 200; i++) {
        line.say(new ClientMessage.Ping(i, 0, null));
      }
      assertThat(line.unread()).isPositive();

      line.take();

      assertThat(line.unread()).isZero();
      assertThat(line.hearAll()).hasSize(200);
    }
  }

  @Test
  void shouldFlushOnceWhenManyDocumentsHaveChanged() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.greet();
      for (int channel = 1; channel <= 10; channel++) {
        line.say(new ClientMessage.Open(channel, "doc" + channel, VersionVector.EMPTY));
        TextDocument text = TextDocument.create(new ReplicaId(channel));
        text.insert(0, "hello");
        line.say(
            new ClientMessage.Edits(
                channel, Payload.of(text.changesSince(VersionVector.EMPTY)), null));
      }
      hub.settle();
      hub.holdWrites();
      hub.advance(TIMES.writeBehind());
      assertThat(hub.store.flushes.get()).isZero();

      hub.releaseWrites();

      assertThat(hub.store.flushes.get()).isEqualTo(1);
      assertThat(hub.store.documents()).hasSize(10);
      assertThat(line.hearAll()).filteredOn(m -> m instanceof RelayMessage.Durable).hasSize(10);
    }
  }

  @Test
  void shouldWriteAgainWhenStoreHasFailed() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = open(hub, "notes");
      hub.store.failure = "no";
      type(line, 1, "hello");
      save(line, "s1");
      hub.settle();
      assertThat(line.hear(RelayMessage.SaveRefused.class).refusal().code())
          .isEqualTo(Codes.STORE_UNAVAILABLE);
      hub.advance(TIMES.storeRetry());
      hub.store.failure = null;

      hub.advance(TIMES.storeRetry());

      assertThat(line.hear(RelayMessage.Durable.class).vector()).isEqualTo(ada.version());
      save(line, "s1");
      hub.settle();
      assertThat(line.hear(RelayMessage.SaveAcknowledged.class).id()).isEqualTo("s1");
    }
  }

  @Test
  void shouldRefuseSaveInTimeWhenStoreDoesNotConfirm() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = open(hub, "notes");
      type(line, 1, "hello");
      save(line, "s1");
      hub.holdWrites();
      hub.advance(TIMES.saveStore().minusMillis(1));
      line.hearNothing();

      hub.advance(Duration.ofMillis(1));

      assertThat(line.hear(RelayMessage.SaveRefused.class).refusal().code())
          .isEqualTo(Codes.STORE_UNAVAILABLE);
      hub.releaseWrites();
      assertThat(line.hear(RelayMessage.Durable.class).vector()).isEqualTo(ada.version());
      line.hearNothing();
    }
  }

  @Test
  void shouldCloseChannelForNowWhenTooMuchWaitsToBeStored() {
    RelayBounds little = new Tuning().unwrittenBytes(100).bounds();
    try (SteppedHub hub = new SteppedHub(directory, little)) {
      Line line = open(hub, "notes");
      hub.store.failure = "no";
      for (int i = 0; i < 10; i++) {
        type(line, 1, "a line of some length, number " + i + "\n");
        hub.advance(TIMES.writeBehind());
      }

      RelayMessage.Fault fault = line.hear(RelayMessage.Fault.class);

      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CHANNEL);
      assertThat(fault.refusal().code()).isEqualTo(Codes.STORE_UNAVAILABLE);
      assertThat(fault.refusal().retryable()).isTrue();
      hub.store.failure = null;
      hub.advance(TIMES.storeRetry());
      line.say(new ClientMessage.Open(2, "notes", ada.version()));
      hub.settle();
      RelayMessage.Opened opened = line.hear(RelayMessage.Opened.class);
      line.say(new ClientMessage.Edits(2, Payload.of(ada.changesSince(opened.vector())), null));
      hub.advance(TIMES.writeBehind());
      assertThat(hub.store.version(new DocumentId("notes"))).isEqualTo(ada.version());
    }
  }

  @Test
  void shouldReadDocumentAnewWhenItWasEvicted() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = open(hub, "notes");
      type(line, 1, "hello");
      hub.advance(TIMES.writeBehind());
      line.say(new ClientMessage.Close(1));
      hub.settle();
      assertThat(hub.store.loads.get()).isEqualTo(1);
      hub.advance(TIMES.idleDocument().minusMillis(1));
      Line second = open(hub, "notes");
      assertThat(hub.store.loads.get()).isEqualTo(1);
      second.say(new ClientMessage.Close(1));
      hub.settle();
      hub.advance(TIMES.idleDocument());

      line.say(new ClientMessage.Open(2, "notes", VersionVector.EMPTY));
      hub.settle();

      assertThat(hub.store.loads.get()).isEqualTo(2);
      assertThat(line.hear(RelayMessage.Opened.class).vector()).isEqualTo(ada.version());
    }
  }

  @Test
  void shouldRefuseChannelForNowWhenDocumentCannotBeRead() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.greet();
      hub.store.readFailure = new StoreException("no");
      line.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      hub.settle();
      RelayMessage.Fault fault = line.hear(RelayMessage.Fault.class);
      assertThat(fault.refusal().code()).isEqualTo(Codes.STORE_UNAVAILABLE);
      assertThat(fault.refusal().retryable()).isTrue();

      hub.store.readFailure = new IllegalStateException("a mistake");
      line.say(new ClientMessage.Open(2, "notes", VersionVector.EMPTY));
      hub.settle();
      assertThat(line.hear(RelayMessage.Fault.class).refusal().code()).isEqualTo(Codes.INTERNAL);

      hub.store.readFailure = null;
      line.say(new ClientMessage.Open(3, "notes", VersionVector.EMPTY));
      hub.settle();
      assertThat(line.hear(RelayMessage.Opened.class).channel()).isEqualTo(3);
    }
  }

  @Test
  void shouldGiveUpDocumentOnlyWhenItsWorkerFails() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = open(hub, "notes");
      Line other = open(hub, "other");
      type(line, 1, "hello");
      hub.advance(TIMES.writeBehind());
      line.hearAll();
      OpenDocument document = requireNonNull(hub.hub.openDocument(new DocumentId("notes")));
      document.post(
          () -> {
            throw new AssertionError("thrown by a test");
          });
      hub.settle();

      RelayMessage.Fault fault = line.hear(RelayMessage.Fault.class);
      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CHANNEL);
      assertThat(fault.refusal().code()).isEqualTo(Codes.INTERNAL);
      assertThat(fault.refusal().retryable()).isTrue();
      other.hearNothing();
      line.say(new ClientMessage.Open(2, "notes", VersionVector.EMPTY));
      hub.settle();
      assertThat(line.hear(RelayMessage.Opened.class).vector()).isEqualTo(ada.version());
    }
  }

  @Test
  void shouldTellAllThatWaitWhenOneFailsWhileDocumentIsGivenUp() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = open(hub, "notes");
      OpenDocument document = requireNonNull(hub.hub.openDocument(new DocumentId("notes")));
      hub.holdWrites();
      type(line, 1, "hello");
      List<String> told = new ArrayList<>();
      document.whenDurable(
          () -> {
            throw new AssertionError("thrown by a test");
          });
      document.whenDurable(() -> told.add("second"));
      hub.settle();
      document.post(
          () -> {
            throw new AssertionError("thrown by a test");
          });
      document.post(() -> told.add("later"));
      hub.settle();
      document.post(() -> told.add("last"));
      hub.settle();

      assertThat(told).containsExactly("second", "later", "last");
      assertThat(line.hear(RelayMessage.Fault.class).refusal().code()).isEqualTo(Codes.INTERNAL);
    }
  }

  @Test
  void shouldGoOnWhenSnapshotCannotBeKept() {
    RelayBounds soon = new Tuning().snapshotTailBytes(10).bounds();
    try (SteppedHub hub = new SteppedHub(directory, soon)) {
      hub.store.snapshotFailure = new AssertionError("thrown by a test");
      Line line = open(hub, "notes");
      for (int i = 0; i < 3; i++) {
        type(line, 1, "a line of some length, number " + i + "\n");
        hub.advance(TIMES.writeBehind());

        assertThat(line.hear(RelayMessage.Durable.class).vector()).isEqualTo(ada.version());
      }
    }
  }

  /** Vectors and digests speak of the same; the vector alone would speak of both. */
  @Test
  void shouldAcknowledgeASaveOfItsOwnChangesOnly() {
    try (SteppedHub hub = new SteppedHub(directory, small())) {
      Line line = open(hub, "notes");
      type(line, 1, "abc");
      VersionVector version = ada.version();
      long own = ada.digest(version);
      line.say(new ClientMessage.Save(1, "other", version, Guarantee.FSYNCED, own + 1));
      line.say(new ClientMessage.Save(1, "own", version, Guarantee.FSYNCED, own));
      hub.advance(TIMES.writeBehind());

      RelayMessage.SaveRefused refused = line.hear(RelayMessage.SaveRefused.class);
      assertThat(refused.id()).isEqualTo("other");
      assertThat(refused.refusal().code()).isEqualTo(Codes.FORKED_IDENTITY);
      assertThat(refused.refusal().retryable()).isFalse();
      assertThat(line.hear(RelayMessage.SaveAcknowledged.class).id()).isEqualTo("own");
    }
  }

  @Test
  void shouldCloseAChannelOfWhoHasOtherChangesUnderTheSameNumbers() {
    try (SteppedHub hub = new SteppedHub(directory, small())) {
      Line line = open(hub, "notes");
      type(line, 1, "abc");
      hub.settle();
      Line other = hub.greet();
      VersionVector version = ada.version();
      other.say(new ClientMessage.Open(1, "notes", version, ada.digest(version) + 1, null));
      hub.settle();

      RelayMessage.Fault fault = other.hear(RelayMessage.Fault.class);
      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CHANNEL);
      assertThat(fault.refusal().code()).isEqualTo(Codes.FORKED_IDENTITY);
      other.say(new ClientMessage.Open(2, "notes", version, ada.digest(version), null));
      hub.settle();
      assertThat(other.hear(RelayMessage.Opened.class).vector()).isEqualTo(version);
    }
  }

  /** It is short as bytes, and takes as long as the text is long. */
  @Test
  void shouldMakeFewerSnapshotsAsTheTextOfAHeldKeyGrows() {
    RelayBounds soon = new Tuning().snapshotTailBytes(1_000).bounds();
    try (SteppedHub hub = new SteppedHub(directory, soon)) {
      Line line = open(hub, "notes");
      for (int i = 0; i < 200; i++) {
        type(line, 1, "x".repeat(1_000));
        hub.advance(TIMES.writeBehind());
      }

      // Each time the text has grown by a third: of 200,000 characters from 1,000 on.
      assertThat(hub.store.snapshots.get()).isBetween(12, 20);
    }
  }

  @Test
  void shouldRefuseSnapshotFromClient() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = open(hub, "notes");
      Line other = open(hub, "notes");
      ada.insert(0, "hello");
      line.say(new ClientMessage.Edits(1, Payload.of(ada.snapshot()), null));
      hub.settle();

      RelayMessage.Fault fault = line.hear(RelayMessage.Fault.class);
      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CHANNEL);
      assertThat(fault.refusal().code()).isEqualTo(Codes.MALFORMED);
      assertThat(fault.refusal().reason()).contains("snapshot");
      other.hearNothing();
    }
  }

  @Test
  void shouldPassOnAtOnceWhenEditsAreLongerThanQueueAndNothingIsUnderWay() {
    try (SteppedHub hub = new SteppedHub(directory, small())) {
      Line author = open(hub, "notes");
      Line reader = open(hub, "notes");
      type(author, 1, "a line of some length\n".repeat(400));
      hub.settle();

      assertThat(reader.hear(RelayMessage.Edits.class).vector()).isEqualTo(ada.version());
    }
  }

  @Test
  void shouldRefuseClockWithoutSuccessor() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line last = open(hub, "notes");
      Line beyond = open(hub, "notes");
      Line other = open(hub, "notes");
      last.say(presence(7, Long.MAX_VALUE - 1));
      beyond.say(presence(8, Long.MAX_VALUE));
      hub.settle();
      assertThat(other.hear(Presence.class)).isEqualTo(presence(7, Long.MAX_VALUE - 1));
      other.hearNothing();
      assertThat(beyond.hear(RelayMessage.Fault.class).refusal().code()).isEqualTo(Codes.MALFORMED);
      last.say(new ClientMessage.Close(1));
      hub.settle();

      assertThat(other.hear(Presence.class)).isEqualTo(Presence.gone(1, 7, Long.MAX_VALUE));
    }
  }

  @Test
  void shouldNotCountSilenceBeforeFrameAsStall() {
    try (SteppedHub hub = new SteppedHub(directory, RelayTimes.DEFAULT, RelayBounds.DEFAULT)) {
      Line line = open(hub, "notes");
      Duration waited = Duration.ZERO;
      for (long clock = 1; waited.compareTo(TIMES.stall()) <= 0; clock++) {
        line.say(presence(7, clock));
        hub.advance(TIMES.heartbeat());
        waited = waited.plus(TIMES.heartbeat());
      }
      line.hearNothing();
      line.stopTaking();
      line.say(new ClientMessage.Ping(1, 0, null));

      hub.advance(RelayTimes.DEFAULT.idle().minusMillis(1));

      assertThat(line.aborted).isFalse();
      line.take();
      assertThat(line.hear(RelayMessage.Pong.class).nonce()).isEqualTo(1);
    }
  }

  /** What its client has said since lies there: it is the relay that does not look. */
  @Test
  void shouldNotTakeForSilenceThatTheRelayDoesNotRead() {
    Tuning tuning =
        new Tuning()
            .idle(Duration.ofSeconds(10))
            .allowances(new Allowances(1_000, 1_000, 1_000, 1 << 20));
    try (SteppedHub hub = new SteppedHub(directory, tuning.times(), tuning.bounds())) {
      Line author = open(hub, "notes");
      type(author, 1, "much more than may come in within a second\n".repeat(1_000));
      author.say(new ClientMessage.Ping(1, 0, null));
      hub.advance(Duration.ofSeconds(30));
      assertThat(author.unread()).isOne();

      assertThat(author.closeStatus).isZero();

      hub.advance(Duration.ofSeconds(30));
      assertThat(author.hear(RelayMessage.Pong.class).nonce()).isEqualTo(1);
      hub.advance(Duration.ofSeconds(10));
      assertThat(author.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.IDLE_TIMEOUT);
    }
  }

  @Test
  void shouldTellOfDrainBehindWelcomeWhenHelloComesLate() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.connect();
      open(hub, "notes");
      RelayMessage.Drain drain = new RelayMessage.Drain("maintenance", 10_000, 0, 0, List.of());
      CompletableFuture<Void> gone = hub.hub.drain(Duration.ofSeconds(10), drain);
      line.say(new ClientMessage.Hello("test/1", "", Capabilities.NONE, ""));

      List<RelayMessage> heard = line.hearAll();

      assertThat(heard).hasSize(2);
      assertThat(heard.get(0)).isInstanceOf(RelayMessage.Welcome.class);
      assertThat(heard.get(1)).isEqualTo(drain);
      hub.settle();
      assertThat(gone).isCompleted();
    }
  }

  /** It had been read when the first flush was over, and is flushed too before anybody goes. */
  @Test
  void shouldFlushWhatCameInDuringDrain() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line author = open(hub, "notes");
      RelayMessage.Drain drain = new RelayMessage.Drain("maintenance", 10_000, 0, 0, List.of());
      CompletableFuture<Void> gone = hub.hub.drain(Duration.ofSeconds(10), drain);
      TextDocument text = TextDocument.create(new ReplicaId(1));
      text.insert(0, "typed at the last moment");
      author.say(
          new ClientMessage.Edits(1, Payload.of(text.changesSince(VersionVector.EMPTY)), null));
      hub.holdWrites();

      hub.settle();

      assertThat(author.closeStatus).isZero();

      hub.releaseWrites();

      assertThat(author.hear(RelayMessage.Durable.class).vector()).isEqualTo(text.version());
      assertThat(author.closeStatus).isEqualTo(1001);
      author.vanish();
      assertThat(gone).isCompleted();
    }
  }

  private static Presence presence(long participant, long clock) {
    return new Presence(1, participant, clock, false, 0, "Ada", 0, List.of(), Payload.EMPTY);
  }

  @Test
  void shouldRefuseDocumentWhenTooManyAreOpen() {
    RelayBounds one = new Tuning().documents(1).bounds();
    try (SteppedHub hub = new SteppedHub(directory, one)) {
      Line line = open(hub, "notes");
      line.say(new ClientMessage.Open(2, "other", VersionVector.EMPTY));
      hub.settle();

      RelayMessage.Fault fault = line.hear(RelayMessage.Fault.class);

      assertThat(fault.refusal().code()).isEqualTo(Codes.OVERLOADED);
      assertThat(fault.refusal().retryable()).isTrue();
    }
  }

  @Test
  void shouldLetLongestUnusedDocumentMakeRoomForAnother() {
    RelayBounds two = new Tuning().documents(2).bounds();
    try (SteppedHub hub = new SteppedHub(directory, two)) {
      Line line = hub.greet();
      for (int channel = 1; channel <= 2; channel++) {
        line.say(new ClientMessage.Open(channel, "doc" + channel, VersionVector.EMPTY));
        hub.settle();
        type(line, channel, "hello");
        hub.advance(TIMES.writeBehind());
        line.say(new ClientMessage.Close(channel));
        hub.settle();
      }

      open(hub, "notes");

      assertThat(hub.hub.openDocument(new DocumentId("doc1"))).isNull();
      assertThat(hub.hub.openDocument(new DocumentId("doc2"))).isNotNull();
    }
  }

  @Test
  void shouldNotLetUnusedDocumentMakeRoomBeforeItIsStored() {
    RelayBounds one = new Tuning().documents(1).bounds();
    try (SteppedHub hub = new SteppedHub(directory, one)) {
      Line line = open(hub, "doc");
      hub.settle();
      hub.holdWrites();
      type(line, 1, "hello");
      line.say(new ClientMessage.Close(1));
      hub.settle();
      line.say(new ClientMessage.Open(2, "notes", VersionVector.EMPTY));
      hub.settle();
      assertThat(line.hear(RelayMessage.Fault.class).refusal().code()).isEqualTo(Codes.OVERLOADED);

      hub.releaseWrites();
      hub.advance(TIMES.writeBehind());
      line.say(new ClientMessage.Open(3, "notes", VersionVector.EMPTY));
      hub.settle();

      assertThat(line.hear(RelayMessage.Opened.class).channel()).isEqualTo(3);
    }
  }

  @Test
  void shouldHaveOneTimerForSavesThatWait() {
    try (SteppedHub hub = new SteppedHub(directory, RelayTimes.DEFAULT, RelayBounds.DEFAULT)) {
      Line line = open(hub, "notes");
      hub.holdWrites();
      type(line, 1, "hello");
      TextDocument ben = TextDocument.create(new ReplicaId(2));
      ben.insert(0, "never sent");
      int before = hub.scheduled();
      for (int i = 0; i < 20; i++) {
        if (i % 4 == 0) {
          line.say(new ClientMessage.Save(1, "there" + i, ada.version(), Guarantee.FSYNCED));
        }
        line.say(new ClientMessage.Save(1, "missing" + i, ben.version(), Guarantee.FSYNCED));
        line.say(new ClientMessage.Ping(1, 0, null));
        hub.advance(RelayTimes.DEFAULT.saveEdits().plusMillis(10));
      }

      assertThat(hub.scheduled() - before).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void shouldGiveOthersTheirTurnWhenDocumentHasMuchToDo() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line hot = open(hub, "hot");
      Line cool = open(hub, "cool");
      for (int i = 0; i < 1_000; i++) {
        hot.say(new ClientMessage.Ping(i, 1, null));
      }
      cool.say(new ClientMessage.Ping(1, 1, null));

      hub.workers.remove().run();
      hub.workers.remove().run();

      assertThat(cool.hear(RelayMessage.Pong.class).nonce()).isEqualTo(1);
      assertThat(hot.hearAll().size()).isBetween(1, 100);
      hub.settle();
    }
  }

  @Test
  void shouldPassOnTogetherWhenEditsCameTogether() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line author = open(hub, "notes");
      Line reader = open(hub, "notes");
      for (int i = 0; i < 10; i++) {
        type(author, 1, "x");
      }
      hub.settle();

      assertThat(reader.hearAll()).hasSize(1);
      author.hearNothing();
    }
  }

  @Test
  void shouldKeepOnlyNewestPresenceWhenConnectionIsSlow() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line author = open(hub, "notes");
      Line slow = open(hub, "notes");
      slow.stopTaking();
      for (int i = 1; i <= 50; i++) {
        author.say(new Presence(1, 7, i, false, 0, "Ada", 0, List.of(), Payload.EMPTY));
        hub.settle();
      }

      slow.take();

      List<Long> clocks = new ArrayList<>();
      for (RelayMessage each : slow.hearAll()) {
        clocks.add(((Presence) each).clock());
      }
      assertThat(clocks).containsExactly(1L, 50L);
    }
  }

  @Test
  void shouldExpectLongFramesOnlyAfterHello() {
    RelayTimes times = new Tuning().hello(Duration.ofSeconds(10)).times();
    try (SteppedHub hub = new SteppedHub(directory, times, RelayBounds.DEFAULT)) {
      Line line = hub.connect();
      assertThat(line.maxFrameBytes).isEqualTo(Frames.MAX_SMALL_BYTES);
      Line greeted = hub.greet();
      assertThat(greeted.maxFrameBytes).isEqualTo(RelayBounds.DEFAULT.connection().maxFrameBytes());

      hub.advance(times.hello());

      assertThat(line.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.HELLO_TIMEOUT);
      assertThat(line.closeStatus).isEqualTo(1008);
      assertThat(greeted.closeStatus).isZero();
    }
  }

  @Test
  void shouldCutConnectionWhenItTakesNothingIn() {
    try (SteppedHub hub = new SteppedHub(directory, RelayTimes.DEFAULT, RelayBounds.DEFAULT)) {
      Line line = open(hub, "notes");
      line.stopTaking();
      line.say(new ClientMessage.Ping(1, 0, null));
      Duration waited = Duration.ZERO;
      while (waited.compareTo(TIMES.stall()) < 0) {
        assertThat(line.aborted).isFalse();
        line.say(new ClientMessage.Ping(1, 0, null));
        hub.advance(TIMES.heartbeat());
        waited = waited.plus(TIMES.heartbeat());
      }
      hub.advance(RelayTimes.DEFAULT.idle());

      assertThat(line.aborted).isTrue();
    }
  }

  @Test
  void shouldWriteNothingOfADocumentThatWasOnlyLookedAt() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = open(hub, "unknown");
      line.say(new ClientMessage.Save(1, "s1", VersionVector.EMPTY, Guarantee.FSYNCED));
      hub.settle();
      assertThat(line.hear(RelayMessage.SaveAcknowledged.class).id()).isEqualTo("s1");
      line.say(new ClientMessage.Close(1));
      hub.advance(RelayTimes.DEFAULT.idleDocument());

      assertThat(hub.hub.openDocuments()).isZero();
      assertThat(hub.store.attempts).hasValue(0);
      assertThat(hub.store.snapshots).hasValue(0);
    }
  }

  @Test
  void shouldRefuseConnectionWhenTooManyAreThere() {
    RelayBounds one = new Tuning().connections(1).bounds();
    try (SteppedHub hub = new SteppedHub(directory, one)) {
      hub.greet();
      assertThat(hub.hub.unwelcome()).isNotNull();

      Line second = hub.connect();

      assertThat(second.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.OVERLOADED);
      assertThat(second.closeStatus).isEqualTo(1013);
    }
  }

  private Line open(SteppedHub hub, String document) {
    Line line = hub.greet();
    line.say(new ClientMessage.Open(1, document, VersionVector.EMPTY));
    hub.settle();
    line.hear(RelayMessage.Opened.class);
    return line;
  }

  private void type(Line line, int channel, String typed) {
    VersionVector before = ada.version();
    ada.insert(ada.length(), typed);
    line.say(new ClientMessage.Edits(channel, Payload.of(ada.changesSince(before)), null));
  }

  private void save(Line line, String id) {
    line.say(new ClientMessage.Save(1, id, ada.version(), Guarantee.FSYNCED));
  }

  /** Bounds that a few lines reach. */
  private static RelayBounds small() {
    return new Tuning().inboundBytes(4_000).outboundBytes(4_000).bounds();
  }
}
