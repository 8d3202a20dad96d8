package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Refusal;
import dev.weft.store.DocumentId;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClosingReportTest {
  private static final Path DIRECTORY = Path.of("notes");

  private static String report(Saves saves, @Nullable Refusal refusal) {
    VersionVector version = new VersionVector.Builder().advance(new ReplicaId(1), 3).build();
    return new ClosingReport(
            new DocumentId("minutes"),
            DIRECTORY,
            true,
            version,
            new SyncStatus(
                Connection.OFFLINE,
                "the text is closed",
                null,
                Freshness.FRESH,
                null,
                saves,
                null,
                refusal,
                Set.of(),
                "",
                0,
                0,
                3,
                3),
            null)
        .describe();
  }

  @Test
  void shouldSayThatWhatRelayLacksIsSentLater() {
    assertThat(report(Saves.UNSAVED, null))
        .startsWith("3 changes are not known to be saved on the relay; all of minutes is kept in")
        .endsWith("what the relay lacks is sent when it is opened again.");
  }

  /** To open it again is of no use then. */
  @Test
  void shouldNotPromiseToSendWhatRelayRefuses() {
    assertThat(report(Saves.REFUSED, new Refusal("read-only", "You may only read this.", false, 0)))
        .startsWith("3 changes are not known to be saved on the relay; all of minutes is kept in")
        .doesNotContain("when it is opened again")
        .endsWith("and the relay refuses what it lacks: You may only read this (read-only).");
  }
}
