package dev.weft.relay;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Payload;
import dev.weft.store.DocumentId;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What connections that are gone have said and no worker has heard. */
class LeftBehindTest {
  private static final int EDIT_BYTES = 4_000;

  @TempDir Path directory;

  @Test
  void shouldKeepBoundedAmountOfWhatConnectionsThatAreGoneHaveSaid() {
    RelayBounds bounds = new Tuning().leftBytes(5 * EDIT_BYTES).bounds();
    try (SteppedHub hub = new SteppedHub(directory, bounds)) {
      // The document is not loaded meanwhile.
      for (int replica = 1; replica <= 20; replica++) {
        sayAndVanish(hub, replica);
      }
      hub.settle();
      assertThat(replicas(hub)).isBetween(2, 5);

      sayAndVanish(hub, 100);
      hub.settle();

      assertThat(version(hub).next(new ReplicaId(100))).isEqualTo(EDIT_BYTES);
    }
  }

  @Test
  void shouldCountWhatChannelsThatWereClosedHaveLeft() {
    RelayBounds bounds = new Tuning().leftBytes(5 * EDIT_BYTES).bounds();
    try (SteppedHub hub = new SteppedHub(directory, bounds)) {
      for (int replica = 1; replica <= 20; replica++) {
        Line line = say(hub, replica);
        line.say(new ClientMessage.Close(1));
        line.vanish();
      }
      hub.settle();

      assertThat(replicas(hub)).isBetween(2, 5);
    }
  }

  private static void sayAndVanish(SteppedHub hub, int replica) {
    say(hub, replica).vanish();
  }

  private static Line say(SteppedHub hub, int replica) {
    TextDocument text = TextDocument.create(new ReplicaId(replica));
    text.insert(0, Texts.noise(EDIT_BYTES));
    Line line = hub.connect();
    line.say(new ClientMessage.Hello("test/1", "", Capabilities.NONE, ""));
    line.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
    line.say(new ClientMessage.Edits(1, Payload.of(text.changesSince(VersionVector.EMPTY)), null));
    return line;
  }

  private static int replicas(SteppedHub hub) {
    return version(hub).size();
  }

  private static VersionVector version(SteppedHub hub) {
    return requireNonNull(requireNonNull(hub.hub.openDocument(new DocumentId("notes"))).body())
        .version();
  }
}
