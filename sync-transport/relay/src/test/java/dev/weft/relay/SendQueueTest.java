package dev.weft.relay;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits for a client that does not read. */
class SendQueueTest {
  private static final RelayTimes TIMES = new Tuning().times();
  private static final int OUTBOUND_BYTES = 4_000;
  private static final int REPLICAS = 500;

  @TempDir Path directory;

  private final TextDocument ada = TextDocument.create(new ReplicaId(1));
  private final RelayBounds bounds = new Tuning().outboundBytes(OUTBOUND_BYTES).bounds();

  @Test
  void shouldKeepFewPongsForWhoDoesNotRead() {
    try (SteppedHub hub = new SteppedHub(directory, bounds)) {
      hub.open("notes").say(new ClientMessage.Edits(1, Texts.ofReplicas(REPLICAS), null));
      hub.settle();
      Line slow = hub.open("notes");
      slow.stopTaking();
      int pings = 1_000;
      for (int i = 0; i < pings; i++) {
        slow.say(new ClientMessage.Ping(i, 1, null));
      }
      hub.settle();

      assertThat(slow.waitingBytes()).isLessThan(OUTBOUND_BYTES);

      slow.take();
      hub.settle();
      List<RelayMessage> heard = slow.hearAll();
      assertThat(heard).hasSizeLessThan(10);
      RelayMessage.Pong last = (RelayMessage.Pong) heard.get(heard.size() - 1);
      assertThat(last.nonce()).isEqualTo(pings - 1);
      assertThat(requireNonNull(last.vector()).size()).isEqualTo(REPLICAS);
    }
  }

  @Test
  void shouldKeepNoVectorForEachChannelOfWhoDoesNotRead() {
    try (SteppedHub hub = new SteppedHub(directory, bounds)) {
      hub.open("notes").say(new ClientMessage.Edits(1, Texts.ofReplicas(REPLICAS), null));
      hub.advance(TIMES.writeBehind());
      int channels = 200;
      Line slow = hub.greet();
      for (int channel = 1; channel <= channels; channel++) {
        slow.say(new ClientMessage.Open(channel, "notes", VersionVector.EMPTY));
        hub.settle();
      }
      slow.hearAll();
      // Its own, so that the other channels have all when the watermark comes.
      hub.holdWrites();
      slow.type(ada, channels, "x");
      hub.settle();
      slow.hearAll();
      slow.stopTaking();
      hub.releaseWrites();
      hub.advance(TIMES.writeBehind());

      assertThat(slow.waitingBytes()).isLessThan(100L * channels);

      slow.take();
      assertThat(slow.hearAll())
          .filteredOn(RelayMessage.Durable.class::isInstance)
          .hasSize(channels);
    }
  }

  @Test
  void shouldKeepNoVectorForEachChannelThatIsAskedAgain() {
    try (SteppedHub hub = new SteppedHub(directory, bounds)) {
      hub.open("notes").say(new ClientMessage.Edits(1, Texts.ofReplicas(REPLICAS), null));
      hub.settle();
      int channels = 100;
      Line slow = hub.greet();
      for (int channel = 1; channel <= channels; channel++) {
        slow.say(new ClientMessage.Open(channel, "notes", VersionVector.EMPTY));
        hub.settle();
      }
      slow.stopTaking();
      VersionVector notCome = VersionVector.of(new ReplicaId(1), 7);
      for (int channel = 1; channel <= channels; channel++) {
        slow.say(new ClientMessage.Edits(channel, Texts.ofReplicas(1), notCome));
      }
      hub.settle();

      assertThat(slow.waitingBytes()).isLessThan(100L * channels);
    }
  }

  @Test
  void shouldSendNothingBehindErrorOfConnection() {
    try (SteppedHub hub = new SteppedHub(directory, bounds)) {
      Line author = hub.open("notes");
      Line slow = hub.open("notes");
      slow.stopTaking();
      slow.say(new ClientMessage.Ping(1, 0, null));
      slow.say(new ClientMessage.Edits(7, Payload.EMPTY, null));
      hub.settle();
      for (int i = 0; i < 100; i++) {
        author.type(ada, "a line of some length, number " + i + "\n");
        hub.settle();
      }
      hub.advance(TIMES.writeBehind());

      slow.take();

      List<RelayMessage> heard = slow.hearAll();
      assertThat(heard).hasSize(2);
      assertThat(heard.get(1)).isInstanceOf(RelayMessage.Fault.class);
      assertThat(slow.closeStatus).isEqualTo(1002);
    }
  }

  @Test
  void shouldTellTruthInPongWhenChannelIsOpenedAnew() {
    try (SteppedHub hub = new SteppedHub(directory, bounds)) {
      Line author = hub.open("notes");
      Line slow = hub.open("notes");
      slow.stopTaking();
      slow.say(new ClientMessage.Ping(1, 0, null));
      author.type(ada, "waits");
      hub.settle();
      slow.say(new ClientMessage.Ping(5, 1, VersionVector.EMPTY));
      slow.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      hub.settle();

      slow.take();
      hub.settle();

      slow.hear(RelayMessage.Pong.class);
      assertThat(slow.hearAll())
          .satisfiesExactly(
              pong -> assertThat(pong).isEqualTo(new RelayMessage.Pong(5, 1, VersionVector.EMPTY)),
              opened -> assertThat(opened).isInstanceOf(RelayMessage.Opened.class));
    }
  }

  @Test
  void shouldNotOweClientWhatItSentItselfMeanwhile() throws MalformedUpdateException {
    try (SteppedHub hub = new SteppedHub(directory, bounds)) {
      Line author = hub.open("notes");
      Line slow = hub.open("notes");
      slow.stopTaking();
      slow.say(new ClientMessage.Ping(1, 0, null));
      for (int i = 0; i < 200; i++) {
        author.type(ada, "more than may wait for the slow one, line " + i + "\n");
        hub.settle();
      }
      TextDocument own = TextDocument.create(new ReplicaId(2));
      own.insert(0, "by the slow one");
      slow.say(new ClientMessage.Edits(1, Payload.of(own.changesSince(VersionVector.EMPTY)), null));
      hub.settle();

      slow.take();
      hub.settle();

      TextDocument sent = TextDocument.create(new ReplicaId(3));
      for (RelayMessage each : slow.hearAll()) {
        if (each instanceof RelayMessage.Edits edits) {
          sent.apply(edits.changes().bytes());
        }
      }
      assertThat(sent.text()).isEqualTo(ada.text());
    }
  }
}
