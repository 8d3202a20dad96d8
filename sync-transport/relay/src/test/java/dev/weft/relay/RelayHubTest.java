package dev.weft.relay;

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
      Line author = hub.open("notes");
      Line slow = hub.open("notes");
      slow.stopTaking();
      // One is on its way, some wait, and then they are dropped.
      for (int i = 0; i < 100; i++) {
        author.type(ada, "a line of some length, number " + i + "\n");
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
      author.type(ada, "live again");
      hub.settle();
      assertThat(slow.hear(RelayMessage.Edits.class).vector()).isNull();
    }
  }

  @Test
  void shouldTellTruthInPongWhenEditsWereLeftOut() {
    try (SteppedHub hub = new SteppedHub(directory, small())) {
      Line author = hub.open("notes");
      Line slow = hub.open("notes");
      author.type(ada, "seen");
      hub.settle();
      VersionVector seen = ada.version();
      slow.stopTaking();
      author.type(ada, "under way");
      hub.settle();
      VersionVector underWay = ada.version();
      for (int i = 0; i < 20; i++) {
        author.type(ada, "a line of some length, number " + i + "\n");
        hub.settle();
      }
      slow.say(new ClientMessage.Ping(5, 1, seen));
      hub.settle();
      // More, so that what waits is dropped once more, the answer not.
      for (int i = 0; i < 100; i++) {
        author.type(ada, "a line of some length, number " + i + "\n");
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
      Line author = hub.open("notes");
      for (int i = 0; i < 100; i++) {
        author.type(ada, "a line of some length, number " + i + "\n");
      }
      assertThat(author.unread()).isPositive();

      hub.settle();

      assertThat(author.unread()).isZero();
    }
  }

  @Test
  void shouldNotReadWhenAnswersAreNotTaken() {
    try (SteppedHub hub = new SteppedHub(directory, small())) {
      Line line = hub.open("notes");
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
      Line line = hub.open("notes");
      hub.store.failure = "no";
      line.type(ada, "hello");
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
      Line line = hub.open("notes");
      line.type(ada, "hello");
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
      Line line = hub.open("notes");
      hub.store.failure = "no";
      for (int i = 0; i < 10; i++) {
        line.type(ada, "a line of some length, number " + i + "\n");
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

  /** Vectors and digests speak of the same; the vector alone would speak of both. */
  @Test
  void shouldAcknowledgeASaveOfItsOwnChangesOnly() {
    try (SteppedHub hub = new SteppedHub(directory, small())) {
      Line line = hub.open("notes");
      line.type(ada, "abc");
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
      Line line = hub.open("notes");
      line.type(ada, "abc");
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

  @Test
  void shouldRefuseSnapshotFromClient() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.open("notes");
      Line other = hub.open("notes");
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
      Line author = hub.open("notes");
      Line reader = hub.open("notes");
      author.type(ada, "a line of some length\n".repeat(400));
      hub.settle();

      assertThat(reader.hear(RelayMessage.Edits.class).vector()).isEqualTo(ada.version());
    }
  }

  @Test
  void shouldRefuseClockWithoutSuccessor() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line last = hub.open("notes");
      Line beyond = hub.open("notes");
      Line other = hub.open("notes");
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
      Line line = hub.open("notes");
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
      Line author = hub.open("notes");
      author.type(ada, "much more than may come in within a second\n".repeat(1_000));
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
      hub.open("notes");
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
      Line author = hub.open("notes");
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
  void shouldHaveOneTimerForSavesThatWait() {
    try (SteppedHub hub = new SteppedHub(directory, RelayTimes.DEFAULT, RelayBounds.DEFAULT)) {
      Line line = hub.open("notes");
      hub.holdWrites();
      line.type(ada, "hello");
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
      Line hot = hub.open("hot");
      Line cool = hub.open("cool");
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
      Line author = hub.open("notes");
      Line reader = hub.open("notes");
      for (int i = 0; i < 10; i++) {
        author.type(ada, "x");
      }
      hub.settle();

      assertThat(reader.hearAll()).hasSize(1);
      author.hearNothing();
    }
  }

  @Test
  void shouldKeepOnlyNewestPresenceWhenConnectionIsSlow() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line author = hub.open("notes");
      Line slow = hub.open("notes");
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
      Line line = hub.open("notes");
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

  private void save(Line line, String id) {
    line.say(new ClientMessage.Save(1, id, ada.version(), Guarantee.FSYNCED));
  }

  /** Bounds that a few lines reach. */
  private static RelayBounds small() {
    return new Tuning().inboundBytes(4_000).outboundBytes(4_000).bounds();
  }
}
