package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DocumentId;
import dev.weft.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The session of a request that polls, step by step: when it ends, and what it leaves behind. */
class PollSessionTest {
  private static final RelayTimes TIMES = new Tuning().times();
  private static final Duration GRACE = Duration.ofMillis(250);
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final Entrance POLL = Entrance.ofPoll(ProtocolVersion.V1, "", NOTES);
  private static final int ENDED = CloseStatus.NORMAL;

  @RegisterExtension final Silence silence = Silence.of(LoadedDocument.class);

  @TempDir Path directory;

  private final TextDocument ada = TextDocument.create(new ReplicaId(1));

  @Test
  void shouldEndWhenCatchUpPingsAndSavesAreAnswered() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      hub.holdWrites();
      Line poll = begin(hub);
      ada.insert(0, "hello");
      poll.say(new ClientMessage.Edits(1, Payload.of(ada.changesSince(VersionVector.EMPTY)), null));
      poll.say(new ClientMessage.Ping(7, 1, null));
      poll.say(new ClientMessage.Save(1, "s1", ada.version(), Guarantee.FSYNCED));
      poll.end();
      hub.settle();
      poll.hear(RelayMessage.Opened.class);
      assertThat(poll.hear(RelayMessage.Pong.class).vector()).isEqualTo(ada.version());
      assertThat(poll.closeStatus).isZero();

      hub.releaseWrites();

      assertThat(poll.hear(RelayMessage.SaveAcknowledged.class).id()).isEqualTo("s1");
      assertThat(poll.closeStatus).isEqualTo(ENDED);
    }
  }

  @Test
  void shouldNotEndBeforeAnswersAreTaken() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line poll = begin(hub);
      poll.stopTaking();
      poll.say(new ClientMessage.Ping(7, 1, null));
      poll.end();
      hub.settle();
      assertThat(poll.closeStatus).isZero();

      poll.take();

      poll.hear(RelayMessage.Pong.class);
      assertThat(poll.closeStatus).isEqualTo(ENDED);
    }
  }

  @Test
  void shouldEndWhenSaveIsRefusedInTime() {
    RelayTimes hasty = new Tuning().saveEdits(GRACE.dividedBy(2)).times();
    try (SteppedHub hub = new SteppedHub(directory, hasty, RelayBounds.DEFAULT)) {
      Line poll = begin(hub);
      ada.insert(0, "never sent");
      poll.say(new ClientMessage.Save(1, "s1", ada.version(), Guarantee.FSYNCED));
      poll.end();
      hub.settle();
      assertThat(poll.closeStatus).isZero();

      hub.advance(hasty.saveEdits());

      assertThat(poll.hear(RelayMessage.SaveRefused.class).refusal().code())
          .isEqualTo(Codes.EDITS_MISSING);
      assertThat(poll.closeStatus).isEqualTo(ENDED);
    }
  }

  @Test
  void shouldEndWhenDocumentCannotBeHad() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      hub.store.readFailure = new StoreException("no");
      Line poll = begin(hub);
      poll.end();
      hub.settle();

      assertThat(poll.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.STORE_UNAVAILABLE);
      assertThat(poll.closeStatus).isEqualTo(ENDED);
    }
  }

  @Test
  void shouldEndWhenClientMayNotRead() {
    Doorkeeper door = new Doorkeeper();
    try (SteppedHub hub = new SteppedHub(directory, door, TIMES, RelayBounds.DEFAULT)) {
      Line poll = hub.connect(Entrance.ofPoll(ProtocolVersion.V1, "t1", NOTES));
      poll.say(new ClientMessage.Hello("test/1", "", Capabilities.NONE, ""));
      door.answer("t1", new Identity("ada", null, document -> DocumentAccess.NONE));
      poll.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      poll.end();
      hub.settle();

      assertThat(poll.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.UNAUTHORISED);
      assertThat(poll.closeStatus).isEqualTo(ENDED);
    }
  }

  @Test
  void shouldEndWithoutAnswerToSaveWhenStoreIsSlowAndGoOnInTheNext() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      hub.holdWrites();
      ada.insert(0, "hello");
      ClientMessage save = new ClientMessage.Save(1, "s1", ada.version(), Guarantee.FSYNCED);
      Line slow = begin(hub);
      slow.say(new ClientMessage.Edits(1, Payload.of(ada.changesSince(VersionVector.EMPTY)), null));
      slow.say(save);
      slow.end();
      hub.advance(GRACE.minusNanos(1));
      slow.hear(RelayMessage.Opened.class);
      assertThat(slow.closeStatus).isZero();

      hub.advance(Duration.ofNanos(1));

      assertThat(slow.closeStatus).isEqualTo(ENDED);
      assertThat(slow.hearAll()).noneMatch(RelayMessage.SaveAcknowledged.class::isInstance);
      Line next = begin(hub);
      next.say(save);
      next.end();
      hub.settle();
      assertThat(next.closeStatus).isZero();
      // What the first has asked for is all that it takes.
      hub.releaseWrites();
      assertThat(next.hear(RelayMessage.SaveAcknowledged.class).id()).isEqualTo("s1");
      assertThat(next.closeStatus).isEqualTo(ENDED);
      assertThat(hub.store.flushes.get()).isEqualTo(1);
    }
  }

  @Test
  void shouldLeaveNothingScheduledWhenRequestIsOver() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      begin(hub).end();
      hub.settle();
      int before = hub.scheduled();

      for (int i = 0; i < 3; i++) {
        begin(hub).end();
        Line refused = begin(hub);
        refused.say(new ClientMessage.Close(1));
        hub.settle();
        assertThat(refused.hear(RelayMessage.Fault.class).refusal().code())
            .isEqualTo(Codes.WRONG_STATE);
        Line vanished = begin(hub);
        vanished.vanish();
        hub.settle();
      }

      assertThat(hub.scheduled()).isEqualTo(before);
    }
  }

  @Test
  void shouldNotTakeRequestForIdleWhileItsAnswerIsTakenIn() {
    try (SteppedHub hub = new SteppedHub(directory, RelayTimes.DEFAULT, RelayBounds.DEFAULT)) {
      Line poll = begin(hub);
      poll.stopTaking();
      poll.say(new ClientMessage.Ping(7, 1, null));
      poll.end();
      for (int i = 0; i < 4; i++) {
        hub.advance(RelayTimes.DEFAULT.idle().minusSeconds(1));
        poll.takePiece();
      }
      poll.take();
      assertThat(poll.hearAll()).noneMatch(RelayMessage.Fault.class::isInstance);
      assertThat(poll.closeStatus).isEqualTo(ENDED);
    }
  }

  @Test
  void shouldRefuseRequestWhileRelayDrains() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      var unused =
          hub.hub.drain(
              Duration.ofSeconds(5), new RelayMessage.Drain("Stopping.", 5_000, 0, 0, List.of()));
      Line poll = hub.connect(POLL);

      RelayMessage.Fault fault = poll.hear(RelayMessage.Fault.class);
      assertThat(fault.refusal().code()).isEqualTo(Codes.DRAINING);
      assertThat(fault.refusal().retryable()).isTrue();
    }
  }

  @Test
  void shouldForgetPresenceThatWasLeftBehindWhenItIsOver() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      show(hub, presence(7, 1, 60_000));
      show(hub, presence(8, 1, Integer.MAX_VALUE));
      hub.advance(Duration.ofSeconds(59));
      assertThat(shown(hub)).extracting(Presence::participant).containsExactlyInAnyOrder(7L, 8L);
      hub.advance(Duration.ofSeconds(1));
      assertThat(shown(hub)).extracting(Presence::participant).containsExactly(8L);

      hub.advance(Duration.ofSeconds(60));

      assertThat(shown(hub)).isEmpty();
    }
  }

  @Test
  void shouldTellOthersForHowLongPresenceIsLeftBehind() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line other = hub.open("notes");
      show(hub, presence(7, 1, Integer.MAX_VALUE));

      assertThat(other.hear(Presence.class)).isEqualTo(presence(7, 1, 120_000));
      other.hearNothing();
    }
  }

  @Test
  void shouldNotShowParticipantToItsOwnerWhenNothingHasChanged() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      show(hub, presence(7, 1, 0));
      show(hub, presence(8, 1, 0));
      Line poll = begin(hub);
      poll.say(presence(7, 1, 0));
      poll.end();
      hub.settle();

      assertThat(poll.hear(Presence.class).participant()).isEqualTo(8);
      poll.hear(RelayMessage.Opened.class);
      poll.hear(RelayMessage.Welcome.class);
      poll.hearNothing();
    }
  }

  @Test
  void shouldBoundPresenceThatIsLeftBehind() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      for (int participant = 1; participant <= 300; participant++) {
        show(hub, presence(participant, 1, 0));
      }

      assertThat(shown(hub)).hasSize(256);
    }
  }

  @Test
  void shouldSayThatParticipantIsGoneWhenRequestSaysSo() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line other = hub.open("notes");
      show(hub, presence(7, 1, 0));
      other.hear(Presence.class);

      show(hub, Presence.gone(1, 7, 2));

      assertThat(other.hear(Presence.class)).isEqualTo(Presence.gone(1, 7, 2));
      assertThat(shown(hub)).isEmpty();
    }
  }

  @Test
  void shouldKeepDocumentOpenBetweenRequests() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      for (int i = 0; i < 30; i++) {
        begin(hub).end();
        hub.advance(TIMES.idleDocument().minusSeconds(1));
      }
      assertThat(hub.store.loads.get()).isEqualTo(1);
      assertThat(hub.hub.openDocument(NOTES)).isNotNull();

      hub.advance(Duration.ofSeconds(1));

      assertThat(hub.hub.openDocument(NOTES)).isNull();
    }
  }

  /** Says hello and opens the document in a request. */
  private static Line begin(SteppedHub hub) {
    Line poll = hub.connect(POLL);
    poll.say(new ClientMessage.Hello("test/1", "", Capabilities.NONE, ""));
    poll.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
    hub.settle();
    return poll;
  }

  private static void show(SteppedHub hub, Presence presence) {
    Line poll = begin(hub);
    poll.say(presence);
    poll.end();
    hub.settle();
    assertThat(poll.closeStatus).isEqualTo(ENDED);
  }

  /** Returns whom a request is shown that shows nobody. */
  private static List<Presence> shown(SteppedHub hub) {
    Line poll = begin(hub);
    poll.end();
    hub.settle();
    return poll.hearAll().stream()
        .filter(Presence.class::isInstance)
        .map(Presence.class::cast)
        .toList();
  }

  @Test
  void shouldTellOfDrainWhenHelloHasNotCome() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line poll = hub.connect(POLL);
      CompletableFuture<Void> drained =
          hub.hub.drain(
              Duration.ofSeconds(3), new RelayMessage.Drain("test", 3_000, 0, 0, List.of()));
      hub.settle();

      assertThat(poll.hear(RelayMessage.Fault.class).refusal().code()).isEqualTo(Codes.DRAINING);
      assertThat(drained).isDone();
    }
  }

  private static Presence presence(long participant, long clock, int expiresAfterMillis) {
    return new Presence(
        1, participant, clock, false, expiresAfterMillis, "Ada", 0, List.of(), Payload.EMPTY);
  }
}
