package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Payload;
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

/** That tokens are asked about again, all of them, a few at a time. */
class RecheckTest {
  private static final Identity ADA = Identity.ofWriter("ada");
  private static final Identity BEN = Identity.ofWriter("ben");

  @RegisterExtension final Silence silence = Silence.of(Admission.class);

  @TempDir Path directory;

  private final Doorkeeper door = new Doorkeeper();

  @Test
  void shouldRefuseConnectionWhoseTokenIsNotGoodAnyMore() {
    try (SteppedHub hub = hub()) {
      Line line = admitted(hub, "t1", ADA);
      recheck(hub);
      door.answer("t1", Authenticator.Refused.unauthorised("Not any more."));

      RelayMessage.Fault fault = line.hear(RelayMessage.Fault.class);
      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CONNECTION);
      assertThat(fault.refusal().code()).isEqualTo(Codes.UNAUTHORISED);
      assertThat(line.closeStatus).isEqualTo(1008);
      assertThat(hub.hub.admissions().size()).isZero();
    }
  }

  @Test
  void shouldTellAccessThatIsAnother() {
    try (SteppedHub hub = hub()) {
      Line line = admitted(hub, "t1", ADA);
      line.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      hub.settle();
      line.hearAll();
      recheck(hub);
      door.answer("t1", new Identity("ada", null, document -> DocumentAccess.READ));
      hub.settle();

      assertThat(line.hear(RelayMessage.Opened.class).access()).isEqualTo(RelayMessage.Access.READ);
      recheck(hub);
      door.answer("t1", new Identity("ada", null, document -> DocumentAccess.NONE));
      hub.settle();
      assertThat(line.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.UNAUTHORISED);
      assertThat(line.closeStatus).isZero();
    }
  }

  @Test
  void shouldAskAgainWhenAnswerWasUnderWay() {
    try (SteppedHub hub = hub()) {
      Line line = hub.connect();
      line.say(Polls.hello("t1"));
      recheck(hub);
      assertThat(door.questions()).isEqualTo(1);
      door.answer("t1", ADA);
      line.hear(RelayMessage.Welcome.class);

      door.answer("t1", Authenticator.Refused.unauthorised("Not any more."));

      assertThat(line.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.UNAUTHORISED);
    }
  }

  @Test
  void shouldAskAboutTheTokenThatWasGivenLast() {
    try (SteppedHub hub = hub()) {
      Line line = admitted(hub, "t1", ADA);
      line.say(new ClientMessage.Renew("t2"));
      door.answer("t2", ADA);
      recheck(hub);

      door.answer("t2", ADA);

      assertThat(door.questions()).isZero();
      assertThat(line.hearAll()).hasSize(2);
    }
  }

  @Test
  void shouldAskAboutBearersOfAName() {
    try (SteppedHub hub = hub()) {
      admitted(hub, "t1", ADA);
      admitted(hub, "t2", BEN);

      hub.hub.admissions().recheck("ben");
      hub.advance(Admissions.PAUSE);

      assertThat(door.questions()).isEqualTo(1);
      door.answer("t2", BEN);
    }
  }

  @Test
  void shouldAskAboutAllAndAboutFewAtATime() {
    int many = 3 * Admissions.AT_ONCE;
    try (SteppedHub hub = hub()) {
      List<Line> lines = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        lines.add(admitted(hub, "t" + i, ADA));
      }
      recheck(hub);
      recheck(hub);

      int answered = 0;
      while (door.questions() > 0) {
        assertThat(door.questions()).isLessThanOrEqualTo(Admissions.AT_ONCE);
        assertThat(answered).isLessThan(2 * many);
        answered++;
        door.answerNext(Authenticator.Refused.unauthorised("Not any more."));
        hub.advance(Admissions.PAUSE);
      }

      assertThat(lines).allMatch(line -> line.closeStatus == 1008);
      assertThat(answered).isEqualTo(many);
    }
  }

  @Test
  void shouldGoOnWhenAnswersDoNotComeOrClientsGoOrRenewWithoutEnd() {
    try (SteppedHub hub = hub()) {
      List<Line> lines = new ArrayList<>();
      for (int i = 0; i < 3 * Admissions.AT_ONCE; i++) {
        lines.add(admitted(hub, "t" + i, ADA));
      }
      recheck(hub);
      assertThat(door.questions()).isEqualTo(Admissions.AT_ONCE);
      lines.get(0).vanish();
      hub.advance(Admissions.PAUSE);
      assertThat(door.questions()).isEqualTo(Admissions.AT_ONCE + 1);

      Line renewing = lines.get(1);
      renewing.say(new ClientMessage.Renew("again"));
      door.drop();
      door.answerNext(ADA);
      hub.advance(Admissions.PAUSE);
      assertThat(door.questions()).isEqualTo(Admissions.AT_ONCE + 1);

      hub.advance(RelayTimes.DEFAULT.hello());
      hub.advance(Admissions.PAUSE);
      assertThat(door.questions()).isGreaterThan(2 * Admissions.AT_ONCE);
      assertThat(lines.get(2).hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.OVERLOADED);
    }
  }

  @Test
  void shouldGreetOnceInARequestThatPolls() {
    try (SteppedHub hub = hub()) {
      Line line = hub.connect(Entrance.ofPoll(ProtocolVersion.V1, "t1", new DocumentId("notes")));
      line.say(Polls.hello());
      door.answer("t1", ADA);
      recheck(hub);
      door.answer("t1", ADA);
      assertThat(line.hearAll()).hasSize(1);

      recheck(hub);
      door.answer("t1", Authenticator.Refused.unauthorised("Not any more."));

      assertThat(line.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.UNAUTHORISED);
    }
  }

  @Test
  void shouldLeaveNothingBehindWhenConnectionsAreGone() {
    Authenticator silent = (token, peer) -> new CompletableFuture<>();
    try (SteppedHub hub =
        new SteppedHub(directory, silent, RelayTimes.DEFAULT, RelayBounds.DEFAULT)) {
      Line line = hub.connect();
      line.say(Polls.hello("t1"));
      assertThat(hub.hub.admissions().size()).isEqualTo(1);
      recheck(hub);

      line.vanish();
      hub.advance(Duration.ofMinutes(1));

      assertThat(hub.hub.admissions().size()).isZero();
      assertThat(hub.scheduled()).isZero();
    }
  }

  private SteppedHub hub() {
    return new SteppedHub(directory, door, RelayTimes.DEFAULT, RelayBounds.DEFAULT);
  }

  private static void recheck(SteppedHub hub) {
    hub.hub.admissions().recheck(null);
    hub.advance(Duration.ZERO);
  }

  private Line admitted(SteppedHub hub, String token, Identity identity) {
    Line line = hub.connect();
    line.say(Polls.hello(token));
    door.answer(token, identity);
    line.hear(RelayMessage.Welcome.class);
    return line;
  }

  /** What an Open says of access was found out before the revocation, and is applied behind it. */
  @Test
  void shouldNotGiveBackAccessThatWasTakenWhileAnOpenWaited() {
    TextDocument ada = TextDocument.create(new ReplicaId(1));
    try (SteppedHub hub = hub()) {
      Line line = hub.connect();
      line.say(Polls.hello("t1"));
      door.answer("t1", ADA);
      line.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      hub.settle();
      line.hearAll();

      // A document whose worker is busy: nothing of it runs for now.
      line.say(new ClientMessage.Renew("t1"));
      door.answer("t1", ADA);
      line.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      List<Runnable> busy = new ArrayList<>(hub.workers);
      hub.workers.clear();
      hub.hub.admissions().recheck(null);
      hub.advance(Duration.ZERO);
      door.answer("t1", new Identity("ada", null, document -> DocumentAccess.READ));
      hub.workers.addAll(busy);
      hub.advance(Duration.ofSeconds(1));

      List<RelayMessage> heard = line.hearAll();
      ada.insert(0, "after the revocation");
      line.say(new ClientMessage.Edits(1, Payload.of(ada.changesSince(VersionVector.EMPTY)), null));
      hub.advance(Duration.ofSeconds(5));
      assertThat(hub.store.version(new DocumentId("notes")).isEmpty())
          .as("what a reader writes is not stored; it was told %s", heard)
          .isTrue();
    }
  }
}
