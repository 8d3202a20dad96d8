package dev.weft.relay;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is counted and written of a document that grows from elsewhere, or is given up. */
class OpenDocumentTest {
  private static final RelayTimes TIMES = RelayTimes.DEFAULT;

  @RegisterExtension final Silence silence = Silence.of(OpenDocument.class);

  @TempDir Path directory;

  private final TextDocument ada = TextDocument.create(new ReplicaId(1));

  @Test
  void shouldCountWhatIsUnwrittenOnceWhenDocumentIsGivenUpDuringAWrite() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.open("notes");
      hub.holdWrites();
      line.type(ada, "a".repeat(10_000));
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
      line.type(ada, "first");
      hub.advance(TIMES.writeBehind());
      VersionVector submitted = ada.version();
      line.type(ada, "second");
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
        document.post(() -> requireNonNull(document.body()).announced(changes));
      }
      hub.settle();

      assertThat(requireNonNull(document.body()).version()).isEqualTo(ada.version());
      assertThat(hub.hub.load().documentBytes() - before).isGreaterThan(4L << 20);
    }
  }
}
