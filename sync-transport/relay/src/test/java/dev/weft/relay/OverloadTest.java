package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DocumentId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a relay does about too much: slower reading, said why; and what it leaves out, in order. */
class OverloadTest {
  private static final RelayTimes TIMES = new Tuning().times();

  /** So little that a test comes to it: ten messages a second, forty at once. */
  private static final Allowances FEW = new Allowances(10, 1 << 20, 1_000, 16 << 20);

  private static final Allowances FEW_FOR_ALL = new Allowances(1_000, 8 << 20, 10, 16 << 20);

  @RegisterExtension
  final Silence silence = Silence.of(OpenDocument.class, WriteBehind.class, StoreHealth.class);

  @TempDir Path directory;
  private TextDocument ada;

  @BeforeEach
  void setUp() {
    ada = TextDocument.create(new ReplicaId(1));
  }

  private static double count(SteppedHub hub, String name, String... tags) {
    return hub.meters.get(name).tags(tags).counter().count();
  }

  // --- Allowances ---

  @Test
  void shouldReadNoFasterThanAllowedAndSayWhy() {
    try (SteppedHub hub = new SteppedHub(directory, new Tuning().allowances(FEW).bounds())) {
      Line line = hub.open("notes");
      for (int i = 0; i < 100; i++) {
        line.type(ada, "x");
      }
      hub.settle();

      // Hello, Open and thirty-nine keystrokes: what may come at once, and the one that is too
      // much.
      assertThat(line.unread()).isEqualTo(61);
      RelayMessage.Throttle throttle = line.hear(RelayMessage.Throttle.class);
      assertThat(throttle.channel()).isZero();
      assertThat(throttle.code()).isEqualTo(Codes.TOO_FAST);
      assertThat(throttle.windowMillis()).isPositive();
      assertThat(throttle.lastsMillis()).isPositive();
      assertThat(count(hub, "weft.throttles", "code", "too-fast")).isOne();

      hub.advance(Duration.ofSeconds(2));
      assertThat(line.unread()).isEqualTo(41);
      hub.advance(Duration.ofSeconds(5));
      assertThat(line.unread()).isZero();
      // It is said again while it goes on, but not with each message.
      assertThat(line.hearAll())
          .filteredOn(RelayMessage.Throttle.class::isInstance)
          .hasSizeBetween(3, 7);
    }
  }

  @Test
  void shouldNotSlowOthersForOneWhoSendsTooMuch() {
    try (SteppedHub hub = new SteppedHub(directory, new Tuning().allowances(FEW).bounds())) {
      Line loud = hub.open("notes");
      Line quiet = hub.open("notes");
      for (int i = 0; i < 100; i++) {
        loud.type(ada, "x");
      }
      hub.settle();
      quiet.hearAll();

      quiet.say(new ClientMessage.Ping(7, 1, null));
      hub.settle();

      assertThat(quiet.hear(RelayMessage.Pong.class).nonce()).isEqualTo(7);
      assertThat(loud.unread()).isPositive();
    }
  }

  @Test
  void shouldKeepAllWritersOfADocumentTogetherToItsAllowance() {
    try (SteppedHub hub =
        new SteppedHub(directory, new Tuning().allowances(FEW_FOR_ALL).bounds())) {
      Line one = hub.open("notes");
      Line two = hub.open("notes");
      Line elsewhere = hub.open("letter");
      for (int i = 0; i < 30; i++) {
        one.say(new ClientMessage.Ping(i, 1, null));
        two.say(new ClientMessage.Ping(i, 1, null));
        elsewhere.say(new ClientMessage.Ping(i, 1, null));
      }
      hub.settle();

      assertThat(one.unread() + two.unread()).isBetween(20, 22);
      assertThat(elsewhere.unread()).isZero();
      assertThat(two.hear(RelayMessage.Throttle.class).channel()).isOne();
      hub.advance(Duration.ofSeconds(3));
      assertThat(one.unread() + two.unread()).isZero();
    }
  }

  @Test
  void shouldNotTakeWhoIsReadSlowlyForSilent() {
    Tuning tuning = new Tuning().idle(Duration.ofSeconds(1)).allowances(FEW);
    try (SteppedHub hub = new SteppedHub(directory, tuning.times(), tuning.bounds())) {
      Line line = hub.open("notes");
      for (int i = 0; i < 150; i++) {
        line.say(new ClientMessage.Ping(i, 0, null));
      }
      hub.advance(Duration.ofSeconds(10));

      assertThat(line.closeStatus).isZero();
      assertThat(line.unread()).isPositive();
    }
  }

  @Test
  void shouldLeaveNoTimerBehindOfWhoIsGone() {
    try (SteppedHub hub = new SteppedHub(directory, new Tuning().allowances(FEW).bounds())) {
      Line line = hub.greet();
      for (int i = 0; i < 100; i++) {
        line.say(new ClientMessage.Ping(i, 0, null));
      }
      assertThat(line.unread()).isPositive();

      line.vanish();
      hub.settle();

      assertThat(hub.scheduled()).isZero();
    }
  }

  // --- Load ---

  private static LoadBounds bounds(int presence, int keystrokes, int openings) {
    return new LoadBounds(
        Duration.ofMillis(presence),
        Duration.ofMillis(keystrokes),
        Duration.ofMillis(openings),
        1 << 30,
        1L << 40);
  }

  /** Has documents wait for their workers, for longer than a slot. */
  private static void makeWait(SteppedHub hub, Duration each) {
    for (int i = 0; i < 200; i++) {
      hub.hub.load().waited(each.toNanos());
      hub.pass(Duration.ofMillis(5));
    }
  }

  @Test
  void shouldLeaveOutPresenceFirst() {
    try (SteppedHub hub =
        new SteppedHub(directory, new Tuning().load(bounds(10, 20, 200)).bounds())) {
      Line line = hub.open("notes");
      Line other = hub.open("notes");
      makeWait(hub, Duration.ofMillis(15));
      other.hearAll();

      line.say(presence(1));
      line.type(ada, "x");
      hub.settle();

      assertThat(other.hearAll()).noneMatch(Presence.class::isInstance);
      assertThat(count(hub, "weft.shed", "what", "presence")).isOne();
      assertThat(count(hub, "weft.shed", "what", "keystroke-frequency")).isZero();
      // It is shown again now and then, and then it is news.
      hub.pass(Duration.ofSeconds(2));
      line.say(presence(1));
      hub.settle();
      assertThat(other.hear(Presence.class).clock()).isOne();
    }
  }

  private static Presence presence(long clock) {
    return new Presence(1, 5, clock, false, 0, "ada", 0, List.of(), Payload.EMPTY);
  }

  @Test
  void shouldAskToGatherKeystrokesNextAndTakeThemAllTheSame() {
    try (SteppedHub hub =
        new SteppedHub(directory, new Tuning().load(bounds(10, 20, 200)).bounds())) {
      Line line = hub.open("notes");
      Line other = hub.open("notes");
      makeWait(hub, Duration.ofMillis(30));

      line.type(ada, "x");
      hub.settle();

      RelayMessage.Throttle throttle = line.hear(RelayMessage.Throttle.class);
      assertThat(throttle.code()).isEqualTo(Codes.OVERLOADED);
      assertThat(throttle.windowMillis()).isBetween(100, 140);
      assertThat(other.hear(RelayMessage.Edits.class).changes().isEmpty()).isFalse();
      assertThat(count(hub, "weft.shed", "what", "keystroke-frequency")).isOne();
      assertThat(count(hub, "weft.shed", "what", "opening")).isZero();
    }
  }

  @Test
  void shouldOpenNoMoreDocumentsLastAndNeverRefuseASaveForIt() {
    try (SteppedHub hub =
        new SteppedHub(directory, new Tuning().load(bounds(10, 20, 200)).bounds())) {
      Line line = hub.open("notes");
      makeWait(hub, Duration.ofMillis(300));

      Line late = hub.greet();
      late.say(new ClientMessage.Open(1, "letter", VersionVector.EMPTY));
      late.say(new ClientMessage.Open(2, "notes", VersionVector.EMPTY));
      line.type(ada, "x");
      line.say(new ClientMessage.Save(1, "s1", ada.version(), Guarantee.FSYNCED));
      hub.settle();

      RelayMessage.Fault fault = late.hear(RelayMessage.Fault.class);
      assertThat(fault.channel()).isOne();
      assertThat(fault.refusal().code()).isEqualTo(Codes.OVERLOADED);
      assertThat(fault.refusal().retryAfterMillis()).isPositive();
      assertThat(late.hear(RelayMessage.Opened.class).channel()).isEqualTo(2);
      assertThat(line.hear(RelayMessage.SaveAcknowledged.class).id()).isEqualTo("s1");
      assertThat(count(hub, "weft.shed", "what", "opening")).isOne();
    }
  }

  @Test
  void shouldLeaveOutNothingWhereOnlyOneHadToWaitLong() {
    try (SteppedHub hub =
        new SteppedHub(directory, new Tuning().load(bounds(10, 20, 200)).bounds())) {
      Line line = hub.open("notes");
      hub.hub.load().waited(Duration.ofSeconds(5).toNanos());
      hub.pass(Duration.ofSeconds(1));

      line.type(ada, "x");
      hub.settle();

      assertThat(line.hearAll()).noneMatch(RelayMessage.Throttle.class::isInstance);
      assertThat(hub.hub.load().keystrokeWindowMillis()).isZero();
    }
  }

  @Test
  void shouldOpenNoMoreThanFitsIntoMemory() {
    LoadBounds little =
        new LoadBounds(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            1 << 30,
            DocumentSize.BASE_BYTES + 60_000);
    try (SteppedHub hub = new SteppedHub(directory, new Tuning().load(little).bounds())) {
      Line line = hub.open("notes");
      line.type(ada, "a long line ".repeat(2_000));
      hub.advance(TIMES.writeBehind());

      line.say(new ClientMessage.Open(2, "letter", VersionVector.EMPTY));
      hub.settle();
      assertThat(line.hear(RelayMessage.Fault.class).refusal().code()).isEqualTo(Codes.OVERLOADED);

      // What nobody has open any more makes room, with nothing lost.
      line.say(new ClientMessage.Close(1));
      hub.settle();
      line.say(new ClientMessage.Open(3, "letter", VersionVector.EMPTY));
      hub.settle();
      assertThat(line.hear(RelayMessage.Opened.class).channel()).isEqualTo(3);
      assertThat(hub.hub.load().documentBytes()).isLessThan(DocumentSize.BASE_BYTES + 60_000);
    }
  }

  // --- The store ---

  @Test
  void shouldTellEverybodyThatTheStoreFailsAndThatItIsWellAgain() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line writer = hub.open("notes");
      Line reader = hub.open("letter");
      hub.store.failure = "the disk is full";
      writer.type(ada, "x");
      for (int i = 0; i < 4; i++) {
        hub.advance(TIMES.storeRetry());
      }
      hub.advance(TIMES.writeBehind());

      RelayMessage.StoreState failing = reader.hear(RelayMessage.StoreState.class);
      assertThat(failing.available()).isFalse();
      assertThat(failing.code()).isEqualTo(Codes.STORE_UNAVAILABLE);
      assertThat(writer.hear(RelayMessage.StoreState.class)).isEqualTo(failing);
      assertThat(hub.greet().hear(RelayMessage.StoreState.class)).isEqualTo(failing);
      assertThat(hub.meters.get("weft.store.available").gauge().value()).isZero();

      // Keystrokes go on; a save is refused at once, without a try.
      int tried = hub.store.attempts.get();
      Line other = hub.open("notes");
      other.hearAll();
      writer.type(ada, "y");
      writer.say(new ClientMessage.Save(1, "s1", ada.version(), Guarantee.FSYNCED));
      hub.settle();
      assertThat(other.hear(RelayMessage.Edits.class).changes().isEmpty()).isFalse();
      assertThat(writer.hear(RelayMessage.SaveRefused.class).refusal().code())
          .isEqualTo(Codes.STORE_UNAVAILABLE);
      assertThat(hub.store.attempts.get()).isEqualTo(tried);

      hub.store.failure = null;
      hub.advance(TIMES.storeRetry());
      assertThat(reader.hear(RelayMessage.StoreState.class).available()).isTrue();
      assertThat(writer.hear(RelayMessage.Durable.class).vector()).isEqualTo(ada.version());
      assertThat(hub.meters.get("weft.store.available").gauge().value()).isOne();
    }
  }

  /** However many documents wait, one of them tries. */
  @Test
  void shouldLeaveAStoreThatFailsAloneButForOneTryAtATime() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.greet();
      for (int channel = 1; channel <= 50; channel++) {
        line.say(new ClientMessage.Open(channel, "notes" + channel, VersionVector.EMPTY));
        hub.settle();
        TextDocument text = TextDocument.create(new ReplicaId(channel));
        text.insert(0, "x");
        line.say(
            new ClientMessage.Edits(
                channel, Payload.of(text.changesSince(VersionVector.EMPTY)), null));
      }
      hub.store.failure = "no";
      hub.advance(Duration.ofSeconds(2));
      int before = hub.store.attempts.get();

      hub.advance(TIMES.storeRetry().multipliedBy(10));

      // One of them for each time that it is tried.
      assertThat(hub.store.attempts.get() - before).isBetween(9, 11);
      hub.store.failure = null;
      hub.advance(TIMES.storeRetry().multipliedBy(2));
      assertThat(hub.store.documents()).hasSize(50);
    }
  }

  @Test
  void shouldTellThatTheStoreIsWellAgainThoughNobodyHasAnythingToWrite() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line writer = hub.open("notes");
      Line reader = hub.open("letter");
      hub.store.failure = "no";
      writer.type(ada, "x");
      hub.advance(Duration.ofSeconds(1));
      assertThat(reader.hear(RelayMessage.StoreState.class).available()).isFalse();
      OpenDocument document = Objects.requireNonNull(hub.hub.openDocument(new DocumentId("notes")));
      document.readAnew(new IllegalStateException("given up, for the test"));
      hub.settle();

      hub.store.failure = null;
      hub.advance(TIMES.storeRetry().multipliedBy(2));

      assertThat(reader.hear(RelayMessage.StoreState.class).available()).isTrue();
      assertThat(hub.hub.load().unwrittenBytes()).isZero();
    }
  }

  @Test
  void shouldTellThatTheStoreIsSlowWhileItIs() {
    Duration slow = Duration.ofSeconds(2);
    RelayTimes times = new Tuning().storeSlow(slow).times();
    try (SteppedHub hub = new SteppedHub(directory, times, RelayBounds.DEFAULT)) {
      Line line = hub.open("notes");
      line.hearAll();
      StoreHealth.Attempt attempt = Objects.requireNonNull(hub.hub.storeHealth().begin());

      hub.advance(slow.minusMillis(1));
      line.hearNothing();
      hub.advance(Duration.ofMillis(1));
      assertThat(line.hear(RelayMessage.StoreState.class).code()).isEqualTo(Codes.STORE_SLOW);

      attempt.written();
      assertThat(line.hear(RelayMessage.StoreState.class).available()).isTrue();
    }
  }

  @Test
  void shouldRefuseSavesWithATimeWhereTooMuchWaitsForTheStore() {
    LoadBounds little =
        new LoadBounds(
            Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 1_000, 1L << 40);
    try (SteppedHub hub = new SteppedHub(directory, new Tuning().load(little).bounds())) {
      Line full = hub.open("notes");
      Line other = hub.open("letter");
      hub.holdWrites();
      full.type(ada, "a line ".repeat(100));
      hub.settle();
      assertThat(hub.hub.load().keystrokeWindowMillis()).isPositive();
      full.type(ada, "a line ".repeat(100));
      hub.settle();

      // All documents share the room.
      other.say(
          new ClientMessage.Save(
              1, "s1", VersionVector.of(new ReplicaId(9), 1), Guarantee.FSYNCED));
      hub.settle();
      RelayMessage.SaveRefused refused = other.hear(RelayMessage.SaveRefused.class);
      assertThat(refused.refusal().code()).isEqualTo(Codes.OVERLOADED);
      assertThat(refused.refusal().retryable()).isTrue();
      assertThat(refused.refusal().retryAfterMillis()).isPositive();

      hub.releaseWrites();
      hub.advance(TIMES.writeBehind().multipliedBy(2));
      assertThat(hub.hub.load().unwrittenBytes()).isZero();
      assertThat(full.hear(RelayMessage.Durable.class).vector()).isEqualTo(ada.version());
    }
  }

  // --- What users tell ---

  @Test
  void shouldCountWhatClientsReport() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.greet();
      line.say(new ClientMessage.Report(List.of(1_000, 3_000), List.of(20_000)));
      hub.settle();

      assertThat(hub.meters.get("weft.client.keystrokes").timer().count()).isEqualTo(2);
      assertThat(hub.meters.get("weft.client.saves").timer().count()).isOne();
      line.hearNothing();
    }
  }

  @Test
  void shouldTimeKeystrokesAndSavesByWhatTheyComeTo() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.open("notes");
      hub.open("notes");
      line.type(ada, "x");
      line.say(new ClientMessage.Save(1, "s1", ada.version(), Guarantee.FSYNCED));
      line.say(
          new ClientMessage.Save(
              1, "s2", ada.version(), new Guarantee(Guarantee.Level.REPLICATED, 3)));
      hub.settle();

      assertThat(hub.meters.get("weft.keystrokes").timer().count()).isOne();
      assertThat(hub.meters.get("weft.saves").tags("outcome", "acknowledged").timer().count())
          .isOne();
      assertThat(hub.meters.get("weft.saves").tags("outcome", "refused").timer().count()).isOne();
      assertThat(count(hub, "weft.refusals", "code", "guarantee-unavailable")).isOne();
      assertThat(count(hub, "weft.frames.received", "kind", "edits")).isOne();
      assertThat(count(hub, "weft.changes")).isOne();
      assertThat(hub.meters.get("weft.connections.all").gauge().value()).isEqualTo(2);
      assertThat(hub.meters.get("weft.documents.open").gauge().value()).isOne();
    }
  }
}
