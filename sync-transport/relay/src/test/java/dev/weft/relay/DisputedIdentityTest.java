package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long somebody is told to come again who goes on under the id of another. */
class DisputedIdentityTest {
  private static final Duration STEP = Duration.ofSeconds(6);

  @TempDir Path directory;

  private final TextDocument adas = TextDocument.create(new ReplicaId(0xa));
  private SteppedHub hub;
  private Line ada;
  private Line eve;
  private int channel;
  private DocumentAccess accessOfAda = DocumentAccess.WRITE;

  @BeforeEach
  void setUp() {
    hub =
        new SteppedHub(
            directory,
            (token, peer) ->
                CompletableFuture.completedFuture(
                    new Identity(
                        token,
                        null,
                        document -> token.equals("ada") ? accessOfAda : DocumentAccess.WRITE)),
            RelayTimes.DEFAULT,
            RelayBounds.DEFAULT);
    ada = connect("ada");
    ada.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY, 0, adas.replica()));
    eve = connect("eve");
    adas.insert(0, "not by Ada");
  }

  @AfterEach
  void tearDown() {
    hub.close();
  }

  private Line connect(String name) {
    Line line = hub.connect();
    line.say(new ClientMessage.Hello("test/1", name, Capabilities.NONE, ""));
    hub.settle();
    return line;
  }

  private void pass(Line... alive) {
    for (Line each : alive) {
      each.say(new ClientMessage.Ping(1, 0, null));
    }
    hub.advance(STEP);
    for (Line each : alive) {
      each.say(new ClientMessage.Ping(2, 0, null));
    }
    hub.settle();
  }

  private Refusal goOnUnderAdasId() {
    channel++;
    eve.say(new ClientMessage.Open(channel, "notes", VersionVector.EMPTY));
    eve.say(
        new ClientMessage.Edits(channel, Payload.of(adas.changesSince(VersionVector.EMPTY)), null));
    hub.settle();
    List<RelayMessage.Fault> faults =
        eve.hearAll().stream()
            .filter(RelayMessage.Fault.class::isInstance)
            .map(RelayMessage.Fault.class::cast)
            .toList();
    assertThat(faults).hasSize(1);
    return faults.get(0).refusal();
  }

  private static void assertForNow(Refusal refusal) {
    assertThat(refusal.code()).isEqualTo(Codes.FORGED_IDENTITY);
    assertThat(refusal.retryable()).isTrue();
  }

  @Test
  void shouldBeForGoodOnceTheWriterIsSurelyThere() {
    assertForNow(goOnUnderAdasId());
    pass(ada, eve);
    assertForNow(goOnUnderAdasId());
    pass(ada, eve);

    Refusal last = goOnUnderAdasId();
    assertThat(last.code()).isEqualTo(Codes.FORKED_IDENTITY);
    assertThat(last.retryable()).isFalse();
  }

  @Test
  void shouldBeForNowWhileTheWriterMayBeGone() {
    assertForNow(goOnUnderAdasId());
    pass(ada, eve);
    pass(eve);
    pass(eve);

    assertForNow(goOnUnderAdasId());
  }

  @Test
  void shouldBeginAnewWhenNobodyHasTriedForLong() {
    assertForNow(goOnUnderAdasId());
    for (int i = 0; i < 21; i++) {
      pass(ada, eve);
    }

    assertForNow(goOnUnderAdasId());
  }

  @Test
  void shouldEndWithTheWritersConnection() {
    assertForNow(goOnUnderAdasId());
    ada.vanish();
    hub.settle();
    assertTakenIn();
  }

  @Test
  void shouldEndWhenTheWriterMayWriteNoMore() {
    assertForNow(goOnUnderAdasId());
    accessOfAda = DocumentAccess.READ;
    hub.hub.admissions().recheck(null);
    pass(ada, eve);

    assertTakenIn();
  }

  private void assertTakenIn() {
    eve.hearAll();
    channel++;
    eve.say(new ClientMessage.Open(channel, "notes", VersionVector.EMPTY));
    eve.say(
        new ClientMessage.Edits(channel, Payload.of(adas.changesSince(VersionVector.EMPTY)), null));
    eve.say(new ClientMessage.Ping(9, channel, null));
    hub.settle();

    assertThat(eve.hear(RelayMessage.Pong.class).vector()).isEqualTo(adas.version());
  }
}
