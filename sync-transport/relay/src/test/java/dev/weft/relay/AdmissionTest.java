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
import dev.weft.protocol.RelayMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, to do what, for how long; and what a token that is renewed changes. */
class AdmissionTest {
  private static final RelayTimes TIMES = RelayTimes.DEFAULT;

  @RegisterExtension final Silence silence = Silence.of(Admission.class);

  @TempDir Path directory;

  private final Doorkeeper door = new Doorkeeper();
  private final TextDocument ada = TextDocument.create(new ReplicaId(1));

  @Test
  void shouldReadNothingBehindHelloBeforeTokenIsChecked() {
    try (SteppedHub hub = hub()) {
      Line line = hub.connect();
      hello(line, "t1");
      line.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      line.say(new ClientMessage.Ping(1, 0, null));
      hub.settle();
      assertThat(line.unread()).isEqualTo(2);
      assertThat(line.maxFrameBytes).isLessThan(RelayBounds.DEFAULT.inboundBytes());
      line.hearNothing();

      door.answer("t1", Identity.ofWriter("ada"));
      hub.settle();

      assertThat(line.unread()).isZero();
      List<RelayMessage> heard = line.hearAll();
      assertThat(heard).hasSize(3);
      assertThat(heard.get(0)).isInstanceOf(RelayMessage.Welcome.class);
      assertThat(heard.get(1)).isEqualTo(new RelayMessage.Pong(1, 0, null));
      assertThat(((RelayMessage.Opened) heard.get(2)).access())
          .isEqualTo(RelayMessage.Access.WRITE);
    }
  }

  @Test
  void shouldRefuseConnectionWhenTokenIsRefused() {
    try (SteppedHub hub = hub()) {
      Line line = hub.connect();
      hello(line, "wrong");
      door.answer("wrong", Authenticator.Refused.unauthorised("That token is not known."));
      hub.settle();

      RelayMessage.Fault fault = line.hear(RelayMessage.Fault.class);
      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CONNECTION);
      assertThat(fault.refusal().code()).isEqualTo(Codes.UNAUTHORISED);
      assertThat(fault.refusal().retryable()).isFalse();
      assertThat(line.closeStatus).isEqualTo(1008);
      line.hearNothing();
    }
  }

  @Test
  void shouldRefuseConnectionForNowWhenTokenCannotBeChecked() {
    Authenticator broken =
        (token, peer) -> {
          throw new IllegalStateException("thrown by a test");
        };
    try (SteppedHub hub = hub();
        SteppedHub throwing =
            new SteppedHub(directory.resolve("b"), broken, TIMES, RelayBounds.DEFAULT)) {
      Line line = hub.connect();
      hello(line, "t1");
      door.fail("t1");
      Line other = throwing.connect();
      hello(other, "t1");

      for (Line each : List.of(line, other)) {
        RelayMessage.Fault fault = each.hear(RelayMessage.Fault.class);
        assertThat(fault.refusal().code()).isEqualTo(Codes.INTERNAL);
        assertThat(fault.refusal().retryable()).isTrue();
        assertThat(fault.refusal().reason()).doesNotContain("thrown");
      }
    }
  }

  @Test
  void shouldRefuseConnectionInTimeWhenAuthenticatorHangs() {
    try (SteppedHub hub = hub()) {
      Line line = hub.connect();
      hub.advance(TIMES.hello().minusMillis(1));
      hello(line, "t1");
      hub.settle();
      line.hearNothing();

      hub.advance(Duration.ofMillis(1));

      assertThat(line.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.HELLO_TIMEOUT);
      door.answer("t1", Identity.ofWriter("ada"));
      hub.settle();
      line.hearNothing();
    }
  }

  @Test
  void shouldRefuseConnectionWhenTokenIsOver() {
    try (SteppedHub hub = hub()) {
      Line line = hub.connect();
      hello(line, "t1");
      door.answer("t1", writer(Duration.ofMinutes(2)));
      assertThat(line.hear(RelayMessage.Welcome.class).tokenValidMillis()).isEqualTo(120_000);
      stayAlive(hub, line, Duration.ofMinutes(2).minusMillis(1));

      hub.advance(Duration.ofMillis(1));

      RelayMessage.Fault fault = line.hear(RelayMessage.Fault.class);
      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CONNECTION);
      assertThat(fault.refusal().code()).isEqualTo(Codes.TOKEN_EXPIRED);
      assertThat(fault.refusal().retryable()).isFalse();
    }
  }

  @Test
  void shouldStayConnectedWhenTokenIsRenewedInTime() {
    try (SteppedHub hub = hub()) {
      Line line = hub.connect();
      hello(line, "t1");
      door.answer("t1", writer(Duration.ofMinutes(2)));
      line.hear(RelayMessage.Welcome.class);
      stayAlive(hub, line, Duration.ofMinutes(2).minusMillis(1));
      line.say(new ClientMessage.Renew("t2"));
      // The old one ends while the new one is being checked.
      hub.advance(Duration.ofSeconds(1));
      line.hearNothing();
      door.answer("t2", writer(Duration.ofMinutes(3)));

      assertThat(line.hear(RelayMessage.Welcome.class).tokenValidMillis()).isEqualTo(180_000);
      stayAlive(hub, line, Duration.ofMinutes(3).minusMillis(1));
      hub.advance(Duration.ofMillis(1));
      assertThat(line.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.TOKEN_EXPIRED);
    }
  }

  @Test
  void shouldRefuseConnectionWhenRenewedTokenIsRefusedOrNotChecked() {
    try (SteppedHub hub = hub()) {
      Line refused = admitted(hub, Identity.ofWriter("ada"));
      refused.say(new ClientMessage.Renew("t2"));
      door.answer("t2", Authenticator.Refused.tokenExpired("That token is over."));
      assertThat(refused.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.TOKEN_EXPIRED);
      Line hanging = admitted(hub, Identity.ofWriter("ada"));
      hanging.say(new ClientMessage.Renew("t3"));
      hub.advance(TIMES.hello());

      RelayMessage.Fault fault = hanging.hear(RelayMessage.Fault.class);

      assertThat(fault.refusal().code()).isEqualTo(Codes.OVERLOADED);
      assertThat(fault.refusal().retryable()).isTrue();
    }
  }

  @Test
  void shouldCheckOneTokenAtATimeAndGoOnReadingMeanwhile() {
    try (SteppedHub hub = hub()) {
      Line line = admitted(hub, Identity.ofWriter("ada"));
      for (int i = 2; i < 100; i++) {
        line.say(new ClientMessage.Renew("t" + i));
      }
      line.say(new ClientMessage.Ping(7, 0, null));
      assertThat(line.hear(RelayMessage.Pong.class).nonce()).isEqualTo(7);
      assertThat(door.questions()).isEqualTo(1);

      door.answer("t2", writer(Duration.ofMinutes(2)));

      assertThat(door.questions()).isEqualTo(1);
      door.answer("t99", writer(Duration.ofMinutes(3)));
      assertThat(door.questions()).isZero();
      assertThat(line.hearAll()).hasSize(2);
    }
  }

  @Test
  void shouldGiveEachTokenItsOwnTimeToBeChecked() {
    try (SteppedHub hub = hub()) {
      Line line = admitted(hub, Identity.ofWriter("ada"));
      hub.advance(TIMES.hello().minusMillis(1));
      line.say(new ClientMessage.Renew("t2"));

      hub.advance(TIMES.hello().minusMillis(1));

      line.hearNothing();
      door.answer("t2", Identity.ofWriter("ada"));
      assertThat(line.hearAll()).hasSize(1);
    }
  }

  @Test
  void shouldTakeNothingInWhenClientMayOnlyRead() {
    try (SteppedHub hub = hub()) {
      Line author = open(hub, Identity.ofWriter("ada"));
      Line reader = open(hub, of(Map.of("notes", DocumentAccess.READ)));
      author.type(ada, "hello");
      hub.settle();
      assertThat(reader.hear(RelayMessage.Edits.class).changes().isEmpty()).isFalse();
      TextDocument own = TextDocument.create(new ReplicaId(2));
      own.insert(0, "mine");

      reader.say(edits(own));
      reader.say(new ClientMessage.Save(1, "s1", own.version(), Guarantee.FSYNCED));
      hub.settle();

      RelayMessage.Fault fault = reader.hear(RelayMessage.Fault.class);
      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CHANGES);
      assertThat(fault.refusal().code()).isEqualTo(Codes.READ_ONLY);
      assertThat(fault.refusal().retryable()).isFalse();
      assertThat(fault.changes())
          .containsExactly(new RelayMessage.ChangeRange(own.replica(), 0, 4));
      RelayMessage.SaveRefused refused = reader.hear(RelayMessage.SaveRefused.class);
      assertThat(refused.id()).isEqualTo("s1");
      assertThat(refused.refusal().code()).isEqualTo(Codes.READ_ONLY);
      hub.advance(TIMES.writeBehind());
      assertThat(author.hearAll())
          .allSatisfy(each -> assertThat(each).isInstanceOf(RelayMessage.Durable.class));
      author.type(ada, ", reader");
      hub.settle();
      assertThat(reader.hear(RelayMessage.Edits.class).changes().isEmpty()).isFalse();
    }
  }

  @Test
  void shouldAnswerNothingWhenReaderSendsWhatIsKnown() {
    try (SteppedHub hub = hub()) {
      Line author = open(hub, Identity.ofWriter("ada"));
      Line reader = open(hub, of(Map.of("notes", DocumentAccess.READ)));
      author.type(ada, "hello");
      hub.settle();
      reader.hearAll();

      reader.say(edits(ada));
      hub.settle();

      reader.hearNothing();
    }
  }

  @Test
  void shouldRefuseChannelOnlyWhenClientMayNotRead() {
    try (SteppedHub hub = hub()) {
      Line line = admitted(hub, of(Map.of("notes", DocumentAccess.READ)));
      line.say(new ClientMessage.Open(1, "secrets", VersionVector.EMPTY));
      line.say(new ClientMessage.Open(2, "notes", VersionVector.EMPTY));
      hub.settle();

      RelayMessage.Fault fault = line.hear(RelayMessage.Fault.class);
      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CHANNEL);
      assertThat(fault.channel()).isEqualTo(1);
      assertThat(fault.refusal().code()).isEqualTo(Codes.UNAUTHORISED);
      RelayMessage.Opened opened = line.hear(RelayMessage.Opened.class);
      assertThat(opened.channel()).isEqualTo(2);
      assertThat(opened.access()).isEqualTo(RelayMessage.Access.READ);
      assertThat(hub.store.loads.get()).isEqualTo(1);
    }
  }

  @Test
  void shouldCloseChannelWhenRenewedTokenMayNotReadAnyMore() {
    try (SteppedHub hub = hub()) {
      Line author = open(hub, Identity.ofWriter("ada"));
      Line line = open(hub, Identity.ofWriter("ben"));
      line.say(new ClientMessage.Renew("t2"));
      door.answer("t2", of(Map.of()));
      hub.settle();

      RelayMessage.Fault fault = line.hear(RelayMessage.Fault.class);
      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CHANNEL);
      assertThat(fault.refusal().code()).isEqualTo(Codes.UNAUTHORISED);
      line.hear(RelayMessage.Welcome.class);
      author.type(ada, "secret");
      hub.settle();
      line.hearNothing();
      assertThat(line.closeStatus).isZero();
    }
  }

  @Test
  void shouldTellAccessAnewWhenRenewedTokenMayDoLessOrMore() throws Exception {
    try (SteppedHub hub = hub()) {
      Line author = open(hub, Identity.ofWriter("ada"));
      Line line = open(hub, Identity.ofWriter("ben"));
      author.type(ada, "hello");
      hub.settle();
      line.hearAll();
      // Edits that wait to be sent are not lost by it.
      line.stopTaking();
      author.type(ada, ", ben");
      hub.settle();
      author.type(ada, "!");
      hub.settle();

      line.say(new ClientMessage.Renew("t2"));
      door.answer("t2", of(Map.of("notes", DocumentAccess.READ)));
      hub.settle();
      line.take();
      hub.settle();

      TextDocument text = TextDocument.create(new ReplicaId(9));
      text.apply(ada.diff(VersionVector.EMPTY, version(1, 5)));
      text.apply(line.hear(RelayMessage.Edits.class).changes().bytes());
      line.hear(RelayMessage.Welcome.class);
      RelayMessage.Opened opened = line.hear(RelayMessage.Opened.class);
      if (!opened.changes().isEmpty()) {
        text.apply(opened.changes().bytes());
      }
      assertThat(opened.access()).isEqualTo(RelayMessage.Access.READ);
      assertThat(opened.vector()).isEqualTo(ada.version());
      assertThat(text.text()).isEqualTo("hello, ben!");

      line.say(new ClientMessage.Renew("t3"));
      door.answer("t3", Identity.ofWriter("ben"));
      hub.settle();
      assertThat(line.hear(RelayMessage.Opened.class).access())
          .isEqualTo(RelayMessage.Access.WRITE);
      // Nothing has changed by this one.
      line.hearAll();
      line.say(new ClientMessage.Renew("t4"));
      door.answer("t4", Identity.ofWriter("ben"));
      hub.settle();
      assertThat(line.hearAll()).hasSize(1);
    }
  }

  @Test
  void shouldFindOutAccessOnceForManyRenewals() {
    AtomicInteger asked = new AtomicInteger();
    Authenticator counting =
        (token, peer) ->
            CompletableFuture.completedFuture(
                new Identity(
                    "ada",
                    null,
                    document -> {
                      asked.incrementAndGet();
                      return token.equals("t9") ? DocumentAccess.READ : DocumentAccess.WRITE;
                    }));
    try (SteppedHub hub =
        new SteppedHub(directory, counting, RelayTimes.DEFAULT, RelayBounds.DEFAULT)) {
      Line line = hub.greet();
      for (int channel = 1; channel <= 3; channel++) {
        line.say(new ClientMessage.Open(channel, "doc" + channel, VersionVector.EMPTY));
      }
      hub.settle();
      line.hearAll();
      asked.set(0);

      for (int i = 0; i < 10; i++) {
        line.say(new ClientMessage.Renew("t" + i));
      }
      hub.settle();

      assertThat(asked).hasValue(3);
      assertThat(line.hearAll())
          .filteredOn(RelayMessage.Opened.class::isInstance)
          .hasSize(3)
          .allMatch(each -> ((RelayMessage.Opened) each).access() == RelayMessage.Access.READ);
    }
  }

  @Test
  void shouldDrainBehindWelcomeWhenTokenWasBeingChecked() {
    try (SteppedHub hub = hub()) {
      Line author = open(hub, Identity.ofWriter("ada"));
      Line line = hub.connect();
      hello(line, "t1");
      hub.holdWrites();
      author.type(ada, "not durable yet");
      var unused =
          hub.hub.drain(
              Duration.ofSeconds(5), new RelayMessage.Drain("Stopping.", 5_000, 0, 0, List.of()));
      hub.settle();
      door.answer("t1", Identity.ofWriter("ada"));

      assertThat(line.hearAll())
          .satisfiesExactly(
              welcome -> assertThat(welcome).isInstanceOf(RelayMessage.Welcome.class),
              drain -> assertThat(drain).isInstanceOf(RelayMessage.Drain.class));
    }
  }

  private SteppedHub hub() {
    return new SteppedHub(directory.resolve("a"), door, TIMES, RelayBounds.DEFAULT);
  }

  private Line admitted(SteppedHub hub, Identity identity) {
    Line line = hub.connect();
    hello(line, "t1");
    door.answer("t1", identity);
    line.hear(RelayMessage.Welcome.class);
    return line;
  }

  @Test
  @SuppressWarnings("NullAway") // Whoever says what a client may do need not be checked by it.
  void shouldAllowNothingWhereItIsNotSaidWhatIsAllowed() {
    AtomicInteger asked = new AtomicInteger();
    Identity careless =
        new Identity(
            "ada",
            null,
            document -> {
              asked.incrementAndGet();
              return document.value().equals("notes") ? DocumentAccess.WRITE : null;
            });
    try (SteppedHub hub = hub()) {
      Line line = open(hub, careless);
      // Before the document is fetched, and when the turn of Open has come.
      assertThat(asked).hasValue(2);

      line.say(new ClientMessage.Open(2, "other", VersionVector.EMPTY));
      hub.settle();

      assertThat(line.hear(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.UNAUTHORISED);
    }
  }

  private Line open(SteppedHub hub, Identity identity) {
    Line line = admitted(hub, identity);
    line.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
    hub.settle();
    line.hear(RelayMessage.Opened.class);
    return line;
  }

  private static void hello(Line line, String token) {
    line.say(new ClientMessage.Hello("test/1", token, Capabilities.NONE, ""));
  }

  private static Identity writer(Duration validFor) {
    return new Identity("ada", validFor, document -> DocumentAccess.WRITE);
  }

  private static Identity of(Map<String, DocumentAccess> access) {
    return new Identity(
        "ben", null, document -> access.getOrDefault(document.value(), DocumentAccess.NONE));
  }

  /** Lets time go on while the client says that it is there. */
  private static void stayAlive(SteppedHub hub, Line line, Duration by) {
    Duration left = by;
    while (left.compareTo(TIMES.heartbeat()) > 0) {
      line.say(new ClientMessage.Ping(1, 0, null));
      hub.advance(TIMES.heartbeat());
      left = left.minus(TIMES.heartbeat());
    }
    hub.advance(left);
    line.hearAll();
  }

  private static ClientMessage.Edits edits(TextDocument text) {
    return new ClientMessage.Edits(1, Payload.of(text.changesSince(VersionVector.EMPTY)), null);
  }

  private static VersionVector version(long replica, long events) {
    return new VersionVector.Builder().advance(new ReplicaId(replica), events).build();
  }
}
