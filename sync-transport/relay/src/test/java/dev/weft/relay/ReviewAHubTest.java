package dev.weft.relay;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DocumentId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Suspected faults of the hub, step by step: each of these fails as long as it is there. */
class ReviewAHubTest {
  private static final RelayTimes TIMES = new Tuning().times();

  @RegisterExtension
  final Silence silence = Silence.of(OpenDocument.class, WriteBehind.class, StoreHealth.class);

  @TempDir Path directory;

  private final TextDocument ada = TextDocument.create(new ReplicaId(1));

  private void type(Line line, String typed) {
    VersionVector before = ada.version();
    ada.insert(ada.length(), typed);
    line.say(new ClientMessage.Edits(1, Payload.of(ada.changesSince(before)), null));
  }

  /** What an Open says of access was found out before the revocation, and is applied behind it. */
  @Test
  void shouldNotGiveBackAccessThatWasTakenWhileAnOpenWaited() {
    Doorkeeper door = new Doorkeeper();
    try (SteppedHub hub =
        new SteppedHub(directory, door, RelayTimes.DEFAULT, RelayBounds.DEFAULT)) {
      Line line = hub.connect();
      line.say(Polls.hello("t1"));
      door.answer("t1", Identity.ofWriter("ada"));
      line.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      hub.settle();
      line.hearAll();

      // A document whose worker is busy: nothing of it runs for now.
      line.say(new ClientMessage.Renew("t1"));
      door.answer("t1", Identity.ofWriter("ada"));
      line.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      List<Runnable> busy = new ArrayList<>(hub.workers);
      hub.workers.clear();
      hub.hub.admissions().recheck(null);
      hub.advance(Duration.ZERO);
      door.answer("t1", new Identity("ada", null, document -> DocumentAccess.READ));
      hub.workers.addAll(busy);
      hub.advance(Duration.ofSeconds(1));

      List<RelayMessage> heard = line.hearAll();
      type(line, "after the revocation");
      hub.advance(Duration.ofSeconds(5));
      assertThat(hub.store.version(new DocumentId("notes")).isEmpty())
          .as("what a reader writes is not stored; it was told %s", heard)
          .isTrue();
    }
  }

  @Test
  void shouldCountWhatIsUnwrittenOnceWhenDocumentIsGivenUpDuringAWrite() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.open("notes");
      hub.holdWrites();
      type(line, "a".repeat(10_000));
      hub.advance(TIMES.writeBehind());
      assertThat(hub.hub.load().unwrittenBytes()).isPositive();
      OpenDocument document = requireNonNull(hub.hub.openDocument(new DocumentId("notes")));
      document.readAnew(new IllegalStateException("a fork"));
      hub.settle();
      assertThat(hub.hub.load().unwrittenBytes()).isZero();

      hub.releaseWrites();
      hub.advance(Duration.ofSeconds(5));

      assertThat(hub.hub.load().unwrittenBytes()).isZero();
    }
  }

  /** It is a fork of what the store has; what it adds is stored on top of the other's. */
  @Test
  void shouldWriteNothingMoreOnceADocumentIsGivenUp() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.open("notes");
      hub.holdWrites();
      type(line, "first");
      hub.advance(TIMES.writeBehind());
      VersionVector submitted = ada.version();
      type(line, "second");
      hub.settle();
      OpenDocument document = requireNonNull(hub.hub.openDocument(new DocumentId("notes")));
      document.readAnew(new IllegalStateException("a fork"));
      hub.settle();

      hub.releaseWrites();
      hub.advance(Duration.ofSeconds(5));

      assertThat(hub.store.version(new DocumentId("notes"))).isEqualTo(submitted);
    }
  }

  /** As on a relay of a cluster whose clients only read. */
  @Test
  void shouldCountMemoryOfWhatOtherRelaysSend() throws Exception {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      hub.open("notes");
      OpenDocument document = requireNonNull(hub.hub.openDocument(new DocumentId("notes")));
      long before = hub.hub.load().documentBytes();
      for (int i = 0; i < 16; i++) {
        VersionVector had = ada.version();
        ada.insert(ada.length() / 2, "0123456789abcdef".repeat(16_384));
        List<Change> changes = Change.parse(ada.changesSince(had));
        document.post(() -> document.announced(changes));
      }
      hub.settle();

      assertThat(document.version()).isEqualTo(ada.version());
      assertThat(hub.hub.load().documentBytes() - before).isGreaterThan(4L << 20);
    }
  }
}
