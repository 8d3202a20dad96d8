package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a status says, and in which words. */
class SyncStatusTest {
  private static final ReplicaId OWN = new ReplicaId(1);
  private static final Refusal REFUSAL = Refusal.forGood(Codes.READ_ONLY, "you may only read");

  @Test
  void shouldSayLiveAndSavedWhenTheRelayHoldsAllDurably() {
    SyncStatus status = at(5, 5, 5, Connection.LIVE, "", false, null, Duration.ZERO);
    assertThat(status.saves()).isEqualTo(Saves.SAVED);
    assertThat(status.describe()).isEqualTo("live, saved on the relay (FSYNCED)");
  }

  @Test
  void shouldNotCallSavedWhereNothingIsWritten() {
    SyncStatus status = at(0, 0, 0, Connection.CONNECTING, "", false, null, null);
    assertThat(status.savedAs()).isNull();
    assertThat(status.describe()).isEqualTo("connecting, nothing to save");
  }

  @Test
  void shouldCountWhatIsUnsentAndUndurableByVectors() {
    SyncStatus status = at(9, 7, 5, Connection.LIVE, "", false, null, Duration.ZERO);
    assertThat(status.unsentChanges()).isEqualTo(2);
    assertThat(status.undurableChanges()).isEqualTo(4);
    assertThat(status.saves()).isEqualTo(Saves.UNSAVED);
    assertThat(status.savedAs()).isNull();
  }

  @Test
  void shouldSayWhatIsNotSavedYetWhenAllIsSent() {
    assertThat(at(6, 6, 5, Connection.LIVE, "", false, null, Duration.ZERO).describe())
        .isEqualTo("live, 1 change not saved yet");
  }

  @Test
  void shouldSaySavingOnlyWhenConnected() {
    assertThat(at(6, 6, 5, Connection.LIVE, "", true, null, Duration.ZERO).describe())
        .isEqualTo("live, saving");
    assertThat(at(6, 5, 5, Connection.OFFLINE, "gone", true, null, null).describe())
        .isEqualTo("offline (gone), a save waits for the relay, 1 change waiting on this device");
  }

  @Test
  void shouldSayHowFarBehindStaleTextMayBe() {
    SyncStatus status = at(5, 5, 5, Connection.LIVE, "", false, null, Duration.ofSeconds(7));
    assertThat(status.freshness()).isEqualTo(Freshness.STALE);
    assertThat(status.describe())
        .isEqualTo("live, stale: may be 7 s behind, saved on the relay (FSYNCED)");
  }

  @Test
  void shouldNeverSaySavedWhenSomethingIsRefused() {
    SyncStatus status = at(7, 5, 5, Connection.LIVE, "", false, REFUSAL, Duration.ZERO);
    assertThat(status.saves()).isEqualTo(Saves.REFUSED);
    assertThat(status.describe())
        .isEqualTo("live, not saved: you may only read (read-only), 2 changes kept on this device");
  }

  /** A reader whose token is taken back had nothing to save, so none of it is lost either. */
  @Test
  void shouldNotSpeakOfWhatIsNotSavedWhereNothingWaits() {
    assertThat(at(5, 5, 5, Connection.REFUSED, "no token", false, REFUSAL, null).describe())
        .isEqualTo("refused (no token), nothing waits to be saved");
    assertThat(at(5, 5, 5, Connection.LIVE, "", false, REFUSAL, Duration.ZERO).describe())
        .isEqualTo("live, nothing waits to be saved: you may only read (read-only)");
  }

  @Test
  void shouldSayWhatIsDegraded() {
    View view =
        new View(
            true,
            Connection.CATCHING_UP,
            "",
            false,
            null,
            Set.of(Degradation.THROTTLED, Degradation.STORE_UNAVAILABLE, Degradation.READ_ONLY),
            "the disk is full",
            0,
            version(5),
            version(3),
            version(3));
    assertThat(
            view.at(new LocalCopy.Standing(version(5), version(5)), null, Duration.ZERO, false)
                .describe())
        .isEqualTo(
            "catching up, saved on the relay (FSYNCED), read-only, slowed down by the relay, "
                + "2 changes not stored on this device (the disk is full)");
  }

  /** What the connection waits for may be told before the text knows that it is lost. */
  @Test
  void shouldTellOfNextAttemptOnlyWhenOffline() {
    for (Connection connection : Connection.values()) {
      View view =
          new View(
              true,
              connection,
              "",
              false,
              null,
              Set.of(),
              "",
              0,
              version(1),
              version(1),
              version(1));
      Duration soon = Duration.ofSeconds(3);
      assertThat(
              view.at(new LocalCopy.Standing(version(1), version(1)), soon, null, true)
                  .nextAttempt())
          .isEqualTo(connection == Connection.OFFLINE ? soon : null);
    }
  }

  private static SyncStatus at(
      long version,
      long taken,
      long durable,
      Connection connection,
      String reason,
      boolean saving,
      @Nullable Refusal refusal,
      @Nullable Duration sinceHeard) {
    return new View(
            true,
            connection,
            reason,
            saving,
            refusal,
            Set.of(),
            "",
            0,
            version(durable),
            version(version),
            version(version))
        .at(
            new LocalCopy.Standing(version(version), version(taken)),
            null,
            sinceHeard,
            sinceHeard == null || sinceHeard.toSeconds() > 5);
  }

  private static VersionVector version(long next) {
    return VersionVector.of(OWN, next);
  }
}
