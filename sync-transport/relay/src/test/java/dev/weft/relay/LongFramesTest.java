package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Frames;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the relay takes in it can give again, in frames that every client reads. */
class LongFramesTest {
  private static final int MAX_FRAME_BYTES = 100_000;

  /** What clients leave free beside their changes. */
  private static final int ENVELOPE_BYTES = 64;

  private static final int UPDATE_KIND = 1;

  @TempDir Path directory;

  private final TextDocument ada = TextDocument.create(new ReplicaId(1));
  private final RelayBounds bounds = new Tuning().maxFrameBytes(MAX_FRAME_BYTES).bounds();

  @Test
  void shouldGiveLongestChangesToWhoOpens() throws Exception {
    try (SteppedHub hub = new SteppedHub(directory, bounds)) {
      Line author = hub.open("notes");
      author.say(new ClientMessage.Edits(1, Texts.ofReplicas(5), null));
      author.type(ada, "hello");
      hub.settle();
      TextDocument some = ada.fork(new ReplicaId(2));
      typeLongest(author, "");
      // One that goes on from it, and is one with it where both are lacking.
      typeLongest(author, "\ud83d\ude00".repeat(1_000));
      hub.settle();
      assertThat(author.hearAll()).noneMatch(RelayMessage.Fault.class::isInstance);

      Line line = hub.greet();
      line.say(new ClientMessage.Open(1, "notes", some.version()));
      hub.settle();
      apply(line.hearAll(), some);

      TextDocument none = TextDocument.create(new ReplicaId(3));
      line = hub.greet();
      line.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      hub.settle();
      apply(line.hearAll(), none);
      assertThat(none.text()).isEqualTo(some.text()).contains(ada.text());
    }
  }

  @Test
  void shouldGiveLongestChangesToWhoWasSlow() throws Exception {
    try (SteppedHub hub = new SteppedHub(directory, bounds)) {
      Line author = hub.open("notes");
      Line slow = hub.open("notes");
      slow.stopTaking();
      slow.say(new ClientMessage.Ping(1, 0, null));
      for (int i = 0; i < 8; i++) {
        typeLongest(author, "");
        hub.settle();
      }

      slow.take();
      hub.settle();

      TextDocument text = TextDocument.create(new ReplicaId(3));
      apply(slow.hearAll(), text);
      assertThat(text.text()).isEqualTo(ada.text());
    }
  }

  @Test
  void shouldGiveNoSnapshotInEdits() {
    try (SteppedHub hub = new SteppedHub(directory, new Tuning().outboundBytes(500).bounds())) {
      Line author = hub.open("notes");
      Line slow = hub.open("notes");
      slow.stopTaking();
      slow.say(new ClientMessage.Ping(1, 0, null));
      for (int i = 0; i < 100; i++) {
        author.type(ada, "a line of some length, number " + i + "\n");
        hub.settle();
      }

      slow.take();
      hub.settle();

      byte[] update = slow.hear(RelayMessage.Edits.class).changes().bytes();
      assertThat(update[3]).isEqualTo((byte) UPDATE_KIND);
    }
  }

  @Test
  void shouldWriteVectorOfAllReplicasIntoAnyMessage() throws Exception {
    VersionVector.Builder builder = new VersionVector.Builder();
    for (int i = 0; i < RelayBounds.DEFAULT.document().maxReplicas(); i++) {
      builder.advance(new ReplicaId(i), Integer.MAX_VALUE);
    }
    VersionVector vector = builder.build();

    for (RelayMessage each :
        List.of(
            new RelayMessage.Durable(1, vector),
            new RelayMessage.Pong(1, 1, vector),
            new RelayMessage.Resend(1, vector))) {
      assertThat(Frames.decodeRelay(Frames.encode(each))).isEqualTo(each);
    }
    long beside = 3L * vector.toBytes().length;
    assertThat(beside).isLessThan(RelayBounds.DEFAULT.connection().maxFrameBytes() / 2 - 1_000);
  }

  @Test
  void shouldRefuseChangesOfOneReplicaTooMany() {
    try (SteppedHub hub = new SteppedHub(directory, new Tuning().replicas(10).bounds())) {
      Line author = hub.open("notes");
      author.say(new ClientMessage.Edits(1, Texts.ofReplicas(10), null));
      hub.settle();
      author.hearNothing();

      author.say(new ClientMessage.Edits(1, Texts.ofReplicas(9, 11), null));
      hub.settle();

      RelayMessage.Fault fault = author.hear(RelayMessage.Fault.class);
      assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CHANNEL);
      assertThat(fault.refusal().code()).isEqualTo(Codes.TOO_LARGE);
      assertThat(fault.refusal().reason()).startsWith("At most 10 replicas");
      assertThat(fault.changes()).hasSize(1);
    }
  }

  @Test
  void shouldRefuseStoredDocumentOfTooManyReplicas() {
    try (SteppedHub hub = new SteppedHub(directory, bounds)) {
      Line author = hub.open("notes");
      author.say(new ClientMessage.Edits(1, Texts.ofReplicas(11), null));
      hub.advance(Duration.ofSeconds(1));
    }
    try (SteppedHub hub = new SteppedHub(directory, new Tuning().replicas(10).bounds())) {
      Line line = hub.greet();
      line.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      hub.settle();

      assertThat(line.hear(RelayMessage.Fault.class).refusal().code()).isEqualTo(Codes.TOO_LARGE);
    }
  }

  /** Applies what was heard as it came, none of it longer than it may be. */
  private static void apply(List<RelayMessage> heard, TextDocument text) throws Exception {
    boolean more = true;
    for (RelayMessage each : heard) {
      assertThat(each).isNotInstanceOf(RelayMessage.Fault.class);
      assertThat(Frames.encode(each).length).isLessThanOrEqualTo(MAX_FRAME_BYTES);
      Payload changes = Payload.EMPTY;
      if (each instanceof RelayMessage.Opened opened) {
        changes = opened.changes();
        more = opened.more();
      } else if (each instanceof RelayMessage.Edits edits) {
        changes = edits.changes();
        more = edits.more();
      }
      if (!changes.isEmpty()) {
        assertThat(text.apply(changes.bytes()).isComplete()).isTrue();
      }
    }
    assertThat(more).isFalse();
  }

  /**
   * Types what begins so and becomes an update as long as the relay, and its clients, let it be.
   */
  private void typeLongest(Line line, String beginning) {
    int most = MAX_FRAME_BYTES - ENVELOPE_BYTES;
    TextDocument probe = ada.fork(new ReplicaId(2));
    probe.insert(probe.length(), beginning + Texts.noise(most / 2));
    int beside = probe.changesSince(ada.version()).length - most / 2;
    String typed = beginning + Texts.noise(most - beside - 48);
    VersionVector before = ada.version();
    line.type(ada, typed);
    assertThat(ada.changesSince(before).length).isBetween(most - 96, most);
  }
}
