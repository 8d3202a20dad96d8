package dev.weft.relay;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DocumentId;
import dev.weft.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Documents of the hub: read and given up, evicted, kept in snapshots, and too many. */
class HubDocumentsTest {
  private static final RelayTimes TIMES = new Tuning().times();

  @RegisterExtension final Silence silence = Silence.of(OpenDocument.class, WriteBehind.class);

  @TempDir Path directory;

  private final TextDocument ada = TextDocument.create(new ReplicaId(1));

  @Test
  void shouldReadDocumentAnewWhenItWasEvicted() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.open("notes");
      line.type(ada, "hello");
      hub.advance(TIMES.writeBehind());
      line.say(new ClientMessage.Close(1));
      hub.settle();
      assertThat(hub.store.loads.get()).isEqualTo(1);
      hub.advance(TIMES.idleDocument().minusMillis(1));
      Line second = hub.open("notes");
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
      Line line = hub.open("notes");
      Line other = hub.open("other");
      line.type(ada, "hello");
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
      Line line = hub.open("notes");
      OpenDocument document = requireNonNull(hub.hub.openDocument(new DocumentId("notes")));
      hub.holdWrites();
      line.type(ada, "hello");
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
      Line line = hub.open("notes");
      for (int i = 0; i < 3; i++) {
        line.type(ada, "a line of some length, number " + i + "\n");
        hub.advance(TIMES.writeBehind());

        assertThat(line.hear(RelayMessage.Durable.class).vector()).isEqualTo(ada.version());
      }
    }
  }

  /** It is short as bytes, and takes as long as the text is long. */
  @Test
  void shouldMakeFewerSnapshotsAsTheTextOfAHeldKeyGrows() {
    RelayBounds soon = new Tuning().snapshotTailBytes(1_000).bounds();
    try (SteppedHub hub = new SteppedHub(directory, soon)) {
      Line line = hub.open("notes");
      for (int i = 0; i < 200; i++) {
        line.type(ada, "x".repeat(1_000));
        hub.advance(TIMES.writeBehind());
      }

      // Each time the text has grown by a third: of 200,000 characters from 1,000 on.
      assertThat(hub.store.snapshots.get()).isBetween(12, 20);
    }
  }

  @Test
  void shouldRefuseDocumentWhenTooManyAreOpen() {
    RelayBounds one = new Tuning().documents(1).bounds();
    try (SteppedHub hub = new SteppedHub(directory, one)) {
      Line line = hub.open("notes");
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
        line.type(ada, channel, "hello");
        hub.advance(TIMES.writeBehind());
        line.say(new ClientMessage.Close(channel));
        hub.settle();
      }

      hub.open("notes");

      assertThat(hub.hub.openDocument(new DocumentId("doc1"))).isNull();
      assertThat(hub.hub.openDocument(new DocumentId("doc2"))).isNotNull();
    }
  }

  @Test
  void shouldNotLetUnusedDocumentMakeRoomBeforeItIsStored() {
    RelayBounds one = new Tuning().documents(1).bounds();
    try (SteppedHub hub = new SteppedHub(directory, one)) {
      Line line = hub.open("doc");
      hub.settle();
      hub.holdWrites();
      line.type(ada, "hello");
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
  void shouldWriteNothingOfADocumentThatWasOnlyLookedAt() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.open("unknown");
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
}
